"""`/texts/count`: how long a text is on each network or account. Writes nothing."""

from __future__ import annotations

from apiflask import APIBlueprint
from pydantic import Field

from backend.accounts import networks as accounts
from backend.api.base import In, Out, caller, make_blueprint, parse_id, runtime
from backend.connectors.manifest import CountRules
from backend.infra.errors import Invalid
from backend.publishing.checks import MOST_CHARACTERS
from backend.publishing.counting import count


class CountIn(In):
    model_config = In.model_config | {"str_strip_whitespace": False}  # a blank at the end counts

    text: str = Field(max_length=MOST_CHARACTERS)
    account_ids: list[str] = Field(default_factory=list, max_length=50)
    networks: list[str] = Field(default_factory=list, max_length=50)


class CountOut(Out):
    account_id: str | None = None
    network: str
    used: int
    limit: int
    left: int
    unit: str


class CountList(Out):
    items: list[CountOut]


def texts_blueprint() -> APIBlueprint:
    bp = make_blueprint("texts")

    @bp.post("/texts/count")
    @bp.input(CountIn)
    @bp.output(CountList)
    def post_count(json_data: CountIn) -> CountList:
        if not json_data.account_ids and not json_data.networks:
            raise Invalid("Count for whom?", fields={"networks": "networks or account_ids"})
        wanted: list[tuple[str | None, str, CountRules]] = []
        for name in json_data.networks:
            wanted.append((None, name, accounts.get_manifest(name).counting))
        with runtime().db.read() as session:
            for account_id in json_data.account_ids:
                account = accounts.get_account(session, parse_id(account_id, "account"))
                caller().need(account.brand_id, "viewer")
                wanted.append((account_id, account.network, accounts.counting_of(account)))
        items = []
        for ref, network, rules in wanted:
            counted = count(json_data.text, rules)
            items.append(
                CountOut(
                    account_id=ref,
                    network=network,
                    used=counted.used,
                    limit=counted.limit,
                    left=counted.left,
                    unit=rules.unit,
                )
            )
        return CountList(items=items)

    return bp
