from __future__ import annotations

from datetime import datetime

import pytest

from backend.infra.errors import Conflict, Invalid
from backend.infra.runtime import Runtime
from backend.links import codes, links
from backend.links.codes import ALPHABET, check_code, new_code
from backend.links.lookup import code_in
from tests.unit.links.make import make_brand, make_link


def test_a_new_code_is_seven_letters_that_nobody_mistakes_for_others() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 31
    assert not set("01lio") & set(ALPHABET)
    made = {new_code() for _ in range(500)}
    assert len(made) > 490
    assert all(len(code) == 7 and set(code) <= set(ALPHABET) for code in made)
    assert len(new_code(tries=5)) == 8


@pytest.mark.parametrize("code", ["a", "summer", "Summer-2026", "a_b", "x" * 64, "2026", "go-1"])
def test_a_chosen_code_is_kept_in_lower_case(code: str) -> None:
    assert check_code(code) == code.lower()
    assert code_in("/" + code) == code.lower()


@pytest.mark.parametrize(
    "code",
    ["", " ", "a b", "été", "раypal", "-a", "a-", "_a", "a_", "x" * 65, "a/b", "a.php", "wp-login.php", "robots.txt",
     "favicon.ico", ".well-known", "a+", "+", "-", "a%20b", "a?b", "a#b", "a\n", "api", "API", "Healthz", "metrics",
     "readyz", "ａｂｃ", "a\u200bb", "💡"],
)  # fmt: skip
def test_a_code_that_cannot_be_an_address_or_is_ours_is_refused(code: str) -> None:
    with pytest.raises(Invalid):
        check_code(code)


@pytest.mark.parametrize(
    "path", ["/", "", "/-/app", "/api/v1/me", "/healthz", "/readyz", "/robots.txt", "/favicon.ico", "/a/b", "/a.php",
             "/.env", "/a%20b", "/caf\xe9", "/API", "//a", "/" + "x" * 65]
)  # fmt: skip
def test_what_is_no_code_is_left_alone(path: str) -> None:
    assert code_in(path) is None


def test_a_taken_random_code_is_replaced_and_after_five_a_longer_one_is_taken(
    runtime: Runtime, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand = make_brand(runtime.db, at)
    make_link(runtime, brand, code="taken77")
    asked: list[int] = []

    def always_taken(tries: int = 0) -> str:
        asked.append(tries)
        return "taken77" if tries < codes.TRIES else "longer88"

    monkeypatch.setattr(links, "new_code", always_taken)
    assert make_link(runtime, brand).code == "longer88"
    assert asked == [0, 1, 2, 3, 4, 5]


def test_a_taken_chosen_code_is_a_conflict_in_any_case_and_even_when_its_link_was_put_away(
    runtime: Runtime, at: datetime
) -> None:
    brand = make_brand(runtime.db, at)
    first = make_link(runtime, brand, code="Menu")
    with pytest.raises(Conflict) as taken:
        make_link(runtime, brand, code="mENU")
    assert taken.value.code == "code_taken"
    with runtime.db.write() as session:
        links.remove_link(session, first.id, now=at)
    with pytest.raises(Conflict):
        make_link(runtime, brand, code="menu")
