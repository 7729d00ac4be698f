"""The documents hold to the code: settings, commands, paths, links, examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.automation import sends
from backend.automation.clear import KEPT
from backend.automation.models import CHANNEL_KINDS
from backend.automation.rules.book import MOST_RULES
from backend.automation.rules.dry_run import DAYS
from backend.automation.rules.engine import MOST_ACTS
from backend.automation.rules.language import Do
from backend.automation.spikes.course import CALM, GROWN_TIMES
from backend.automation.spikes.usual import WEEKS
from backend.automation.spikes.verdict import STRETCHES
from backend.chores import CHORES
from backend.cli import main
from backend.config import Settings
from backend.connectors.notices.smtp import SAFE_PORTS
from backend.query.fields import KEYWORD_FIELDS, MENTION_FIELDS, STATES
from backend.query.grammar import MAX_LENGTH, MAX_NEAR, MAX_TERMS, Not, Term, Tree, parse_query, parse_search
from backend.query.lex import DISTANCE, MAX_DISTANCE, MIN_STEM, RESERVED
from backend.replies.variables import VARIABLES

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PATH = re.compile(r"`((?:backend|extension|tests|tools|docs|bench)/[^`\s<…]*)`")


@pytest.fixture(params=DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def words(request: pytest.FixtureRequest) -> tuple[Path, str]:
    return request.param, request.param.read_text("utf-8")


def test_every_setting_is_in_operating_and_nothing_else_is() -> None:
    named = set(re.findall(r"ENTREGENT_([A-Z_]+)`", (ROOT / "docs" / "operating.md").read_text("utf-8")))
    known = {field.name.upper() for field in fields(Settings)} - {"ENDPOINTS", "KEYS"}
    assert named == known


def test_links_and_pictures_lead_somewhere(words: tuple[Path, str]) -> None:
    path, text = words
    targets = re.findall(r"\]\(([^)#]+)\)", text)
    missing = [one for one in targets if "://" not in one and not (path.parent / one).exists()]
    assert missing == []


def test_files_that_are_named_exist(words: tuple[Path, str]) -> None:
    missing = [one for one in PATH.findall(words[1]) if not (ROOT / one).exists()]
    assert missing == []


def test_commands_that_are_named_exist(words: tuple[Path, str]) -> None:
    named = set(re.findall(r"(?:^ {4}|`|bin/)entregent ([a-z]+)", words[1], re.MULTILINE))
    assert named <= set(main.commands)
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", words[1], re.MULTILINE)) <= targets


def _rows(heading: str) -> list[str]:
    """First cells of the table below a heading of the user guide."""
    text = (ROOT / "docs" / "user-guide.md").read_text("utf-8")
    part = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `(.+?)` \|", part, re.MULTILINE)


def test_the_queries_of_the_guide_are_understood() -> None:
    queries = [one.strip("` ") if one.startswith("` ") else one for one in _rows("Keywords")]
    rows = [f"`{one}`" if "C++" in one else one for one in queries]
    parsed = [parse_query(query) for query in rows]
    assert len(parsed) == 12
    # All that the grammar knows is in the table, and the guide says its limits.
    leaves = {kind for query in parsed for kind in _kinds(query.tree)}
    assert leaves == {"Term", "Near", "Literal", "Fact", "Not", "And", "Or", "prefix", "host", "quoted", "field"}
    part = " ".join((ROOT / "docs" / "user-guide.md").read_text("utf-8").split("## Keywords\n", 1)[1].split())
    assert f"{MAX_LENGTH:,} characters and {MAX_TERMS} words" in part
    assert f"`NEAR` alone is five, {MAX_DISTANCE} is most, four sides are most" in part
    assert (DISTANCE, MAX_NEAR, MIN_STEM) == (5, 4, 3)
    assert "`ET`, `OU`, `SAUF` are `AND`, `OR`, `NOT`" in part
    assert {"ET", "OU", "SAUF", "AND", "OR", "NOT", "NEAR"} == RESERVED
    for name in KEYWORD_FIELDS:
        assert f"`{name}:`" in part.split("see *Find*")[0]


def _kinds(tree: Tree) -> Iterator[str]:
    yield type(tree).__name__
    if isinstance(tree, Term):
        said = {"prefix": tree.prefix, "host": tree.host, "quoted": tree.quoted, "field": tree.field}
        yield from (name for name, holds in said.items() if holds)
    for part in getattr(tree, "parts", ()) or ([tree.part] if isinstance(tree, Not) else []):
        yield from _kinds(part)


def test_the_blanks_of_the_guide_are_those_there_are() -> None:
    named = {re.split(r"[:|\\]", row.strip("{}"))[0] for row in _rows("Saved replies")}
    assert named == {re.split(r":", one)[0] for one in VARIABLES}


def test_the_channels_of_the_guide_are_those_there_are() -> None:
    assert _rows("Alerts") == list(CHANNEL_KINDS)


def test_what_the_guide_says_of_rules_is_so() -> None:
    part = (ROOT / "docs" / "user-guide.md").read_text("utf-8").split("## Rules\n", 1)[1].split("\n## ", 1)[0]
    cells = re.findall(r"^\| (`.+?`) \|", part, re.MULTILINE)
    assert {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)} == set(Do.model_fields)
    part = " ".join(part.split())
    assert f"the last {DAYS} days" in part
    assert f"no more than {MOST_ACTS} do" in part
    assert f"at most {MOST_RULES} rules" in part
    assert f"goes back {KEPT.days} days" in part


def test_what_operating_says_of_mail_and_tries_is_so() -> None:
    part = (ROOT / "docs" / "operating.md").read_text("utf-8").split("## Mail and other channels\n", 1)[1]
    part = " ".join(part.split("\n## ", 1)[0].split())
    first, *others = sorted(SAFE_PORTS)
    assert f"ports {first}, {others[0]}, {others[1]} and {others[2]}," in part
    assert f"after {sends.FIRST_RETRY_S:.0f} s, doubling to an hour, {sends.MOST_FAILURES} times, some 21 hours" in part
    assert sends.LONGEST_RETRY_S == 3600
    tries = (sends.next_try_s(failures, None, 0.5) for failures in range(1, sends.MOST_FAILURES))
    assert 21 < sum(tries) / 3600 < 22
    assert f"kept {KEPT.days} days" in part


def test_the_figures_of_spikes_are_those_of_the_code() -> None:
    text = " ".join((ROOT / "docs" / "user-guide.md").read_text("utf-8").split("## Spikes\n", 1)[1].split())
    assert f"Fewer than {STRETCHES[1]} posts in an hour, or {STRETCHES[3]} in three" in text
    assert f"after {CALM // timedelta(hours=1)} calm hours" in text
    assert WEEKS == 8
    assert GROWN_TIMES == 4
    assert CHORES["look for spikes"].next_after(AT) - AT == timedelta(minutes=5)


def test_the_keys_of_the_guide_are_those_of_the_inbox() -> None:
    text = "".join(path.read_text("utf-8") for path in (ROOT / "extension" / "app" / "inbox").rglob("*.ts*"))
    shown = set(re.findall(r'key: "([^"]+)", label: t\(', text)) | {"?"}
    guide = (ROOT / "docs" / "user-guide.md").read_text("utf-8").split("## Inbox\n", 1)[1].split("\n## ", 1)[0]
    cells = re.findall(r"^\| (`.+?`) \|", guide, re.MULTILINE)
    assert {key for cell in cells for key in re.findall(r"`([^`]+)`", cell)} == shown


def test_the_fields_of_the_guide_are_those_of_searches() -> None:
    guide = (ROOT / "docs" / "user-guide.md").read_text("utf-8")
    part = guide.split("## Find\n", 1)[1].split("\n## ", 1)[0]
    named = re.findall(r"^\| `(\w+):` \|", part, re.MULTILINE)
    assert named == list(MENTION_FIELDS)
    for example in re.findall(r"`(-?\w+:[^`]+)`", part):
        assert parse_search(example)
    listed = part.rsplit("can stand:", 1)[1].split("\n\n", 1)[0]
    assert re.findall(r"`([a-z-]+)`", listed) == list(STATES)
