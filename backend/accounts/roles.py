"""Who may do what: roles are per brand and each holds all that the ones before it hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from backend.infra.errors import Forbidden, Invalid, NotFound

Role = Literal["viewer", "contributor", "editor", "owner"]
RANK: Mapping[str, int] = {"viewer": 1, "contributor": 2, "editor": 3, "owner": 4}


@dataclass(frozen=True)
class Caller:
    """Who makes a request: a member, a device of a member, or a program with a token and a role for every brand."""

    name: str
    member_id: int | None = None
    device_id: int | None = None
    #: the role for every brand (instance owners, tokens), "" when roles are given brand by brand
    role_everywhere: str = ""
    roles: Mapping[int, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """A short name that no other caller has."""
        return f"d{self.device_id}" if self.device_id is not None else f"m{self.member_id}"

    def role(self, brand_id: int) -> str:
        """The role for one brand, "" where there is none."""
        return self.role_everywhere or self.roles.get(brand_id, "")

    def may(self, brand_id: int, role: Role) -> bool:
        return RANK.get(self.role(brand_id), 0) >= RANK[role]

    def need(self, brand_id: int, role: Role) -> None:
        """Raises NotFound where the brand is none of the caller's business, Forbidden where the role is too small."""
        held = self.role(brand_id)
        if not held:
            raise NotFound("There is no such brand.")
        if RANK[held] < RANK[role]:
            raise Forbidden(f"This needs the role of {role}; yours is {held}.", extra={"needs": role, "role": held})

    def need_everywhere(self, role: Role) -> None:
        """For what belongs to the whole server. Raises Forbidden."""
        if RANK.get(self.role_everywhere, 0) < RANK[role]:
            raise Forbidden(f"This needs the role of {role} on the whole server.", extra={"needs": role})

    def brand_ids(self, existing: frozenset[int]) -> frozenset[int]:
        """Which of the existing brands the caller may read."""
        return existing if self.role_everywhere else existing & frozenset(self.roles)


def check_role(role: str) -> str:
    """Raises Invalid for a word that is no role."""
    if role not in RANK:
        raise Invalid("There is no such role.", fields={"role": "owner, editor, contributor or viewer"})
    return role
