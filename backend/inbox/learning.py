"""The hints learn from what people say: a judgement is noted where it is made, a chore refits what it touches.

`note_judgements` writes one row per mention and aspect in the transaction of the change, and marks what was learned as
stale. `learn` (worker) reads the judgements of a stale brand or keyword, fits outside of any transaction, stores the
result under a new revision, and judges again what no person judged.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.inbox.hints import PERSON, Mind, judge, post_of, read_mind, said_of
from backend.inbox.identity import NEAR_DAYS
from backend.inbox.models import BrandMind, Judgement, KeywordMind, Mention, MentionBand, MentionKeyword
from backend.infra.changes import record_changes
from backend.infra.db import lock_row
from backend.infra.runtime import Runtime
from backend.understanding.about import Taught, learn_about
from backend.understanding.calibration import Counts, count_judgement, no_counts
from backend.understanding.heads import Head, retrain, shipped_heads
from backend.understanding.intent import HEADS
from backend.understanding.lexicon import LANGUAGES
from backend.understanding.proposing import propose_exclusion
from backend.understanding.understand import describe_mention
from backend.understanding.vectors import Vector, embed_text, split_words

# Field of a mention → what it is a judgement of.
ASPECTS: Mapping[str, str] = {"sentiment": "mood", "intent": "intent", "about_us": "about_us"}
MOST_JUDGEMENTS = 2_000  # the newest; of one brand and aspect
MOST_TAUGHT = 1_000  # the newest posts that teach one keyword
MEAN_FROM, MEAN_OF = 100, 500  # mentions in one language before its mean says something, and of how many it is made
JUDGED_AGAIN = timedelta(days=90)
CHUNK = 200
MOST_AT_ONCE = 2_000  # judged again while somebody corrects
# What was handled without a word on whom it is about is most likely ours; what was passed over, more likely than not.
ANSWERED, HANDLED, PASSED_OVER = 1.0, 0.6, 0.3


def note_judgements(session: Session, mention: Mention, fields: Collection[str], *, now: datetime) -> None:
    """A person set these fields of the mention; what they hold now is the person's word."""
    for name in set(fields) & set(ASPECTS):
        aspect = ASPECTS[name]
        session.execute(
            delete(Judgement).where(Judgement.mention_id == mention.id, Judgement.aspect == aspect),
            execution_options={"synchronize_session": False},
        )
        if getattr(mention, f"{name}_by") == PERSON:
            label = getattr(mention, name) or ""
            session.add(Judgement(brand_id=mention.brand_id, mention_id=mention.id, aspect=aspect, label=label, at=now))
        if aspect == "about_us":
            tied = select(MentionKeyword.keyword_id).where(MentionKeyword.mention_id == mention.id)
            rows = [{"keyword_id": keyword_id, "brand_id": mention.brand_id} for keyword_id in session.scalars(tied)]
            _make_stale(session, KeywordMind, "keyword_id", rows)
        else:
            _make_stale(session, BrandMind, "brand_id", [{"brand_id": mention.brand_id}])


def _make_stale(session: Session, model: Any, key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    empty: dict[str, Any] = {"revision": "", "learned": {}}
    if model is KeywordMind:
        empty |= {"proposal": {}, "refused": [], "marks": 0}
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(model).values([{**empty, **row, "stale": True} for row in rows])
    session.execute(insert.on_conflict_do_update(index_elements=[key], set_={"stale": True}))


# --- the worker's part --------------------------------------------------------------------------------------


def learn(runtime: Runtime, now: datetime) -> int:
    """Refit what is stale. Gives how many brands and keywords learned something."""
    with runtime.db.read() as session:
        brands = list(session.scalars(select(BrandMind.brand_id).where(BrandMind.stale).limit(50)))
        keywords = list(
            session.execute(select(KeywordMind.keyword_id, KeywordMind.brand_id).where(KeywordMind.stale).limit(50))
        )
    for brand_id in brands:
        _learn_brand(runtime, brand_id, now)
    for keyword_id, _ in keywords:
        _learn_keyword(runtime, keyword_id, now)
    for brand_id in sorted({*brands, *(brand_id for _, brand_id in keywords)}):
        # While somebody corrects, what waits in the list follows soon; the rest follows at night.
        judge_again(runtime, brand_id, now, statuses=("new", "open"), most=MOST_AT_ONCE)
    return len(brands) + len(keywords)


def learn_everything(runtime: Runtime, now: datetime) -> None:
    """Nightly: a brand is spoken of in other words after a while, even where nobody corrects anything."""
    with runtime.db.read() as session:
        brands = list(session.scalars(select(Mention.brand_id).group_by(Mention.brand_id)))
    for brand_id in brands:
        learn_brand(runtime, brand_id, now)


def learn_brand(runtime: Runtime, brand_id: int, now: datetime) -> None:
    """Everything of one brand, and what it makes of all that no person judged."""
    with runtime.db.write() as session:
        _make_stale(session, BrandMind, "brand_id", [{"brand_id": brand_id}])
    with runtime.db.read() as session:
        keywords = list(session.scalars(select(KeywordMind.keyword_id).where(KeywordMind.brand_id == brand_id)))
    _learn_brand(runtime, brand_id, now)
    for keyword_id in keywords:
        _learn_keyword(runtime, keyword_id, now)
    judge_again(runtime, brand_id, now)


def read_proposal(session: Session, keyword_id: int) -> tuple[list[str], int]:
    """Words that could be excluded from a keyword, and how many posts were marked; no words where none is safe."""
    mind = session.get(KeywordMind, keyword_id)
    return (list(mind.proposal.get("words", [])), mind.marks) if mind is not None else ([], 0)


def refuse_words(session: Session, keyword_id: int, words: Collection[str]) -> None:
    """A person does not want these excluded: they are not proposed again."""
    mind = lock_row(session, KeywordMind, keyword_id)
    if mind is not None:
        mind.refused = list(dict.fromkeys([*mind.refused, *words]))[-200:]
        mind.proposal = {}
        mind.stale = True
        session.flush()


def clear_bands(runtime: Runtime, now: datetime) -> int:
    """What is older than any text is compared with goes, in small steps."""
    cleared = 0
    while True:
        with runtime.db.write() as session:
            old = select(MentionBand.mention_id).where(MentionBand.seen_at < now - timedelta(days=NEAR_DAYS))
            ids = list(session.scalars(old.distinct().limit(CHUNK)))
            session.execute(delete(MentionBand).where(MentionBand.mention_id.in_(ids)))
        cleared += len(ids)
        if len(ids) < CHUNK:
            return cleared


@dataclass(frozen=True)
class _Judged:
    """One judgement with its mention's text and what had been guessed."""

    title: str
    text: str
    language: str
    label: str
    guesses: Mapping[str, Any]


@contextmanager
def _taken_up(runtime: Runtime, model: Any, key: Any, ref: int) -> Iterator[None]:
    """From here on what people say makes it stale anew; so does a failure."""
    with runtime.db.write() as session:
        session.execute(update(model).where(key == ref).values(stale=False))
    try:
        yield
    except Exception:
        with runtime.db.write() as session:
            session.execute(update(model).where(key == ref).values(stale=True))
        raise


def _learn_brand(runtime: Runtime, brand_id: int, now: datetime) -> None:
    with _taken_up(runtime, BrandMind, BrandMind.brand_id, brand_id):
        _refit_brand(runtime, brand_id, now)


def _refit_brand(runtime: Runtime, brand_id: int, now: datetime) -> None:
    with runtime.db.read() as session:
        judged = {aspect: _read_judged(session, brand_id, aspect) for aspect in ("mood", "intent")}
        means = {tag: _mean(session, brand_id, tag) for tag in LANGUAGES}
    found = {tag: mean for tag, mean in means.items() if mean is not None}
    heads = _refit(judged, found)
    learned = {
        "heads": [head.to_plain() for head in heads],
        "means": {tag: np.round(mean, 5).tolist() for tag, mean in found.items()},
        "counts": _count(judged),
    }
    with runtime.db.write() as session:
        session.execute(
            update(BrandMind)
            .where(BrandMind.brand_id == brand_id)
            .values(learned=learned, revision=secrets.token_hex(8), learned_at=now)
        )


def _read_judged(session: Session, brand_id: int, aspect: str) -> list[_Judged]:
    query = (
        select(Mention.title, Mention.text, Mention.language, Judgement.label, Mention.guesses)
        .join(Judgement, Judgement.mention_id == Mention.id)
        .where(Judgement.brand_id == brand_id, Judgement.aspect == aspect)
        .order_by(Judgement.at.desc(), Judgement.id.desc())
        .limit(MOST_JUDGEMENTS)
    )
    return [_Judged(*row) for row in session.execute(query)][::-1]


def _mean(session: Session, brand_id: int, language: str) -> Vector | None:
    query = (
        select(Mention.title, Mention.text)
        .where(Mention.brand_id == brand_id, Mention.language == language, Mention.status != "spam")
        .order_by(Mention.sorted_at.desc(), Mention.id.desc())
        .limit(MEAN_OF)
    )
    texts = [f"{title}\n{text}" for title, text in session.execute(query)]
    if len(texts) < MEAN_FROM:
        return None
    return np.asarray(np.mean([embed_text(text[:4_000]) for text in texts], axis=0), dtype=np.float32)


def _refit(judged: Mapping[str, Sequence[_Judged]], means: Mapping[str, Vector]) -> list[Head]:
    """The heads that somebody corrected, refitted; the others stay as shipped."""
    lessons: dict[tuple[str, str], list[tuple[Vector, str]]] = {}
    for aspect, rows in judged.items():
        for row in rows:
            if row.language not in LANGUAGES:
                continue
            described = describe_mention(row.text, title=row.title, language=row.language, mean=means)
            if aspect == "mood":
                if row.label:
                    lessons.setdefault(("mood", row.language), []).append((described, row.label))
                continue
            for name in HEADS:
                # A post may want more than a person names: only what was guessed counts against a head.
                guessed = name in {label for label, _ in row.guesses.get("intents", [])}
                if row.label == name or guessed:
                    head = shipped_heads()[name, row.language]
                    other = next(label for label in head.classes if label != name)
                    label = name if row.label == name else other
                    lessons.setdefault((name, row.language), []).append((described, label))
    return [retrain(shipped_heads()[key], rows) for key, rows in sorted(lessons.items())]


def _count(judged: Mapping[str, Sequence[_Judged]]) -> dict[str, Counts]:
    counts: dict[str, Counts] = {}

    def add(head: str, language: str, chance: float, *, right: bool) -> None:
        key = f"{head}.{language}"
        counts[key] = count_judgement(counts.get(key, no_counts()), chance, right=right)

    for row in judged["mood"]:
        if row.label and (guess := row.guesses.get("mood")):
            add("mood", row.language, guess[1], right=guess[0] == row.label)
    for row in judged["intent"]:
        for label, chance in row.guesses.get("intents", []):
            if label != "praise":  # that is the mood's doing
                add(label, row.language, chance, right=label == row.label)
    return counts


def _learn_keyword(runtime: Runtime, keyword_id: int, now: datetime) -> None:
    with _taken_up(runtime, KeywordMind, KeywordMind.keyword_id, keyword_id):
        _refit_keyword(runtime, keyword_id, now)


def _refit_keyword(runtime: Runtime, keyword_id: int, now: datetime) -> None:
    with runtime.db.read() as session:
        mind = session.get(KeywordMind, keyword_id)
        if mind is None:
            return
        refused = list(mind.refused)
        names, taught = read_taught(session, keyword_id)
    model = learn_about(taught, names)
    marks = sum(not one.us for one in taught)
    proposal = propose_exclusion(taught, names, refused)
    with runtime.db.write() as session:
        mind = lock_row(session, KeywordMind, keyword_id)
        if mind is None:
            return
        # Of what somebody refused meanwhile, nothing is proposed.
        words = [word for word in (proposal.words if proposal else ()) if word not in mind.refused]
        mind.learned = model.to_plain() if model else {}
        mind.revision = secrets.token_hex(8) if model else ""
        mind.marks = marks
        mind.proposal = {"words": words} if words else {}
        mind.learned_at = now


def read_taught(session: Session, keyword_id: int) -> tuple[list[str], list[Taught]]:
    """The words a keyword is found by, and what its mentions teach, oldest first."""
    query = (
        select(Mention, MentionKeyword.highlights, Judgement.label, Judgement.at)
        .join(MentionKeyword, MentionKeyword.mention_id == Mention.id)
        .outerjoin(Judgement, (Judgement.mention_id == Mention.id) & (Judgement.aspect == "about_us"))
        .where(MentionKeyword.keyword_id == keyword_id, Mention.status != "spam")
        .order_by(Judgement.at.is_(None), Mention.sorted_at.desc(), Mention.id.desc())
        .limit(MOST_TAUGHT)
    )
    rows = list(session.execute(query))
    last_mark = max((at for _, _, label, at in rows if label == "no"), default=None)
    taught: list[Taught] = []
    names: Counter[str] = Counter()
    for mention, highlights, label, _ in rows[::-1]:
        for one in highlights:
            if one["field"] in ("title", "text"):
                shown = getattr(mention, one["field"])[one["start"] : one["end"]]
                names.update(split_words(shown))
        weight = _weight(mention, label, last_mark)
        if weight:
            taught.append(Taught(post_of(said_of(mention)), label != "no", weight))
    return [word for word, _ in names.most_common(12)], taught


def _weight(mention: Mention, label: str | None, last_mark: datetime | None) -> float:
    """How much a mention teaches; 0 where nobody can have meant anything by leaving it as it is."""
    if label in ("yes", "no"):
        return 1.0
    if mention.about_us != "yes":
        return 0.0
    if mention.status == "replied" or mention.addressed:
        return ANSWERED
    if mention.status in ("open", "done"):
        return HANDLED
    # It stood in the list when others were marked there, and was not.
    return PASSED_OVER if last_mark is not None and mention.seen_at < last_mark else 0.0


# --- judging again ------------------------------------------------------------------------------------------


def judge_again(
    runtime: Runtime, brand_id: int, now: datetime, *, statuses: Collection[str] = (), most: int | None = None
) -> int:
    """What no person judged, of the last weeks, under what is known now. Gives how many changed.

    `statuses`: only those in one of these; `most`: only so many, the newest.
    """
    with runtime.db.read() as session:
        mind = read_mind(session, brand_id)
    changed = 0
    for place, ids in enumerate(_chunks(runtime, brand_id, now - JUDGED_AGAIN, statuses)):
        if most is not None and place * CHUNK >= most:
            break
        with runtime.db.read() as session:
            found = _judge_chunk(session, ids, mind)
        if found:
            with runtime.db.write() as session:
                changed += _store(session, brand_id, found, now=now)
    return changed


def _chunks(runtime: Runtime, brand_id: int, since: datetime, statuses: Collection[str]) -> Iterator[list[int]]:
    last: int | None = None
    while True:
        with runtime.db.read() as session:
            query = select(Mention.id).where(
                Mention.brand_id == brand_id,
                Mention.sorted_at >= since,
                or_(Mention.sentiment_by != PERSON, Mention.intent_by != PERSON, Mention.about_us_by != PERSON),
            )
            if statuses:
                query = query.where(Mention.status.in_(statuses))
            if last is not None:
                query = query.where(Mention.id < last)
            ids = list(session.scalars(query.order_by(Mention.id.desc()).limit(CHUNK)))
        if ids:
            yield ids
            last = ids[-1]
        if len(ids) < CHUNK:
            return


def _judge_chunk(session: Session, ids: Sequence[int], mind: Mind) -> list[tuple[int, int, dict[str, Any]]]:
    """(mention, its version, what would be another value now) of each that would be judged differently."""
    keywords: dict[int, list[int]] = {}
    tied = select(MentionKeyword.mention_id, MentionKeyword.keyword_id).where(MentionKeyword.mention_id.in_(ids))
    for mention_id, keyword_id in session.execute(tied):
        keywords.setdefault(mention_id, []).append(keyword_id)
    found = []
    for mention in session.scalars(select(Mention).where(Mention.id.in_(ids))):
        said = said_of(mention)
        values = judge(mind, said, languages=(), keyword_ids=keywords.get(mention.id, ()))
        differing: dict[str, Any] = {}
        for name in ("sentiment", "intent", "about_us"):
            if getattr(mention, f"{name}_by") != PERSON:
                differing |= {key: values[key] for key in (name, f"{name}_by") if getattr(mention, key) != values[key]}
        if "about_us" in differing and mention.status in ("replied", "done", "spam"):
            # What somebody dealt with is not folded away afterwards.
            differing = {key: value for key, value in differing.items() if not key.startswith("about_us")}
        guesses = {**values["guesses"], **_guesses_kept(mention)}
        if guesses != mention.guesses:
            differing["guesses"] = guesses
        if differing:
            found.append((mention.id, mention.version, differing))
    return found


def _guesses_kept(mention: Mention) -> dict[str, Any]:
    """What had been guessed when a person judged stays, to be counted."""
    kept = {}
    for name, key in (("sentiment", "mood"), ("intent", "intents"), ("about_us", "about_us")):
        if getattr(mention, f"{name}_by") == PERSON and key in mention.guesses:
            kept[key] = mention.guesses[key]
    return kept


def _store(session: Session, brand_id: int, found: Sequence[tuple[int, int, dict[str, Any]]], *, now: datetime) -> int:
    """A hint is no person's state: the version stays, so that nobody's own change meets a conflict."""
    told = []
    for mention_id, version, values in found:
        written = session.execute(
            update(Mention)
            .where(Mention.id == mention_id, Mention.version == version)
            .values(**values)
            .returning(Mention.id)
            .execution_options(synchronize_session=False)
        )
        if written.first() is not None and set(values) != {"guesses"}:
            told.append((mention_id, brand_id))
    if told:
        record_changes(session, kind="mention.changed", refs=told, now=now)
    return len(told)
