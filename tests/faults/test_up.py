"""`entregent up` in real processes: starts, restarts, stops in time, leaves nobody behind, and says what is wrong."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from backend.api.streams import PING_EVERY_S
from tests.databases import free_port
from tests.e2e.server import alive, environment_for, running_server
from tests.waiting import wait_for


def run(data_dir: Path, *words: str, port: int | None = None, **extra: str) -> subprocess.CompletedProcess[bytes]:
    environment = environment_for(data_dir, port or free_port(), extra)
    return subprocess.run(
        [sys.executable, "-m", "backend", *words], env=environment, capture_output=True, timeout=60, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def ask_for_events(port: int, token: str) -> socket.socket:
    stream = socket.create_connection(("127.0.0.1", port), timeout=10)
    words = ["GET /api/v1/events HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {token}"]
    stream.sendall("\r\n".join([*words, "", ""]).encode())
    return stream


def test_ctrl_c_with_ten_open_event_streams_is_over_in_three_seconds(tmp_path: Path) -> None:
    with (
        running_server(tmp_path / "data", {"ENTREGENT_WEB_THREADS": "24"}, first_start=True) as server,
        ExitStack() as streams,
    ):
        token = server.token()
        for _ in range(10):
            stream = streams.enter_context(ask_for_events(server.port, token))
            assert b"200 OK" in stream.recv(4096)
        children = server.children()
        assert len(children) >= 3
        began = time.monotonic()
        assert server.stop() == 0
        others = max(1, os.getloadavg()[0] / (os.cpu_count() or 1))  # at work on this machine, for each of its cores
        assert time.monotonic() - began < 3 * others
        assert not [pid for pid in children if alive(pid)]


def test_streams_beyond_what_a_process_can_carry_are_told_to_poll(tmp_path: Path) -> None:
    with running_server(tmp_path / "data", {"ENTREGENT_WEB_THREADS": "4", "ENTREGENT_WEB_WORKERS": "1"}) as server:
        token = server.token()
        answers = []
        open_ones = []
        for _ in range(4):
            stream = ask_for_events(server.port, token)
            answers.append(stream.recv(4096).split(b"\r\n")[0])
            open_ones.append(stream)
        assert [b"200" in answer for answer in answers] == [True, True, False, False]
        assert b"503" in answers[2]
        assert server.call("GET", "/me", token=token)["server"], "ordinary requests still get through"
        for stream in open_ones:
            stream.close()

        def is_carried() -> bool:
            with ask_for_events(server.port, token) as stream:
                return b"200" in stream.recv(4096).split(b"\r\n")[0]

        # Long before the next sign of life would have told that they are gone.
        wait_for(is_carried, PING_EVERY_S / 2)


def test_a_lost_parent_leaves_no_orphan(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        children = server.children()
        server.process.kill()
        server.process.wait()
        wait_for(lambda: not [pid for pid in children if alive(pid)], 10)


def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        before = server.children()
        for pid in before:
            os.kill(pid, signal.SIGKILL)

        def answers() -> bool:
            try:
                return bool(urllib.request.urlopen(server.base + "/healthz", timeout=2).status == 200)
            except OSError:
                return False

        wait_for(answers, 15)
        assert not set(before) & set(server.children())


def test_ready_means_a_worker_was_seen(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:

        def ready() -> bool:
            try:
                return bool(urllib.request.urlopen(server.base + "/readyz", timeout=2).status == 200)
            except OSError:
                return False

        wait_for(ready, 10)


def test_a_taken_port_is_named_with_its_holder_and_a_free_one(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        refused = run(tmp_path, "up", port=port)
    words = refused.stderr.decode()
    assert refused.returncode != 0
    assert f"Port {port}" in words
    assert f"process {os.getpid()}" in words
    assert "--port" in words


def test_a_second_start_on_the_same_data_says_so(tmp_path: Path) -> None:
    with running_server(tmp_path / "data"):
        second = run(tmp_path / "data", "up")
        assert second.returncode != 0
        assert b"runs already" in second.stderr


@pytest.mark.skipif(os.getuid() == 0 and not Path("/proc").exists(), reason="needs a folder that root cannot write")
def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    # /proc refuses even root
    refused = run(Path("/proc/entregent") if os.getuid() == 0 else tmp_path / "locked", "up")
    assert refused.returncode != 0
    assert b"cannot be written" in refused.stderr
    assert b"ENTREGENT_DATA_DIR" in refused.stderr


def test_a_database_newer_than_the_program_is_left_alone(tmp_path: Path) -> None:
    assert run(tmp_path, "token", "create", "x").returncode == 0
    with closing(sqlite3.connect(tmp_path / "entregent.sqlite3")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
    before = (tmp_path / "entregent.sqlite3").read_bytes()
    refused = run(tmp_path, "up")
    assert refused.returncode != 0
    assert b"newer Entregent" in refused.stderr
    assert (tmp_path / "entregent.sqlite3").read_bytes() == before


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    refused = run(tmp_path, "up", ENTREGENT_LEASE_S="soon")
    assert refused.returncode != 0
    assert b"ENTREGENT_LEASE_S" in refused.stderr


def test_a_token_is_printed_alone_and_a_viewer_may_only_read(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        token = server.token("viewer")
        assert "\n" not in token
        assert server.call("GET", "/me", token=token)["device"]["name"] == "tests"
        with pytest.raises(AssertionError, match="403"):
            server.call("POST", "/brands", {"name": "x"}, token=token)


def test_a_foreign_host_is_refused_before_anything_else(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        for host in ("evil.example", "127.0.0.1.evil.example", "169.254.169.254", ""):
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as stream:
                stream.sendall(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                assert b" 421 " in stream.recv(4096).split(b"\r\n")[0] + b" " or host == ""


def test_a_copy_can_be_put_back_and_what_was_there_is_set_aside(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_server(data) as server:
        token = server.token()
        server.call("POST", "/brands", {"name": "Before"}, token=token)
        server.command("backup", str(tmp_path / "copy.zip"))
        server.call("POST", "/brands", {"name": "After"}, token=token)
        refused = run(data, "restore", str(tmp_path / "copy.zip"))
        assert b"stop it first" in refused.stderr
    done = run(data, "restore", str(tmp_path / "copy.zip"))
    assert done.returncode == 0, done.stderr
    with running_server(data) as server:
        names = [brand["name"] for brand in server.call("GET", "/brands", token=token)["items"]]
        assert names == ["Before"]
    assert list((data / "backups").glob("before-restore-*/entregent.sqlite3"))


def test_a_damaged_copy_changes_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "token", "create", "x").returncode == 0
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 nonsense")
    before = (tmp_path / "entregent.sqlite3").read_bytes()
    assert run(tmp_path, "restore", str(tmp_path / "broken.zip")).returncode != 0
    assert (tmp_path / "entregent.sqlite3").read_bytes() == before
