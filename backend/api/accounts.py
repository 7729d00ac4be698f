"""`/accounts`: accounts on networks. Secrets go in and never come back."""

from __future__ import annotations

from apiflask import APIBlueprint
from pydantic import Field

from backend.accounts import networks as domain
from backend.accounts.network_models import NetworkAccount
from backend.api.base import (
    Empty,
    Id,
    In,
    MaybeMoment,
    Out,
    PageQuery,
    brand_of,
    brands_of,
    caller,
    create_once,
    make_blueprint,
    now,
    parse_id,
    runtime,
)
from backend.api.networks import CountingOut, MediaRulesOut, counting_out, media_rules_out
from backend.infra.errors import Invalid
from backend.listening.accounts import listen_to, stop_listening_to


class AccountIn(In):
    brand_id: str | None = None
    network: str
    server: str = Field(default="", max_length=300)
    credentials: dict[str, str] = Field(max_length=10)


class AccountOut(Out):
    id: Id
    brand_id: Id
    network: str
    server: str
    handle: str
    display_name: str
    avatar_url: str
    state: str
    checked_at: MaybeMoment
    last_error: str
    untold: list[str] = Field(description="what its network does not tell it: messages_not_allowed | messages_away")
    counting: CountingOut
    media: MediaRulesOut
    version: int


class AccountList(Out):
    items: list[AccountOut]
    next_cursor: str | None = None


def account_out(account: NetworkAccount) -> AccountOut:
    return AccountOut(
        id=str(account.id),
        brand_id=str(account.brand_id),
        network=account.network,
        server=account.server,
        handle=account.handle,
        display_name=account.display_name,
        avatar_url=account.avatar_url,
        state=account.state,
        checked_at=account.checked_at,
        last_error=account.last_error,
        untold=domain.untold_of(account),
        counting=counting_out(domain.counting_of(account)),
        media=media_rules_out(domain.media_of(account)),
        version=account.version,
    )


def accounts_blueprint() -> APIBlueprint:
    bp = make_blueprint("accounts")

    @bp.get("/accounts")
    @bp.input(PageQuery, location="query")
    @bp.output(AccountList)
    def get_accounts(query_data: PageQuery) -> AccountList:
        with runtime().db.read() as session:
            found = domain.list_accounts(session, brands_of(session, query_data.brand_id))
            return AccountList(items=[account_out(one) for one in found])

    @bp.get("/accounts/<id>")
    @bp.output(AccountOut)
    def get_account(id: str) -> AccountOut:
        with runtime().db.read() as session:
            account = domain.get_account(session, parse_id(id, "account"))
            caller().need(account.brand_id, "viewer")
            return account_out(account)

    @bp.post("/accounts")
    @bp.input(AccountIn)
    @bp.output(AccountOut, status_code=201)
    def post_account(json_data: AccountIn) -> object:
        with runtime().db.read() as session:
            brand_id = brand_of(session, json_data.brand_id, "owner")
        credentials = {name: value.strip() for name, value in json_data.credentials.items()}
        facts = domain.check_account(runtime(), json_data.network, json_data.server, credentials, now=now())
        sealed = runtime().vault.seal(credentials)
        with runtime().db.write() as session:

            def create() -> AccountOut:
                account = domain.save_account(
                    session, brand_id=brand_id, network=json_data.network, facts=facts, sealed=sealed, now=now()
                )
                listen_to(session, account, now=now())
                return account_out(account)

            return create_once(session, json_data, create)

    @bp.post("/accounts/<id>/check")
    @bp.output(AccountOut)
    def check_account(id: str) -> AccountOut:
        with runtime().db.read() as session:
            account = domain.get_account(session, parse_id(id, "account"))
        caller().need(account.brand_id, "editor")
        try:
            facts = domain.check_again(runtime(), account, now=now())
        except Invalid as problem:
            with runtime().db.write() as session:
                unauthorized = problem.code == "credentials_refused"
                return account_out(
                    domain.note_problem(
                        session, account.id, unauthorized=unauthorized, message=problem.message, now=now()
                    )
                )
        with runtime().db.write() as session:
            return account_out(domain.note_checked(session, account.id, facts, now=now()))

    @bp.delete("/accounts/<id>")
    @bp.output(Empty)
    def delete_account(id: str) -> Empty:
        with runtime().db.write() as session:
            account = domain.get_account(session, parse_id(id, "account"))
            caller().need(account.brand_id, "owner")
            domain.disconnect_account(session, account.id, now=now())
            stop_listening_to(session, account, now=now())
        return Empty()

    return bp
