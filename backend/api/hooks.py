"""`/sources/{id}/hook`: the secret address of a webhook, told once, renewed at will."""

from __future__ import annotations

from apiflask import APIBlueprint
from pydantic import Field

from backend.api.base import In, MaybeMoment, Out, caller, make_blueprint, now, parse_id, runtime
from backend.listening.sources import get_source
from backend.listening.webhooks import PATH, get_hook, renew_address


class HookIn(In):
    sign: bool = Field(
        default=False,
        description="deliveries must be signed: X-Hub-Signature-256: sha256=<HMAC of the body in hexadecimal>",
    )


class HookOut(Out):
    """Everything but the address. `made_at` null: it has none yet."""

    made_at: MaybeMoment
    signed: bool
    last_at: MaybeMoment
    taken: int


class NewHookOut(Out):
    """Told this one time."""

    url: str
    signing_key: str | None


def hooks_blueprint() -> APIBlueprint:
    bp = make_blueprint("hooks")

    @bp.get("/sources/<id>/hook")
    @bp.output(HookOut)
    def get_source_hook(id: str) -> HookOut:
        with runtime().db.read() as session:
            source = get_source(session, parse_id(id, "source"))
            caller().need(source.brand_id, "viewer")
            hook = get_hook(session, source)
            if hook is None:
                return HookOut(made_at=None, signed=False, last_at=None, taken=0)
            return HookOut(made_at=hook.made_at, signed=bool(hook.signing), last_at=hook.last_at, taken=hook.taken)

    @bp.post("/sources/<id>/hook")
    @bp.input(HookIn)
    @bp.output(NewHookOut, status_code=201)
    def renew_source_hook(id: str, json_data: HookIn) -> NewHookOut:
        """A new address; the one before stops at once."""
        with runtime().db.write() as session:
            source = get_source(session, parse_id(id, "source"))
            caller().need(source.brand_id, "editor")
            address = renew_address(session, runtime().vault, source, sign=json_data.sign, now=now())
        url = f"{runtime().settings.outside_url}{PATH}{address.secret}"
        return NewHookOut(url=url, signing_key=address.signing or None)

    return bp
