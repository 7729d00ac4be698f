"""A rule as data: when, if, then, else. Strict: what is not known is refused, each field with its reason."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from backend.inbox.searches import FILTERS, read_filter
from backend.infra.errors import Invalid

MOST_ACTIONS = 10
MOST_HOURS = 24 * 30
_WALL = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
WEEKDAYS = 7


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True, populate_by_name=True)

    @field_validator("*")
    @classmethod
    def _storable(cls, value: object) -> object:
        if isinstance(value, str):
            if any("\ud800" <= letter <= "\udfff" for letter in value):
                raise ValueError("holds half a character")
            return value.replace("\0", "")
        return value


class When(_Strict):
    """`hours` belongs to `waits`: nobody has dealt with it for so long."""

    event: Literal["arrives", "changes", "waits"] = "arrives"
    hours: int | None = Field(default=None, ge=1, le=MOST_HOURS)

    @model_validator(mode="after")
    def _hours_where_they_mean_something(self) -> When:
        if (self.event == "waits") != (self.hours is not None):
            raise ValueError("hours belong to waits, and to nothing else")
        return self


class If(_Strict):
    """All of it must hold; empty holds always. Hours and weekdays are those of the brand's zone when it arrived;
    `from_hour` 22 and `until_hour` 7 go over midnight. `at_least`: so many like it in the hour before, itself too."""

    query: str = Field(default="", max_length=2000)
    filters: dict[str, str] = Field(default_factory=dict)
    author: str = Field(default="", max_length=200)
    own: bool = Field(default=False, description="Written by an account of the brand itself.")
    from_hour: int | None = Field(default=None, ge=0, le=23)
    until_hour: int | None = Field(default=None, ge=0, le=23)
    weekdays: list[Annotated[int, Field(ge=0, le=6)]] = Field(default_factory=list, max_length=WEEKDAYS)
    at_least: int | None = Field(default=None, ge=2, le=10_000)

    @field_validator("filters")
    @classmethod
    def _known(cls, filters: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(filters) - set(FILTERS))
        if unknown:
            raise ValueError(f"there is no filter {unknown[0][:40]!r}; known: {', '.join(FILTERS)}")
        if any("\0" in value or len(value) > 200 for value in filters.values()):
            raise ValueError("a filter has at most 200 characters")
        return {name: value for name, value in filters.items() if value}

    @model_validator(mode="after")
    def _both_hours(self) -> If:
        if (self.from_hour is None) != (self.until_hour is None):
            raise ValueError("from_hour and until_hour belong together")
        return self


class Tag(_Strict):
    do: Literal["tag"]
    tags: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field(min_length=1, max_length=10)


class Assign(_Strict):
    do: Literal["assign"]
    member_id: str = Field(pattern=r"^\d{1,18}$")


class Status(_Strict):
    do: Literal["done", "spam"]


class Priority(_Strict):
    do: Literal["priority"]
    priority: int = Field(ge=-9, le=9)


class Alert(_Strict):
    """To the channels named; none named: to all of the brand that take what rules say."""

    do: Literal["alert"]
    channel_ids: list[Annotated[str, Field(pattern=r"^\d{1,18}$")]] = Field(default_factory=list, max_length=20)


class Webhook(_Strict):
    do: Literal["webhook"]
    channel_id: str = Field(pattern=r"^\d{1,18}$")


class Snooze(_Strict):
    """For some hours, or until it is that time on the brand's clock."""

    do: Literal["snooze"]
    hours: int | None = Field(default=None, ge=1, le=MOST_HOURS)
    until: str | None = Field(default=None, max_length=5)

    @model_validator(mode="after")
    def _one_of_them(self) -> Snooze:
        if (self.hours is None) == (self.until is None):
            raise ValueError("either hours or until")
        if self.until is not None and not _WALL.fullmatch(self.until):
            raise ValueError("until is a time such as 09:00")
        return self


Action = Annotated[Tag | Assign | Status | Priority | Alert | Webhook | Snooze, Field(discriminator="do")]


class Spec(_Strict):
    """`then` and `otherwise` ("else" outside): what is done where the if holds, and where it does not."""

    when: When = Field(default_factory=When)
    condition: If = Field(default_factory=If, alias="if")
    then: list[Action] = Field(default_factory=list, max_length=MOST_ACTIONS)
    otherwise: list[Action] = Field(default_factory=list, max_length=MOST_ACTIONS, alias="else")

    @model_validator(mode="after")
    def _does_something(self) -> Spec:
        if not self.then and not self.otherwise:
            raise ValueError("a rule does something: then or else")
        return self

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(by_alias=True, mode="json", exclude_none=True)


def read_spec(data: Any) -> Spec:
    """From JSON. Raises Invalid with the path of each field, QuerySyntax where its query does not parse."""
    try:
        spec = Spec.model_validate(data)
    except ValidationError as error:
        raise Invalid("This rule cannot be used like this.", fields=_fields(error)) from None
    read_filter(spec.condition.query, spec.condition.filters)
    return spec


_VARIANTS = {"tag", "assign", "done", "spam", "priority", "alert", "webhook", "snooze"}


def _fields(error: ValidationError) -> dict[str, str]:
    fields: dict[str, str] = {}
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        path = [str(part) for part in one["loc"] if str(part) not in _VARIANTS]
        where = ".".join(path) or ("hours" if "hours" in one["msg"] else "then")
        fields.setdefault(where[:200], one["msg"].removeprefix("Value error, ")[:300])
    return fields
