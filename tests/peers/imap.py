"""A real IMAP server (pymap) on loopback in a process of its own, with one mailbox; by STARTTLS, or behind real TLS."""

from __future__ import annotations

import contextlib
import imaplib
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.connectors.imap.client import quoted_folder
from tests.peers.mailbox import self_signed
from tests.waiting import wait_for

USER, PASSWORD = "maud@cafe.example", "lumière 1"


@dataclass
class ImapServer:
    """`url`: for STARTTLS; `tls_url`: TLS from the first byte."""

    port: int
    tls_port: int
    certificate: Path

    @property
    def url(self) -> str:
        return f"imap://127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"imaps://127.0.0.1:{self.tls_port}"

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    @contextmanager
    def mailbox(self) -> Iterator[imaplib.IMAP4]:
        """As the person whose mailbox it is."""
        imap = imaplib.IMAP4("127.0.0.1", self.port)
        imap.starttls(self.trust())
        imap.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        try:
            yield imap
        finally:
            imap.logout()

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        with self.mailbox() as imap:
            if folder != "INBOX":
                imap.create(quoted_folder(folder))
            for mail in mails:
                assert imap.append(quoted_folder(folder), "", None, mail)[0] == "OK"

    def flags(self, folder: str = "INBOX") -> bytes:
        with self.mailbox() as imap:
            imap.select(quoted_folder(folder), readonly=True)
            return b" ".join(part for part in imap.uid("FETCH", "1:*", "(FLAGS)")[1] if isinstance(part, bytes))

    def make_anew(self, folder: str) -> None:
        with self.mailbox() as imap:
            imap.delete(quoted_folder(folder))
            imap.create(quoted_folder(folder))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def imap_server(folder: Path) -> Iterator[ImapServer]:
    certificate, port = self_signed(folder), _free_port()
    command = [str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--cert", str(certificate), "--key", str(certificate)]
    command += ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: _answers(port), 60)
        with _tls_before(port, certificate) as tls_port:
            yield ImapServer(port, tls_port, certificate)
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def _tls_before(port: int, certificate: Path) -> Iterator[int]:
    """What ends TLS before a server that has none of its own at its first byte."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = socket.create_server(("127.0.0.1", 0))

    def pipe(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def serve(opened: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            opened,
            context.wrap_socket(opened, server_side=True) as outside,
            socket.create_connection(("127.0.0.1", port)) as inside,
        ):
            back = threading.Thread(target=pipe, args=(inside, outside), daemon=True)
            back.start()
            pipe(outside, inside)
            back.join(5)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                opened, _ = listening.accept()
                threading.Thread(target=serve, args=(opened,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
