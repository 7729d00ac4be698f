"""Ten rules that are ready to be switched on, in the brand's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand, split_handles
from backend.automation.notify import language_of
from backend.automation.rules.language import RuleBody, read_body
from backend.infra.words import say

#: what is asked before it can be switched on: a member to assign to
NEEDS_MEMBER = "member"

JOBS: Mapping[str, str] = {
    "en": '"job offer" OR "job opening" OR "now hiring" OR "we are hiring" OR vacancy OR "for sale" OR classifieds',
    "fr": (
        '"offre d\'emploi" OR "offres d\'emploi" OR recrute OR recrutement OR alternance OR "à vendre"'
        ' OR "petites annonces"'
    ),
}


@dataclass(frozen=True)
class About:
    """What a ready rule may know of the brand it is for."""

    language: str
    own_names: list[str]
    member: str


@dataclass(frozen=True)
class Ready:
    key: str
    name: str
    body: RuleBody
    needs: str = ""


def _bodies(about: About) -> dict[str, dict[str, Any]]:
    return {
        "complaints": {
            "when": {"event": "arrives"},
            "if": {"intents": ["complaint"], "about_us": "yes"},
            "then": {"assign": about.member, "priority": 5},
        },
        "unanswered": {
            "when": {"event": "waited", "hours": 4},
            "if": {"intents": ["question"]},
            "then": {"alert": True, "priority": 3},
        },
        "many": {
            "when": {"event": "arrives"},
            "if": {"more_than": 20, "about_us": "yes"},
            "then": {"alert": True},
        },
        "jobs": {
            "when": {"event": "arrives"},
            "if": {"query": JOBS[about.language]},
            "then": {"done": True, "tag": [say(about.language, "rule_tag_jobs")]},
        },
        "own": {
            "when": {"event": "arrives"},
            "if": {"authors": about.own_names},
            "then": {"done": True},
        },
        "night": {
            "when": {"event": "arrives"},
            "if": {"from_hour": 22, "until_hour": 7},
            "then": {"snooze_until_hour": 9},
        },
        "weekend": {
            "when": {"event": "arrives"},
            "if": {"intents": ["complaint"], "weekdays": [5, 6], "about_us": "yes"},
            "then": {"alert": True},
        },
        "advertising": {
            "when": {"event": "arrives"},
            "if": {"intents": ["advertising"]},
            "then": {"done": True, "tag": [say(about.language, "rule_tag_advertising")]},
        },
        "praise": {
            "when": {"event": "arrives"},
            "if": {"intents": ["praise"], "about_us": "yes"},
            "then": {"tag": [say(about.language, "rule_tag_praise")]},
        },
        "left": {
            "when": {"event": "waited", "hours": 336},
            "then": {"done": True, "tag": [say(about.language, "rule_tag_left")]},
        },
    }


_ASKS = {"complaints": NEEDS_MEMBER}


def ready_rules(session: Session, brand_id: int, *, member_id: int | None) -> list[Ready]:
    """`member_id`: whom the rules that assign name until somebody else is chosen. Raises NotFound."""
    brand = get_brand(session, brand_id)
    names = [brand.name, *(name for names in brand.handles.values() for name in split_handles(names))]
    own = list(dict.fromkeys(name.strip() for name in names if name.strip()))[:50]
    about = About(language_of(session, brand_id), own, str(member_id or 0))
    return [
        Ready(key, say(about.language, f"rule_ready_{key}"), read_body(body), _ASKS.get(key, ""))
        for key, body in _bodies(about).items()
    ]
