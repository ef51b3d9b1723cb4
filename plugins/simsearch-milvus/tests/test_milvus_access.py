"""Who writes, what snapshots see of it, what a lost server does, and that no token is ever shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from simsearch_milvus.connecting import Server
from simsearch_milvus.state import read_state
from simsearch_milvus.texts import PIECE

from simsearch.errors import InputError, NoIndex, OtherFormat, SimsearchError, StorageError, WorkspaceLocked
from simsearch.plugins.registry import Registry
from simsearch.storage.opening import StoreContext
from simsearch.storage.protocols import Store
from simsearch.testing.stores.examples import (
    ANIMALS,
    MODEL,
    OTHER,
    dense,
    fill,
    identity,
    lexical,
    put,
    view,
)
from simsearch.types import Document
from tests.support.milvus_server import running_milvus

SECRET = "pw-7f3a-never-shown"


def open_store(spec: str) -> Store:
    return Registry.load().store(spec).value(StoreContext(Path("unused")))


@pytest.fixture
def store(name: str) -> Store:
    return open_store(f"milvus:name={name}")


def test_a_second_writer_hears_who_holds_the_lease(store: Store) -> None:
    with store.write(identity()), pytest.raises(WorkspaceLocked, match=f"Process {os.getpid()} on "):
        store.write(identity())


def test_of_several_that_begin_an_index_at_once_at_most_one_writes(store: Store) -> None:
    start, writing, seen, errors = threading.Barrier(3), [], [], []

    def write() -> None:
        start.wait()
        try:
            with store.write(identity()) as writer:
                writing.append(writer)
                seen.append(len(writing))
                put(writer, "docs/a.md", "the red fox")
                writer.finish()
                writing.pop()
        except SimsearchError as error:
            errors.append(error)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(error, WorkspaceLocked) for error in errors), errors
    assert set(seen) <= {1}
    fill(store)  # none is left that keeps others out
    assert view(store).finished


def test_a_lost_server_is_one_sentence_and_the_old_index_answers_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_milvus(tmp_path / "data") as server:
        monkeypatch.setenv("MILVUS_URI", server.address)
        store = open_store("milvus:lease=1")
        fill(store)
        before = view(store)
        with closing(store.read()) as snapshot, store.write(identity()) as writer:
            put(writer, "docs/new.md", "some news")
            server.process.kill()
            server.process.wait()
            for use in (writer.commit, lambda: dense(snapshot, "fox"), store.read):
                with pytest.raises(StorageError, match=r"can't be reached.*run the command again") as caught:
                    use()
                assert "\n" not in str(caught.value)
    with running_milvus(tmp_path / "data", server.port):
        assert view(store) == before


def test_a_writer_that_lost_its_lease_writes_no_more(name: str) -> None:
    store = open_store(f"milvus:name={name}")
    fill(store)
    before = view(store)
    connection = Server(name).connect()
    with store.write(identity()) as writer:
        put(writer, "docs/new.md", "some news")
        connection.delete(f"{name}__writers", "number >= 0")  # as one does that finds the lease over
        with pytest.raises(StorageError, match="could not renew its right to write"):
            writer.commit()
    assert view(store) == before
    connection.close()


def test_a_snapshot_that_is_too_old_says_so(name: str) -> None:
    store = open_store(f"milvus:name={name},keep=0")
    fill(store)
    with closing(store.read()) as snapshot:
        assert len(dense(snapshot, "red fox")) == 6
        with store.write(identity()) as writer:
            writer.remove(list(ANIMALS)[:1])
            writer.finish()
        with pytest.raises(StorageError, match="older than 0 seconds"):
            dense(snapshot, "red fox")


def test_what_nobody_sees_any_more_is_deleted(name: str) -> None:
    store = open_store(f"milvus:name={name},keep=0")
    fill(store)
    with store.write(identity()) as writer:
        writer.remove(list(ANIMALS)[:1])
        writer.finish()
    connection = Server(name).connect()
    assert connection.count(f"{name}__1__chunks", "") == view(store).counts[2]
    fresh = open_store(f"milvus:name={name}fresh")
    fill(fresh, dict(list(ANIMALS.items())[1:]))
    for part in ("records", "lookup"):  # but for what counts terms
        condition = "kind != 6"
        assert connection.count(f"{name}__1__{part}", condition) == connection.count(
            f"{name}fresh__1__{part}", condition
        )
    fill(store, model=OTHER)
    assert sorted(connection.collections()) == sorted(
        f"{name}__{part}"
        for part in ("state", "writers", "2__chunks", "2__records", "2__lookup", f"vectors__{_model(name)}")
    )
    connection.close()


def test_long_texts_names_and_many_values_come_back(store: Store) -> None:
    text = "日本\U0001f98a fox " * (PIECE // 4) + ". one owl."
    metadata = {"long": "é" * 2 * PIECE, "many": [f"value {number}" for number in range(3000)]}
    document = Document(text, "", "a title " * (PIECE // 4), metadata=metadata, notices=("one", "two"))
    with store.write(identity()) as writer:
        put(writer, "docs/long.md", document)
        put(writer, "docs/one.md", "x" * 3 * PIECE)
        writer.finish()
    with closing(store.read()) as snapshot:
        assert snapshot.documents("docs/long.md") == [document]
        assert [
            record.text for record in snapshot.chunks(snapshot.search_words("x" * 20, 1).chunks.tolist())
        ] == []
        ((path, _, found), _) = lexical(snapshot, "owl")[0]
        assert (path, found) == ("docs/long.md", "one owl")
        assert snapshot.documents("docs/one.md")[0].text == "x" * 3 * PIECE


def test_terms_are_summed_up_and_weights_renewed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simsearch_milvus.words.upkeep.FEW_TERMS", 0)
    with store.write(identity()) as writer:
        put(writer, "docs/short.md", "fox")
        writer.finish()
    long = " ".join(f"word{number}" for number in range(300))
    with store.write(identity()) as writer:
        put(writer, "docs/long.md", f"{long} fox")
        writer.finish()
    with closing(store.read()) as snapshot:
        assert [place[0] for place, _ in lexical(snapshot, "fox")] == ["docs/short.md", "docs/long.md"]
        assert lexical(snapshot, "fox", 1) == lexical(snapshot, "fox")[:1]
    with store.write(identity()) as writer:
        writer.remove(["docs/long.md"])
        put(writer, "docs/other.md", "an owl")
        writer.finish()
    with closing(store.read()) as snapshot:
        assert lexical(snapshot, "word7") == []
        assert len(lexical(snapshot, "owl fox")) == 2


def test_indexes_of_one_database_are_apart(name: str) -> None:
    one, other = open_store(f"milvus:name={name}"), open_store(f"milvus:name={name}_b")
    fill(one)
    assert not other.exists()
    fill(other, {"docs/a.md": "another"})
    one.remove()  # type: ignore[attr-defined]
    with pytest.raises(NoIndex), closing(one.read()):
        pass
    assert view(other).counts[0] == 1


def test_another_format_is_refused_with_what_to_do(store: Store, name: str) -> None:
    fill(store)
    connection = Server(name).connect()
    connection.put(f"{name}__state", [{"number": 0, "dense": [0.0, 0.0], "text": json.dumps({"format": 99})}])
    connection.close()
    for use in (store.read, lambda: store.write(identity())):
        with pytest.raises(OtherFormat, match="update simsearch-milvus"):
            use()


def test_no_message_shows_a_token(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MILVUS_TOKEN", f"root:{SECRET}")
    monkeypatch.setenv("MILVUS_URI", f"http://root:{SECRET}@127.0.0.1:1")
    with pytest.raises(StorageError, match="can't be reached") as caught:
        open_store(f"milvus:name={name}").exists()
    error = caught.value
    assert SECRET not in f"{error} {error!r} {vars(error)}"
    assert (error.__cause__, error.__context__) == (None, None)  # pymilvus makes errors that cause themselves
    assert SECRET not in "".join(capfd.readouterr())


def test_a_token_comes_from_a_file_and_from_nothing_that_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILVUS_TOKEN_FILE", str(tmp_path / "missing"))
    with pytest.raises(InputError, match=r"MILVUS_TOKEN_FILE names .*missing, which can't be read"):
        open_store("milvus").exists()
    with pytest.raises(InputError, match="hold no user or password"):
        open_store(f"milvus:uri=http://root:{SECRET}@localhost:19530")


def test_status_shows_no_token(server: str, name: str, tmp_path: Path) -> None:
    fill(open_store(f"milvus:name={name}"))
    (tmp_path / "simsearch.toml").write_text(f'[index]\nstore = "milvus:name={name}"\n')
    token = tmp_path / "token"
    token.write_text(f"root:{SECRET}\n")
    done = subprocess.run(
        [sys.executable, "-m", "simsearch", "status", "--format", "json", "--debug"],
        cwd=tmp_path, env={**os.environ, "MILVUS_TOKEN_FILE": str(token)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    token.unlink()
    assert json.loads(done.stdout)["index"]["files"] == len(ANIMALS)
    assert SECRET not in done.stdout + done.stderr
    assert all(SECRET not in path.read_text("latin-1") for path in tmp_path.rglob("*") if path.is_file())


def _model(name: str) -> str:
    connection = Server(name).connect()
    state = read_state(connection)
    connection.close()
    assert state.active is not None and state.active.identity == identity(OTHER)
    assert MODEL.fingerprint != OTHER.fingerprint
    return state.active.model
