"""What every resource module of the API stands on: the runtime, the caller, schemas, pages, idempotency.

A handler parses (schema), calls one domain function inside one transaction, and serialises: about 15 lines, no SQL.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Generic, TypeVar

from apiflask import APIBlueprint
from flask import current_app, g, request
from flask.json.provider import DefaultJSONProvider
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationInfo, field_validator
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from backend.accounts.brands import brand_ids, get_brand
from backend.accounts.models import IdempotencyKey
from backend.accounts.roles import Caller, Role
from backend.infra.clock import rfc3339
from backend.infra.errors import Invalid, Malformed, NotFound
from backend.infra.runtime import Runtime

KEYS_KEPT = timedelta(days=14)
MOST_PER_PAGE = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def runtime() -> Runtime:
    """The runtime of this process."""
    found: Runtime = current_app.extensions["entregent"]
    return found


def caller() -> Caller:
    """Who makes this request; set before any handler runs (default deny)."""
    found: Caller = g.caller
    return found


def now() -> datetime:
    return runtime().clock()


def make_blueprint(name: str) -> APIBlueprint:
    """A blueprint below /api/v1, tagged with its resource's name in the OpenAPI document."""
    return APIBlueprint(name, name, url_prefix="/api/v1", tag=name)


class BoundedJson(DefaultJSONProvider):
    """Brackets nested deeper than Python reads are bad JSON like any other, not a fault of ours."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return super().loads(s, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None


# --- schemas -----------------------------------------------------------------------------------------------


class In(BaseModel):
    """What a client sends. A field that does not exist is an error, not a silence.

    NUL, which no text needs and PostgreSQL does not take, is left out of every text. Addresses are never rewritten:
    their own check refuses it.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _can_be_stored(cls, value: object, about: ValidationInfo) -> object:
        return value if (about.field_name or "").endswith("url") else without_nul(value)


def without_nul(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [without_nul(one) for one in value]
    if isinstance(value, dict):
        return {without_nul(name): without_nul(one) for name, one in value.items()}
    return value


class Query(BaseModel):
    """Parameters of a list. Unknown ones are refused too, so that a typo does not list everything."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _can_be_asked(cls, value: object) -> object:
        if isinstance(value, str) and "\0" in value:
            raise ValueError("holds a NUL, which no text has")
        return value


class PageQuery(Query):
    limit: int = Field(default=50, ge=1, le=MOST_PER_PAGE)
    cursor: str | None = None
    brand_id: str | None = None


class Out(BaseModel):
    """What we answer. Built from models by attribute."""

    model_config = ConfigDict(from_attributes=True)


Item = TypeVar("Item")


class PageOf(Out, Generic[Item]):
    items: list[Item]
    next_cursor: str | None = None


class Empty(Out):
    """`{}`"""


# Ids are opaque strings outside, integers inside.
Id = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]
MaybeId = Annotated[str | None, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]
# RFC 3339 in UTC with Z.
Moment = Annotated[datetime, PlainSerializer(rfc3339, return_type=str)]
MaybeMoment = Annotated[
    datetime | None, PlainSerializer(lambda at: rfc3339(at) if at else None, return_type=str | None)
]


def parse_id(value: str, what: str = "row") -> int:
    """The number behind an opaque id. Raises NotFound: an id that cannot be ours names nothing."""
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise NotFound(f"There is no such {what}.")
    return int(value)


def parse_moment(value: str, field: str) -> datetime:
    """An RFC 3339 time or a day (its first moment in UTC). Raises Invalid."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise Invalid("This is not a time.", fields={field: "2026-11-23T09:00:00Z, or 2026-11-23"}) from None
    return as_utc(at, field)


def as_utc(at: datetime, field: str) -> datetime:
    """A time without a zone is one in UTC. Raises Invalid for one that no calendar in UTC has."""
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        raise Invalid("This time is too far off.", fields={field: "from year 1 to year 9999, in UTC"}) from None


# --- brands ------------------------------------------------------------------------------------------------


def brand_of(session: Session, brand_id: str | None, role: Role) -> int:
    """The brand a request is about, with the caller's role checked. May be left out where there is only one.

    Raises NotFound, Forbidden, Invalid (several brands and none named; none at all).
    """
    if brand_id is None:
        mine = sorted(caller().brand_ids(brand_ids(session)))
        if len(mine) != 1:
            why = "There are several brands: say which." if mine else "There is no brand yet: make one first."
            raise Invalid(why, code="brand_needed", fields={"brand_id": why})
        found = mine[0]
    else:
        found = parse_id(brand_id, "brand")
        get_brand(session, found)
    caller().need(found, role)
    return found


def brands_of(session: Session, brand_id: str | None) -> list[int]:
    """The brands a list shall cover: the one named, or all that the caller may read."""
    if brand_id is not None:
        return [brand_of(session, brand_id, "viewer")]
    return sorted(caller().brand_ids(brand_ids(session)))


# --- pages -------------------------------------------------------------------------------------------------


def encode_cursor(values: Sequence[Any]) -> str:
    """A place in a list, opaque outside. Moments become whole microseconds since 1970, exactly (a float is not)."""
    plain = [(v - EPOCH) // timedelta(microseconds=1) if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def moment_of(microseconds: int) -> datetime:
    """What `encode_cursor` made of a moment; before 1970 it is below zero. Raises Malformed."""
    try:
        return EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        raise Malformed("This cursor is not one of ours.", fields={"cursor": "take next_cursor as it is"}) from None


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """Raises Malformed for anything we did not make."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise Malformed("This cursor is not one of ours.", fields={"cursor": "take next_cursor as it is"}) from None
    if not isinstance(values, list) or len(values) != length:
        raise Malformed("This cursor is not one of ours.", fields={"cursor": "take next_cursor as it is"})
    return values


# --- idempotency -------------------------------------------------------------------------------------------

Answer = TypeVar("Answer", bound=BaseModel)


def create_once(session: Session, body: BaseModel, create: Callable[[], Answer]) -> Answer | dict[str, Any]:
    """Run `create` and remember its answer under the request's Idempotency-Key, in the same transaction.

    The same key again gives the first answer and creates nothing. Without a key, just `create()`.
    Raises Invalid when the key was used with another body or path.
    """
    key = _idempotency_key()
    if not key:
        return create()
    who = caller().key
    if session.get_bind().dialect.name == "postgresql":
        # SQLite has one writer; here two requests with one key could both find nothing.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"{who} {key}"})
    if (stored := answered_before(session, body)) is not None:
        return stored
    answer = create()
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now() - KEYS_KEPT))
    # Sealed: an answer may hold what is told only once, a log-in link or the secret that signs.
    sealed = runtime().vault.seal({"answer": answer.model_dump_json()})
    row = IdempotencyKey(caller=who, key=key, body_hash=_digest(body), response=sealed, created_at=now())
    session.add(row)
    return answer


def answered_before(session: Session, body: BaseModel) -> dict[str, Any] | None:
    """What was answered under this request's Idempotency-Key. For what takes several transactions: it asks first, and
    ends in `create_once`. Raises Invalid when the key was used with another body or path."""
    key = _idempotency_key()
    if not key:
        return None
    query = select(IdempotencyKey).where(IdempotencyKey.caller == caller().key, IdempotencyKey.key == key)
    row = session.scalar(query)
    if row is None:
        return None
    if row.body_hash != _digest(body):
        raise Invalid("This Idempotency-Key was used with another request.", code="idempotency_key_reused")
    # Until these keys end, some are there that an earlier release wrote in clear.
    plain = row.response if row.response.startswith("{") else runtime().vault.open(row.response)["answer"]
    stored: dict[str, Any] = json.loads(plain)
    return stored


def _idempotency_key() -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > 200:
        raise Malformed("An Idempotency-Key has at most 200 characters.", code="idempotency_key_too_long")
    return key


def _digest(body: BaseModel) -> str:
    return hashlib.sha256(f"{request.path}\n{body.model_dump_json()}".encode()).hexdigest()
