"""Log-ins do not cross a network in the clear: what `entregent up` and `web` refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.config import read_settings


@pytest.mark.parametrize("command", ["up", "web"])
@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "cafe.example"])
def test_listening_off_loopback_without_https_is_refused_before_anything_is_made(
    command: str, host: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    environ = {
        "ENTREGENT_DATA_DIR": str(data),
        "ENTREGENT_ADMIN_URL": "http://cafe.example",
        "ENTREGENT_ALLOW_HTTP": "",
    }
    done = CliRunner().invoke(main, [command, "--host", host], env=environ)
    assert done.exit_code != 0
    assert "ENTREGENT_ALLOW_HTTP" in done.output
    assert not data.exists()


@pytest.mark.parametrize(
    ("host", "loopback"), [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("::", False)]
)
def test_loopback_is_told_from_the_rest(host: str, loopback: bool) -> None:
    assert read_settings({"ENTREGENT_HOST": host, "HOME": "."}).is_loopback is loopback
