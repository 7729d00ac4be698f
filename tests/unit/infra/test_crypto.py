from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from backend.infra.crypto import KEY_FILE, SecretUnreadable, open_vault


def test_a_secret_comes_back_and_is_not_readable_at_rest(tmp_path: Path) -> None:
    vault = open_vault("", tmp_path)
    sealed = vault.seal({"token": "s3cr3t"})
    assert "s3cr3t" not in sealed
    assert vault.open(sealed) == {"token": "s3cr3t"}
    assert open_vault("", tmp_path).open(sealed) == {"token": "s3cr3t"}


def test_the_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    open_vault("", tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_another_key_says_so_instead_of_giving_rubbish(tmp_path: Path) -> None:
    sealed = open_vault("one", tmp_path).seal({"a": "b"})
    with pytest.raises(SecretUnreadable):
        open_vault("two", tmp_path).open(sealed)


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    keys: set[bytes] = set()
    together = threading.Barrier(8)

    def start() -> None:
        together.wait()
        keys.add(open_vault("", tmp_path).key("x"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_each_purpose_has_a_key_of_its_own_and_a_signature_holds_for_one(tmp_path: Path) -> None:
    vault = open_vault("", tmp_path)
    assert vault.key("a") != vault.key("b")
    signature = vault.sign("file", "12")
    assert vault.signed("file", "12", signature)
    assert not vault.signed("file", "13", signature)
    assert not vault.signed("other", "12", signature)
