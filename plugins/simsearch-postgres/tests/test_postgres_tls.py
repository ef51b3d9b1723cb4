"""TLS as PGSSLMODE and PGSSLROOTCERT ask for it. The server of the wheel is built without TLS, so a proxy in front of
it ends TLS here, as a connection pooler would. What it shows was seen by hand on a server that is built with OpenSSL
(PostgreSQL 15.18)."""

from __future__ import annotations

import os
import select
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from simsearch.errors import StorageError
from simsearch.plugins.registry import Registry
from simsearch.storage.opening import StoreContext
from simsearch.storage.protocols import Store
from simsearch.testing.stores.examples import fill, view

SSL_REQUEST = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
"""What a client sends before it begins TLS (PostgreSQL's protocol, SSLRequest)."""


class Proxy(socketserver.ThreadingTCPServer):
    """Accepts TLS alone, and hands all on to a server's socket."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, context: ssl.SSLContext, server: str) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.context = context
        self.socket_of_server = server


class Session(socketserver.BaseRequestHandler):
    """One client's connection."""

    server: Proxy

    def handle(self) -> None:
        if self.request.recv(8) != SSL_REQUEST:
            return
        self.request.sendall(b"S")
        try:
            with (
                self.server.context.wrap_socket(self.request, server_side=True) as client,
                socket.socket(socket.AF_UNIX) as server,
            ):
                server.connect(self.server.socket_of_server)
                _pass_on(client, server)
        except OSError:
            pass  # the client doesn't trust the certificate, or is gone


def _pass_on(client: ssl.SSLSocket, server: socket.socket) -> None:
    while True:
        ready = [client] if client.pending() else select.select([client, server], [], [])[0]
        for source in ready:
            if not (data := source.recv(1 << 16)):
                return
            (server if source is client else client).sendall(data)


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def store(
    server: object, schema: str, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """A store that demands TLS with a certificate of the authority for `localhost`, which the proxy has."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "root.pem")
    with Proxy(context, f"{os.environ['PGHOST']}/.s.PGSQL.5432") as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        for variable, value in (
            ("PGHOST", "localhost"), ("PGHOSTADDR", "127.0.0.1"), ("PGPORT", str(proxy.server_address[1])),
            ("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", str(tmp_path / "root.pem")),
        ):  # fmt: skip
            monkeypatch.setenv(variable, value)
        yield Registry.load().store(f"postgres:schema={schema}").value(StoreContext(tmp_path))
        proxy.shutdown()


def test_an_index_is_written_and_read_over_tls(store: Store) -> None:
    fill(store)
    assert view(store).finished


def test_a_certificate_of_another_authority_is_refused_in_one_sentence(store: Store, tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "root.pem")
    _demand_refusal(store)


def test_a_certificate_for_another_name_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db.example.org")
    _demand_refusal(store)


def test_a_root_certificate_that_is_not_there_is_named_as_the_reason(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PGSSLROOTCERT", str(tmp_path / "none.pem"))
    _demand_refusal(store)


def _demand_refusal(store: Store) -> None:
    with pytest.raises(StorageError, match="certificate can't be verified; check PGSSLROOTCERT") as caught:
        store.exists()
    assert "\n" not in str(caught.value)
