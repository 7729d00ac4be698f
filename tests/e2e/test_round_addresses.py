"""Whether a tab shows the page of a round, whatever a site makes of its address; and what a query is elsewhere."""

from __future__ import annotations

from tests.e2e.test_work_parts import call

IG = "https://www.instagram.com/cafelumiere/"
SEARCH = "https://www.linkedin.com/search/results/content/?keywords=caf%C3%A9&sortBy=%22date_posted%22"
MAPS = "https://www.google.com/maps/search/Caf%C3%A9"
SAME = [
    (IG, IG),
    (IG, "https://instagram.com/cafelumiere?hl=fr"),
    (IG, "https://m.instagram.com/CafeLumiere/#top"),
    (IG, "https://www.instagram.com/cafelumiere/tagged/"),
    (SEARCH, SEARCH + "&origin=GLOBAL"),
    (SEARCH, "https://www.linkedin.com/search/results/content/?keywords=café"),
    (MAPS, "https://www.google.com/maps/place/Caf%C3%A9+Lumi%C3%A8re/@48.8,2.3"),
    ("https://www.linkedin.com/", "https://www.linkedin.com"),
]
OTHERS = [
    (IG, "https://www.instagram.com/accounts/login/?next=%2Fcafelumiere%2F"),
    (IG, "https://www.instagram.com/cafelumiere2/"),
    (IG, "https://www.instagram.com/"),
    (IG, "https://evil.example/cafelumiere/"),
    (SEARCH, "https://www.linkedin.com/search/results/content/?keywords=other"),
    (SEARCH, "https://www.linkedin.com/authwall?trk=x"),
    ("https://www.linkedin.com/", "https://www.linkedin.com/login"),
    ("https://x.com/search?q=caf%C3%A9&f=live", "https://x.com/i/flow/login"),
    (MAPS, "https://consent.google.com/ml?continue=x"),
    (IG, "about:blank"),
    (IG, ""),
]


def test_a_page_of_the_round_is_known_in_its_spellings_and_told_from_what_a_site_leads_to() -> None:
    told = call(*(("../shared/round", "isPageOf", [url, there]) for url, there in (*SAME, *OTHERS)))
    wrong = [pair for pair, is_it in zip((*SAME, *OTHERS), told, strict=True) if is_it != (pair in SAME)]
    assert wrong == []


def test_a_query_becomes_words_that_other_networks_can_look_for() -> None:
    terms = {
        '"café lumière" OR cafelumiere': "café lumière",
        "brunch -emploi": "brunch",
        'title:"terrasse" (paris)': "terrasse paris",
        "café-concert": "café-concert",
        "-lang:fr brunch": "brunch",
    }
    assert call(*(("listening/round/term", "termOf", [query]) for query in terms)) == list(terms.values())
