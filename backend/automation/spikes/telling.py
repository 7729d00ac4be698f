"""A spike in words: `“lumiere”: 41 posts in an hour` and why."""

from __future__ import annotations

from backend.automation.spikes.models import Spike
from backend.infra.words import say, say_many, short_moment


def title_of(spike: Spike, name: str, language: str) -> str:
    what = "complaints" if spike.kind == "complaints" else "posts"
    when = say(language, f"spike_hours_{spike.hours}")
    return say(language, f"spike_title_{what}", name=name, n=spike.count, when=when)


def body_of(spike: Spike, language: str, *, late_in: str = "") -> str:
    """How many are usual, and what the posts have in common. `late_in`: it is said late, and was at that time in this
    zone."""
    when = say(language, "spike_was", when=short_moment(language, spike.told_at, late_in)) if late_in else ""
    return " ".join(filter(None, [when, usual_of(spike, language), reason_of(spike, language)]))


def usual_of(spike: Spike, language: str) -> str:
    usual = round(spike.expected)
    return say_many(language, "spike_usual", usual) if usual else say(language, "spike_usual_none")


def reason_of(spike: Spike, language: str) -> str:
    """One sentence; "" where they have nothing in common."""
    reason = spike.reason
    why = reason.get("why", "")
    if not why:
        return ""
    if why == "story" and not reason.get("where"):
        why = "same"
    words = ", ".join(reason.get("words", []))
    return say(
        language,
        f"spike_why_{why}",
        n=reason["n"],
        of=reason["of"],
        where=reason.get("where", ""),
        who=reason.get("who", ""),
        words=words,
    )
