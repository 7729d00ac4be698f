"""A list on a page, read by a recipe; a recipe, made from two clicks; days as people write them. No network."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.connectors.page.derive import Step, derive_recipe, is_made_up, locate
from backend.connectors.page.recipe import Recipe, bad_selectors, pick, read_page
from backend.connectors.page.times import read_time
from backend.connectors.page.tree import NotAPage, is_drawn_by_scripts, lines_of, parse_page
from tests.connectors.page.pages import SCRIPTS, TABLE, blog, reviews
from tests.connectors.page.ways import way_to

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
URL = "https://cafe.example/blog/"


def codes(reading: object) -> list[str]:
    return [one.code for one in reading.reasons]  # type: ignore[attr-defined]


def test_a_recipe_reads_each_part_of_each_item() -> None:
    recipe = Recipe("article.post", title="h2 a", date="time", author=".author", text=".summary")
    reading = read_page(parse_page(blog("Un", "Deux").encode()), recipe, URL, now=NOW)
    assert (reading.picked, reading.title, codes(reading)) == (2, "Le blog du café", [])
    first, second = reading.items
    assert (first.title, first.url, first.author) == ("Un", "https://cafe.example/actus/1", "Maud")
    assert first.text == "On en parle beaucoup dans le quartier, dit-on : Un."
    assert first.published_at == datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
    assert (second.language, second.external_id) == ("fr", "https://cafe.example/actus/2")


def test_the_item_alone_says_enough_for_title_and_link() -> None:
    for selector in ("article", "article h2", "h2 > a"):
        items = read_page(parse_page(blog("Un", "Deux").encode()), Recipe(selector), URL, now=NOW).items
        assert [(one.title, one.url) for one in items] == [
            ("Un", "https://cafe.example/actus/1"),
            ("Deux", "https://cafe.example/actus/2"),
        ], selector


def test_items_without_links_get_addresses_of_their_own() -> None:
    page = reviews(("Ann", "★", "Good coffee"), ("Bob", "★★", "Bad tea"))
    reading = read_page(parse_page(page.encode()), Recipe("section .row > div", text="p"), URL, now=NOW)
    assert codes(reading) == ["no_links"]
    assert len({one.url for one in reading.items}) == 2
    assert all(one.url.startswith(f"{URL}#entry-") for one in reading.items)
    again = read_page(parse_page(page.encode()), Recipe("section .row > div", text="p"), URL, now=NOW)
    assert [one.external_id for one in again.items] == [one.external_id for one in reading.items]


def test_relative_links_follow_the_base_and_wrappers_are_taken_off() -> None:
    page = (
        '<html><head><base href="https://other.example/x/"></head><body><ul><li><a href="a.html">One</a></li>'
        '<li><a href="https://www.google.com/url?q=https://cafe.example/b">Two</a></li>'
        '<li><a href="javascript:alert(1)">Three</a></li><li><a href="//[bad">Four</a></li></ul></body></html>'
    )
    items = read_page(parse_page(page.encode()), Recipe("li"), URL, now=NOW).items
    assert [one.url.partition("#")[0] for one in items] == [
        "https://other.example/x/a.html", "https://cafe.example/b", URL, URL,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("page", "recipe", "reason"),
    [
        (blog("Un"), Recipe("div.gone"), ("nothing_picked", "item")),
        (SCRIPTS, Recipe("article"), ("script_page", "")),
        ("<p>a <ul><li></li><li> </li></ul>", Recipe("li"), ("no_titles", "title")),
        (blog("Un"), Recipe("article", date=".author"), ("no_dates", "date")),
        (blog("Un"), Recipe("article[", title="h2"), ("bad_selector", "item")),
        (blog("Un"), Recipe("article", title="h2::before"), ("bad_selector", "title")),
    ],
)
def test_what_is_missing_says_why(page: str, recipe: Recipe, reason: tuple[str, str]) -> None:
    reading = read_page(parse_page(page.encode()), recipe, URL, now=NOW)
    assert [(one.code, one.part) for one in reading.reasons] == [reason]


def test_selectors_are_judged_before_they_are_kept() -> None:
    wrong = {"item": "li >", "title": "a" * 301, "link": "a:hover(", "date": ":not(" * 40, "author": "a;b"}
    assert set(bad_selectors(wrong)) == set(wrong)
    assert bad_selectors({"item": "main > ul li:nth-child(2n+1):not(.ad)", "title": "[itemprop='headline']"}) == {}


@pytest.mark.parametrize(
    ("body", "header"),
    [
        ("<title>Café</title>".encode(), "text/html; charset=utf-8"),
        ("<title>Café</title>".encode("latin-1"), "text/html; charset=iso-8859-1"),
        (b'<meta charset="windows-1252"><title>Caf\xe9</title>', "text/html"),
        (b"<title>Caf\xe9</title>", ""),
        (b"\xef\xbb\xbf" + "<title>Café</title>".encode(), "text/html; charset=latin-1"),
        ("\ufeff<title>Café</title>".encode("utf-16"), ""),
        ("<title>Café</title>".encode(), "text/html; charset=nonsense"),
    ],
)
def test_pages_are_read_in_their_charset(body: bytes, header: str) -> None:
    page = parse_page(body + b"<p>x</p>" if not body.startswith(b"\xff") else body, header)
    assert page.find(".//title").text.strip("\ufeff") == "Café"


@pytest.mark.parametrize("body", [b"", b"   ", b"\0\0", b"<!-- -->"])
def test_nothing_is_no_page(body: bytes) -> None:
    with pytest.raises(NotAPage):
        parse_page(body)
    with pytest.raises(NotAPage):
        parse_page(b"%PDF-1.7", "application/pdf")


def test_what_a_reader_sees() -> None:
    page = (
        "<body><script>var a</script><p>One <b>bold</b>\n word</p><div hidden>no</div><div style='display: none'>no"
        "</div>tail<br>next<table><tr><td>a<td>b</table><div class='google_ads_frame'>Buy!</div>"
        "<div id='cookie-banner'>We value…</div><noscript>no</noscript>end</body>"
    )
    tree = parse_page(page.encode())
    assert lines_of(tree, asides=False) == ["One bold word", "tail", "next", "a b", "end"]
    assert "Buy!" in lines_of(tree)
    assert is_drawn_by_scripts(parse_page(SCRIPTS.encode()))
    assert not is_drawn_by_scripts(parse_page(blog("Un").encode()))


def test_two_clicks_on_titles_make_a_recipe() -> None:
    tree = parse_page(blog("Un", "Deux", "Trois").encode())
    links = pick(tree, "h2 a")
    derived = derive_recipe(tree, way_to(links[0]), way_to(links[2]), URL, now=NOW)
    assert derived.recipe is not None
    assert derived.recipe.item == "article.post"
    assert "css-1q2w3e" not in str(derived.recipe)
    assert derived.recipe.date == "time[datetime]"
    items = read_page(tree, derived.recipe, URL, now=NOW).items
    assert [one.title for one in items] == ["Un", "Deux", "Trois"]
    assert [one.url for one in items] == [f"https://cafe.example/actus/{n}" for n in (1, 2, 3)]
    assert [one.author for one in items] == ["Maud"] * 3
    assert items[0].published_at == datetime(2026, 11, 19, 10, 0, tzinfo=UTC)


def test_the_recipe_goes_on_after_the_next_build_of_the_site() -> None:
    tree = parse_page(blog("Un", "Deux").encode())
    links = pick(tree, "h2 a")
    recipe = derive_recipe(tree, way_to(links[0]), way_to(links[1]), URL, now=NOW).recipe
    assert recipe is not None
    later = blog("Quatre", "Cinq", "Six").replace("css-1q2w3e", "css-9x8y7z").replace("mt-4", "mt-6")
    items = read_page(parse_page(later.encode()), recipe, URL, now=NOW).items
    assert [one.title for one in items] == ["Quatre", "Cinq", "Six"]


def test_cards_in_rows_are_all_found_by_what_lasts() -> None:
    said = [(f"Guest {n}", "★" * n, f"A visit worth telling, number {n}") for n in range(1, 6)]
    tree = parse_page(reviews(*said).encode())
    bodies = pick(tree, "p")
    for first, second in ((0, 1), (0, 4), (3, 2)):
        recipe = derive_recipe(tree, way_to(bodies[first]), way_to(bodies[second]), URL, now=NOW).recipe
        assert recipe is not None
        assert 'data-testid="review-body"' in recipe.title, recipe
        items = read_page(tree, recipe, URL, now=NOW).items
        assert [one.title for one in items] == [words for _, _, words in said], recipe


def test_rows_of_a_table_and_the_menu_is_left_alone() -> None:
    tree = parse_page(TABLE.encode())
    links = pick(tree, "td a")
    browser = way_to(links[0]), way_to(links[1])
    for way in browser:  # a browser puts a tbody between
        way.insert([step.tag for step in way].index("table") + 1, Step("tbody"))
    recipe = derive_recipe(tree, *browser, URL, now=NOW).recipe
    assert recipe is not None
    items = read_page(tree, recipe, URL, now=NOW).items
    assert [one.title for one in items] == ["Terrasses de la place", "Marché de Noël", "Circulation rue des Lilas"]
    menu = parse_page(blog("Un", "Deux").replace("article", "div").replace('class="post ', 'class="').encode())
    links = pick(menu, "h2 a")
    recipe = derive_recipe(menu, way_to(links[0]), way_to(links[1]), URL, now=NOW).recipe
    assert recipe is not None
    assert [one.title for one in read_page(menu, recipe, URL, now=NOW).items] == ["Un", "Deux"]


def test_clicks_that_say_nothing_say_so() -> None:
    tree = parse_page(blog("Un", "Deux").encode())
    one, other = (way_to(link) for link in pick(tree, "h2 a"))
    assert codes(derive_recipe(tree, one, one, URL, now=NOW)) == ["same_element"]
    assert codes(derive_recipe(tree, one, one[:-1], URL, now=NOW)) == ["inside_each_other"]
    menu = way_to(pick(tree, "footer p")[0])
    assert codes(derive_recipe(tree, one, menu, URL, now=NOW)) == ["nothing_alike"]
    assert codes(derive_recipe(parse_page(SCRIPTS.encode()), one, other, URL, now=NOW)) == ["script_page"]
    words = parse_page(f"<body><p>{'mot ' * 50}</p></body>".encode())
    assert codes(derive_recipe(words, one, other, URL, now=NOW)) == ["not_on_our_copy"]
    assert locate(words, one) is None


def test_names_made_by_tools_are_known() -> None:
    made = ("css-1q2w3e", "sc-bdVaJa", "bdVaJa", "a8f3k2", "Card_title__3xY2z", "jss42", "svelte-1a2b3c", "_3kXf9")
    written = ("post-title", "news-item", "card", "newsItem", "review_body", "h-entry", "col2", "article__title")
    assert [name for name in made if not is_made_up(name)] == ["jss42"]  # could be anything: it is short
    assert [name for name in written if is_made_up(name)] == []


@pytest.mark.parametrize(
    ("written", "language", "at"),
    [
        ("23 novembre 2026", "fr", "2026-11-23T12:00"),
        ("Publié le 1er déc. 2025 à 14h30", "fr", "2025-12-01T14:30"),
        ("November 3, 2026 4:05", "en", "2026-11-03T04:05"),
        ("2026-11-02", "", "2026-11-02T12:00"),
        ("2026-11-02T10:00:00+02:00", "", "2026-11-02T08:00"),
        ("il y a 3 heures", "fr", "2026-11-23T06:00"),
        ("5 min ago", "en", "2026-11-23T08:55"),
        ("hier à 18:20", "fr", "2026-11-22T18:20"),
        ("12/03/2026", "fr", "2026-03-12T12:00"),
        ("12/03/2026", "en", None),  # March or December
        ("25/12/2025", "en", "2025-12-25T12:00"),
        ("12/25/2025", "en", "2025-12-25T12:00"),
        ("31/02/2026", "fr", None),
        ("1 janvier 2030", "fr", None),
        ("30000-01-01", "", None),
        ("1234567890", "", None),
        ("Lire la suite", "fr", None),
        ("9" * 10_000, "", None),
    ],
)
def test_days_as_people_write_them(written: str, language: str, at: str | None) -> None:
    read = read_time(written, language=language, now=NOW)
    assert (read.strftime("%Y-%m-%dT%H:%M") if read else None) == at
