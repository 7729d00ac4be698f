# ruff: noqa: E501 - markup in long lines
"""Google reviews, Trustpilot and TripAdvisor: reviews with the owner's answer, which is a quote for us."""

from __future__ import annotations

from tests.extension.skeletons import ICON
from tests.extension.skeletons.base import NEW_TEXT, NEWCOMER, Box, Expected, Say, Skeleton, moment, page, said, who

_THANKS = "Thank you for your visit, says the owner."


def _google(say: Say, n: int, *, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    answer = (
        f'<div class="CDe7pd" data-test-quote><span>.</span><div lang="en" class="wiI7pd">{_THANKS}</div></div>'
        if n == 2
        else ""
    )
    return f"""<div class="jftiEf fontBodyMedium" data-review-id="ChZ{number:04}" aria-label="{person.name}" data-test-post="{n}"><div class="jJc9Ad"><button data-href="https://www.google.com/maps/contrib/10{number:010}/reviews?hl=fr" data-review-id="ChZ{number:04}" aria-label="{person.name}"><div class="d4r55">{person.name}</div></button><button aria-label="{say("More")}" data-review-id="ChZ{number:04}">{ICON}</button>
<div class="DU9Pgb" data-test-row="{n}"><span class="kvMYJc" role="img" aria-label="4 ★">★★★★</span><span class="rsqaWe">{say("3 hours ago")}</span></div><div class="MyEned" lang="en"><span class="wiI7pd">{text}</span></div>{answer}<div><button aria-label="{say("Like")}" data-review-id="ChZ{number:04}">{say("Like")}</button></div></div></div>"""


def _google_read(n: int, name: str, text: str) -> Expected:
    writer = f"https://www.google.com/maps/contrib/10{n:010}"
    return Expected(name, text, f"{writer}/reviews?review=ChZ{n:04}", writer)


def _trustpilot(say: Say, n: int, *, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    answer = (
        f'<div class="styles_businessReply__x" data-test-quote><p data-service-review-business-reply-text-typography="true">{_THANKS}</p><time datetime="2026-11-21T00:00:00.000Z">1d</time></div>'
        if n == 2
        else ""
    )
    return f"""<article class="styles_reviewCard__9HxJJ" data-service-review-card-paper="true" data-test-post="{n}"><aside><a name="consumer-profile" data-consumer-profile-link="true" href="/users/5f00000000000000000000{number:02}"><span data-consumer-name-typography="true">{person.name}</span></a></aside><section><div data-service-review-rating="4"><img alt="4 / 5" src="data:,"></div><time datetime="{moment(number)}" data-service-review-date-time-ago="true">3h</time>
<a href="/reviews/6a00000000000000000000{number:02}" data-review-title-typography="true"><h2 data-service-review-title-typography="true">A title</h2></a><p data-service-review-text-typography="true">{text}</p></section><div class="styles_actions__x" data-test-row="{n}"><button type="button">{say("Like")}</button><button type="button">{say("Share")}</button></div>{answer}</article>"""


def _trustpilot_read(n: int, name: str, text: str) -> Expected:
    return Expected(
        name,
        text,
        f"https://www.trustpilot.com/reviews/6a00000000000000000000{n:02}",
        f"https://www.trustpilot.com/users/5f00000000000000000000{n:02}",
        moment(n),
    )


def _tripadvisor(say: Say, n: int, *, new: bool = False) -> str:
    person, text = (NEWCOMER, NEW_TEXT) if new else who(n)
    number = 50 if new else n
    answer = f'<div data-automation="managementResponse" data-test-quote><span>{_THANKS}</span></div>' if n == 2 else ""
    hooks = 'data-automation="reviewCard"' if n % 2 else 'data-test-target="HR_CC_CARD"'
    return f"""<div class="_c" {hooks} data-test-post="{n}"><div class="x"><a href="/Profile/{person.handle}"><img alt="" src="data:,"></a><span class="biGQs"><a href="/Profile/{person.handle}" class="BMQDV">{person.name}</a></span></div><svg aria-label="4 / 5"></svg><div data-test-target="review-title"><a href="/ShowUserReviews-g1-d2-r90{number:02}-Cafe_Lumiere.html"><span>A title</span></a></div>
<div data-test-target="review-body"><span class="JguWG"><span>{text}</span></span></div><div class="f" data-test-row="{n}"><button type="button">{say("Like")}</button><button type="button" aria-label="{say("Share")}">{ICON}</button></div>{answer}</div>"""


def _tripadvisor_read(n: int, name: str, text: str) -> Expected:
    return Expected(
        name,
        text,
        f"https://www.tripadvisor.fr/ShowUserReviews-g1-d2-r90{n:02}-Cafe_Lumiere.html",
        f"https://www.tripadvisor.fr/Profile/{NEWCOMER.handle if n == 50 else who(n)[0].handle}",
    )


_GOOGLE_USER = """<a href="https://accounts.google.com/SignOutOptions?hl=fr" aria-label="Compte Google : Café Lumière
(cafe@lumiere.example)">.</a>"""


def skeletons(say: Say) -> list[Skeleton]:
    """A list of reviews each."""
    advertisement = f"<div data-test-ad><span>{say('Advertisement')}</span></div>"
    box = f'<div role="dialog"><form><textarea></textarea><button type="submit">{say("Reply")}</button></form></div>'
    form = f'<form class="z"><textarea></textarea><button type="submit">{say("Reply")}</button></form>'
    google = "".join(_google(say, n) for n in range(6))
    pilot = "".join(_trustpilot(say, n) for n in range(6))
    trip = "".join(_tripadvisor(say, n) for n in range(6))
    new = NEWCOMER.name, NEW_TEXT
    return [
        Skeleton(
            "google_reviews",
            "list",
            "https://www.google.fr/maps/place/Cafe/",
            page(say, "Maps", f'{_GOOGLE_USER}<div role="feed">{google}</div>{advertisement}{box}'),
            posts=tuple(_google_read(n, who(n)[0].name, said(n)) for n in range(6)),
            boxes=(Box("field"),),
            account="cafe@lumiere.example",
            another=_google(say, 0, new=True),
            another_read=_google_read(50, *new),
            broken=(("/maps/contrib/", "/maps/c/"),),
            missing="url",
        ),
        Skeleton(
            "trustpilot",
            "list",
            "https://fr.trustpilot.com/review/cafe.example",
            page(say, "Trustpilot", f"<main>{advertisement}{pilot}</main>{form}"),
            posts=tuple(_trustpilot_read(n, who(n)[0].name, said(n)) for n in range(6)),
            boxes=(Box("field", _trustpilot_read(5, "", "").url),),
            another=_trustpilot(say, 0, new=True),
            another_read=_trustpilot_read(50, *new),
            broken=(("data-consumer-name-typography", "data-n"), ("data-consumer-profile-link", "data-p")),
            missing="author",
        ),
        Skeleton(
            "tripadvisor",
            "list",
            "https://www.tripadvisor.fr/Restaurant_Review-g1-d2-Reviews-Cafe_Lumiere.html",
            page(
                say,
                "Tripadvisor",
                f'<header><nav><a href="/Profile/cafelumiere">.</a></nav></header><div id="REVIEWS">{advertisement}{trip}</div>{form}',
            ),
            posts=tuple(_tripadvisor_read(n, who(n)[0].name, said(n)) for n in range(6)),
            boxes=(Box("field", _tripadvisor_read(5, "", "").url),),
            account="cafelumiere",
            another=_tripadvisor(say, 0, new=True),
            another_read=_tripadvisor_read(50, *new),
            broken=(("/Profile/", "/P/"),),
            missing="author",
        ),
    ]
