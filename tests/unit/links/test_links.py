from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from backend.infra.changes import read_changes
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.runtime import Runtime
from backend.links import links as domain
from backend.links.links import change_link, clean_url, list_links, remove_link, restore_link, shorten_in_text
from backend.links.public_address import adopt_setting
from tests.unit.links.make import make_brand, make_link

LONG = "https://example.org/" + "a" * 7980


def prove_address(runtime: Runtime, url: str = "https://lum.example") -> None:
    with runtime.db.write() as session:
        adopt_setting(session, url).proved_at = runtime.clock()


@pytest.mark.parametrize("url", ["https://example.org/%7Ea?b=%20+#é", "http://раypal.com/☕", LONG])
def test_a_target_is_stored_byte_for_byte(runtime: Runtime, at: datetime, url: str) -> None:
    brand = make_brand(runtime.db, at)
    made = make_link(runtime, brand, url)
    with runtime.db.read() as session:
        assert domain.get_link(session, made.id).url == url
        assert [link.id for link in list_links(session, [brand], url=url)] == [made.id]


def test_a_link_without_utm_takes_the_brands_and_one_with_none_takes_none(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime.db, at, utm={"source": "{network}", "medium": "social", "campaign": "noël"})
    assert clean_url(make_link(runtime, brand)) == ("https://example.org/menu?utm_medium=social&utm_campaign=no%C3%ABl")
    assert clean_url(make_link(runtime, brand, utm={})) == "https://example.org/menu"
    assert clean_url(make_link(runtime, brand, utm={"utm_source": "x"})) == "https://example.org/menu?utm_source=x"


def test_every_check_is_made_again_at_a_change(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime.db, at)
    made = make_link(runtime, brand)
    prove_address(runtime)
    for values in (
        {"url": "javascript:alert(1)"},
        {"url": "http://127.0.0.1/"},
        {"url": "https://lum.example/x"},
        {"url": "https://app.example/"},
        {"fallback_url": "https://lum.example/x"},
        {"status_code": 200},
        {"max_clicks": 0},
        {"tags": ["x" * 61]},
        {"utm": {"x": "y"}},
    ):
        with pytest.raises(Invalid), runtime.db.write() as session:
            change_link(session, made.id, values, version=1, own_hosts={"app.example"}, now=at)
    with runtime.db.read() as session:
        assert domain.get_link(session, made.id).version == 1


def test_a_change_needs_the_version_last_read_and_is_told(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime.db, at)
    made = make_link(runtime, brand)
    with runtime.db.write() as session:
        changed = change_link(session, made.id, {"url": "https://example.org/b", "title": " A  b "}, version=1, now=at)
        assert (changed.version, changed.title, changed.code) == (2, "A b", made.code)
    with pytest.raises(Conflict), runtime.db.write() as session:
        change_link(session, made.id, {"title": "x"}, version=1, now=at)
    with runtime.db.read() as session:
        told = [(c.kind, c.ref) for c in read_changes(session, after=0)[0] if c.kind.startswith("link")]
    assert told == [("link.changed", str(made.id))] * 2


def test_a_link_put_away_is_not_listed_and_comes_back(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime.db, at)
    made = make_link(runtime, brand)
    with runtime.db.write() as session:
        remove_link(session, made.id, now=at)
    with runtime.db.read() as session:
        assert list_links(session, [brand]) == []
        with pytest.raises(NotFound):
            domain.get_link(session, made.id)
    with runtime.db.write() as session:
        restore_link(session, made.id, now=at)
    with runtime.db.read() as session:
        assert [link.id for link in list_links(session, [brand])] == [made.id]


def test_lists_are_newest_first_by_page_by_tag_and_by_text(runtime: Runtime, at: datetime) -> None:
    brand, other = make_brand(runtime.db, at), make_brand(runtime.db, at, name="Other")
    made = [
        make_link(runtime, brand, f"https://example.org/{n}", tags=["even"] if n % 2 == 0 else []) for n in range(6)
    ]
    make_link(runtime, other, "https://example.org/3", title="100 %_off")
    ids = [link.id for link in made]
    with runtime.db.read() as session:
        first = list_links(session, [brand], limit=4)
        assert [link.id for link in first] == ids[::-1][:4]
        assert [link.id for link in list_links(session, [brand], before_id=first[-1].id, limit=4)] == ids[::-1][4:]
        assert [link.id for link in list_links(session, [brand], tag="even")] == [ids[4], ids[2], ids[0]]
        assert [link.id for link in list_links(session, [brand], text="ORG/3")] == [ids[3]]
        assert len(list_links(session, [brand, other], text="%_")) == 1
        assert len(list_links(session, [brand, other], url="https://example.org/3")) == 2


def test_a_text_gets_clean_addresses_until_the_public_address_is_proved(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime.db, at, utm={"medium": "social"})
    text = "Menu : https://example.org/menu. (https://example.org/a_(b)) http://127.0.0.1/x https://u@example.org/"
    with runtime.db.write() as session:
        assert shorten_in_text(session, brand, text, now=at) == (
            "Menu : https://example.org/menu?utm_medium=social. (https://example.org/a_(b)?utm_medium=social) "
            "http://127.0.0.1/x https://u@example.org/"
        )
        assert list_links(session, [brand]) == []


def test_a_text_gets_short_links_and_the_same_address_the_same_one(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime.db, at)
    prove_address(runtime)
    text = "Voir https://example.org/a, https://example.org/b?x=1 et «https://example.org/a» !"
    with runtime.db.write() as session:
        short = shorten_in_text(session, brand, text, now=at)
        found = {link.url: link.code for link in list_links(session, [brand])}
        a, b = found["https://example.org/a"], found["https://example.org/b?x=1"]
        assert short == f"Voir https://lum.example/{a}, https://lum.example/{b} et «https://lum.example/{a}» !"
        assert shorten_in_text(session, brand, text, now=at + timedelta(days=1)) == short
        assert shorten_in_text(session, brand, short, now=at) == short
        assert len(list_links(session, [brand])) == 2


def test_a_link_that_ends_is_not_what_a_text_gets(runtime: Runtime, at: datetime) -> None:
    brand = make_brand(runtime.db, at)
    prove_address(runtime)
    ending = make_link(runtime, brand, max_clicks=3)
    with runtime.db.write() as session:
        assert ending.code not in shorten_in_text(session, brand, "https://example.org/menu", now=at)
