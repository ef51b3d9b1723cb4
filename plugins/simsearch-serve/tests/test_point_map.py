"""The map of an index: where points are, how they are grouped, and what is kept."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from simsearch_serve.pages.neighbour_layout import LEAST, LayoutFailed, lay_out
from simsearch_serve.pages.point_map import FURTHEST, PointMap, make_map, read_map, version_of, write_map

from simsearch import Workspace
from tests.support.hashed_words import HashedWords, indexed

FILES = {
    f"docs/{folder}/{number}.md": f"---\nlanguage: {language}\n---\n{word} number {number} of the {folder}\n"
    for folder, word, language in (("ants", "ant", "en"), ("bees", "biene", "de"))
    for number in range(4)
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return indexed(tmp_path, FILES)


def mapped(workspace: Workspace, earlier: PointMap | None = None) -> PointMap:
    with closing(workspace.store.read()) as snapshot:
        return make_map(snapshot, earlier)


def test_points_are_where_the_principal_components_say(workspace: Workspace) -> None:
    made = mapped(workspace)
    with closing(workspace.store.read()) as snapshot:
        texts = [record.text for record in snapshot.chunks(made.chunks.tolist())]
    vectors = HashedWords().encode(texts).astype(np.float64)
    centred = vectors - vectors.mean(axis=0)
    left, lengths, _ = np.linalg.svd(centred, full_matrices=False)
    expected = left[:, :2] * lengths[:2]
    apart = np.linalg.norm(expected[:, None] - expected, axis=-1)
    places = made.places.astype(np.float64)
    shown = np.linalg.norm(places[:, None] - places, axis=-1)
    assert shown == pytest.approx(apart * shown.max() / apart.max(), abs=0.01 * shown.max())
    assert made.axes is not None and made.axes.share == pytest.approx(
        (lengths[:2] ** 2).sum() / (lengths**2).sum(), abs=0.01
    )
    assert (made.places.min(axis=0) >= 0).all() and made.places.max() == FURTHEST


def test_points_are_grouped_by_folder_and_field(workspace: Workspace) -> None:
    made = mapped(workspace)
    assert set(made.groupings) == {"path", "language"}
    for name, groups in (("path", {"docs/ants", "docs/bees"}), ("language", {"en", "de"})):
        assert set(made.groupings[name].names) == groups
        assert made.groupings[name].counts() == [4, 4, 0]


def test_a_map_is_kept_as_it_is(workspace: Workspace, tmp_path: Path) -> None:
    made, file = mapped(workspace), tmp_path / "map.npz"
    assert read_map(file) is None
    write_map(file, made)
    again = read_map(file)
    assert again is not None and again.version == made.version
    assert all(again.as_bytes(by) == made.as_bytes(by) for by in made.groupings)
    file.write_bytes(file.read_bytes()[:-200])
    assert read_map(file) is None


def test_it_is_renewed_with_the_index_and_keeps_its_axes(workspace: Workspace) -> None:
    first = mapped(workspace)
    (workspace.folder / "docs" / "ants" / "new.md").write_text("another ant of the ants\n")
    workspace.index(workspace.folder / "docs")
    with closing(workspace.store.read()) as snapshot:
        assert version_of(snapshot) != first.version
    later = mapped(workspace, first)
    assert len(later.chunks) == len(first.chunks) + 1
    assert later.axes and first.axes and np.array_equal(later.axes.directions, first.axes.directions)
    for number in range(9):
        (workspace.folder / "docs" / "bees" / f"more-{number}.md").write_text(f"many more bees: {number}\n")
    workspace.index(workspace.folder / "docs")
    assert not np.array_equal(mapped(workspace, first).axes.directions, first.axes.directions)


def test_an_index_of_one_passage_has_a_map(tmp_path: Path) -> None:
    made = mapped(indexed(tmp_path, {"one.txt": "only this"}))
    assert made.places.shape == (1, 2) and made.axes.share == 0
    assert made.groupings == {} and len(made.as_bytes("path")) == 4 + 9


@pytest.mark.slow
def test_umap_keeps_neighbours_together_and_is_kept(tmp_path: Path) -> None:
    ants, bees = (
        {f"docs/{name}/{i}.md": f"{name} {name} number {i}\n" for i in range(LEAST // 2)}
        for name in ("ants", "bees")
    )
    workspace, file = indexed(tmp_path, ants | bees), tmp_path / "map.npz"
    with closing(workspace.store.read()) as snapshot:
        made = make_map(snapshot, lay_out=lay_out)
    write_map(file, made)
    again = read_map(file)
    assert again is not None and again.axes is None and again.as_bytes("path") == made.as_bytes("path")
    places, groups = made.places.astype(np.float64), made.groupings["path"].numbers
    apart = np.linalg.norm(places[:, None] - places, axis=-1)
    np.fill_diagonal(apart, np.inf)
    assert (groups[apart.argmin(axis=1)] == groups).mean() > 0.95


def test_a_layout_that_fails_says_why() -> None:
    with pytest.raises(LayoutFailed, match="UMAP can't lay out the map: ValueError"):
        lay_out(np.full((LEAST, 4), np.nan, np.float32))
