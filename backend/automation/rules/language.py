"""What a rule may say: when, if, then, else. Pure; strict: what is not a rule is refused field by field."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    field_validator,
    model_validator,
)

from backend.infra.text import one_line
from backend.query.errors import QuerySyntax
from backend.query.grammar import parse_search

EVENTS = ("arrives", "changes", "waited")
INTENTS = ("question", "complaint", "praise", "request", "advertising")
MAX_QUERY = 2_000
MAX_HOURS = 24 * 30
MAX_TAGS = 10


def _query(text: str) -> str:
    if text:
        try:
            parse_search(text)
        except QuerySyntax as problem:
            raise ValueError(problem.message) from None
    return text


def _each_once(values: list[Any]) -> list[Any]:
    if len(set(values)) != len(values):
        raise ValueError("each once")
    return values


def _tag(text: str) -> str:
    if one_line(text) != text or not text:
        raise ValueError("one line of words")
    return text


Tag = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_tag)]
RowId = Annotated[str, Field(pattern=r"^[0-9]{1,18}$")]
Hour = Annotated[StrictInt, Field(ge=0, le=23)]


class Said(BaseModel):
    """A field that does not exist is an error, not a silence. NUL, which no text needs, is left out."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _can_be_stored(cls, value: object) -> object:
        return _without_nul(value)


def _without_nul(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "")
    return [_without_nul(one) for one in value] if isinstance(value, list) else value


class When(Said):
    """`waited`: it is new or open, and nobody dealt with it for `hours` since it came or came back."""

    event: Literal["arrives", "changes", "waited"]
    hours: Annotated[StrictInt, Field(ge=1, le=MAX_HOURS)] | None = None

    @model_validator(mode="after")
    def _hours_where_it_waits(self) -> When:
        if (self.event == "waited") != (self.hours is not None):
            raise ValueError("hours are given for waited, and for nothing else")
        return self


class If(Said):
    """All that is given must hold; nothing given holds always. Hours and weekdays are those of the brand's clock."""

    query: Annotated[str, Field(max_length=MAX_QUERY), AfterValidator(_query)] = ""
    keyword_id: RowId | None = None
    #: names or handles, any of which is the author; case and accents do not matter
    authors: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=50), AfterValidator(_each_once)
    ] = []
    intents: Annotated[
        list[Literal["question", "complaint", "praise", "request", "advertising"]],
        Field(max_length=5),
        AfterValidator(_each_once),
    ] = []
    sentiment: Literal["positive", "neutral", "negative"] | None = None
    network: Annotated[str, Field(max_length=100)] = ""
    about_us: Literal["yes", "probably_not", "no"] | None = None
    #: from 22 until 7 goes over midnight
    from_hour: Hour | None = None
    until_hour: Hour | None = None
    #: 0 Monday
    weekdays: Annotated[
        list[Annotated[StrictInt, Field(ge=0, le=6)]], Field(max_length=7), AfterValidator(_each_once)
    ] = []
    #: more mentions than this in the last hour: of the keyword where one is named, else of the brand
    more_than: Annotated[StrictInt, Field(ge=1, le=100_000)] | None = None

    @model_validator(mode="after")
    def _hours_are_two(self) -> If:
        if (self.from_hour is None) != (self.until_hour is None) or (
            self.from_hour is not None and self.from_hour == self.until_hour
        ):
            raise ValueError("from_hour and until_hour: both, and not the same")
        return self


class Do(Said):
    """What is done. Everything but `alert` and `webhook` can be taken back."""

    tag: Annotated[list[Tag], Field(max_length=MAX_TAGS), AfterValidator(_each_once)] = []
    untag: Annotated[list[Tag], Field(max_length=MAX_TAGS), AfterValidator(_each_once)] = []
    assign: RowId | None = None
    done: StrictBool = False
    spam: StrictBool = False
    priority: Annotated[StrictInt, Field(ge=-9, le=9)] | None = None
    alert: StrictBool = False
    webhook: RowId | None = None
    snooze_hours: Annotated[StrictInt, Field(ge=1, le=MAX_HOURS)] | None = None
    snooze_until_hour: Hour | None = None

    @model_validator(mode="after")
    def _no_two_ways(self) -> Do:
        if self.done and self.spam:
            raise ValueError("done or spam, not both")
        if self.snooze_hours is not None and self.snooze_until_hour is not None:
            raise ValueError("snooze_hours or snooze_until_hour, not both")
        if set(self.tag) & set(self.untag):
            raise ValueError("a tag is given or taken away, not both")
        return self

    @property
    def does_something(self) -> bool:
        return self != Do()


class RuleBody(Said):
    when: When
    if_: If = Field(default_factory=If, alias="if")
    then: Do = Field(default_factory=Do)
    else_: Do = Field(default_factory=Do, alias="else")

    def as_json(self) -> dict[str, Any]:
        """As `Rule.body` keeps it: only what was said."""
        return self.model_dump(mode="json", exclude_defaults=True)


def read_body(kept: dict[str, Any]) -> RuleBody:
    """Raises pydantic.ValidationError where another release wrote it."""
    return RuleBody.model_validate(kept)
