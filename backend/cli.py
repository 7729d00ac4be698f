"""The command line. `entregent up` is what most people ever need."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from backend.config import VERSION, BadSetting, Settings, read_settings


class Refused(click.ClickException):
    """Something is not as it must be; the message says what, what is safe and what to do."""

    def show(self, file: Any = None) -> None:
        click.echo(f"entregent: {self.format_message()}", file=file, err=file is None)


def _settings(**changes: Any) -> Settings:
    try:
        settings = read_settings()
    except BadSetting as error:
        raise Refused(str(error)) from error
    return replace(settings, **{name: value for name, value in changes.items() if value is not None})


def _safe(settings: Settings) -> Settings:
    """Log-ins and tokens do not cross a network in the clear, unless somebody says so."""
    if settings.is_loopback or settings.allow_http or settings.admin_url.startswith("https://"):
        return settings
    raise Refused(
        f"Listening on {settings.host} without HTTPS would send log-ins and tokens in the clear. Nothing was started. "
        "Put a proxy that speaks HTTPS in front and set ENTREGENT_ADMIN_URL=https://…, or listen on 127.0.0.1; "
        "ENTREGENT_ALLOW_HTTP=yes allows it all the same."
    )


def _migrated(settings: Settings) -> Settings:
    from backend.migrations.upgrade import NewerDatabase, NoDataFolder, upgrade_database

    try:
        upgrade_database(settings)
    except (NewerDatabase, NoDataFolder) as error:
        raise Refused(str(error)) from error
    return settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="entregent")
def main() -> None:
    """Entregent: listen, answer, shorten, publish and measure, on your own machine."""


def _listening(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--host", help="Address to listen on (127.0.0.1).")(command)
    return click.option("--port", type=int, help="Port to listen on (8377).")(command)


@main.command()
@_listening
@click.option("--open/--no-open", "open_browser", default=False, help="Open the address in the browser.")
def up(host: str | None, port: int | None, open_browser: bool) -> None:
    """Set up what is missing, then run web and worker under one parent until Ctrl-C."""
    from backend.up import AlreadyRunning, PortTaken, run_up

    settings = _migrated(_safe(_settings(host=host, port=port)))
    while True:
        try:
            sys.exit(run_up(settings, open_browser=open_browser))
        except AlreadyRunning as error:
            raise Refused(f"{error} Another log-in link: entregent login") from error
        except PortTaken as taken:
            again = f"entregent up --port {taken.free}"
            if not sys.stdin.isatty():
                raise Refused(f"{taken} Another port is free: {again}  (or ENTREGENT_PORT={taken.free})") from taken
            click.echo(str(taken))
            if not click.confirm(f"Use port {taken.free} instead?", default=True):
                raise click.Abort() from taken
            settings = replace(settings, port=taken.free)


@main.command()
@_listening
def web(host: str | None, port: int | None) -> None:
    """Run the web process alone (on servers; `up` runs it for you)."""
    from backend.server import serve_web

    serve_web(_migrated(_safe(_settings(host=host, port=port))))


@main.command()
def worker() -> None:
    """Run one worker process alone (as many as wanted)."""
    from backend.worker import serve_worker

    serve_worker(_migrated(_settings()))


@main.command()
@click.option("--member", "member_id", type=int, help="Whose log-in; the first owner when left out.")
def login(member_id: int | None) -> None:
    """Print a link that logs in once."""
    from backend.up import make_login_url

    click.echo(make_login_url(_migrated(_settings()), member_id))


@main.group()
def token() -> None:
    """Tokens for programs."""


@token.command("create")
@click.argument("name")
@click.option("--role", type=click.Choice(["owner", "editor", "contributor", "viewer"]), default="owner")
def create_token(name: str, role: str) -> None:
    """Print a new token, alone, on standard output. It is shown only this once."""
    from backend.accounts.members import create_device
    from backend.infra.clock import utc_now
    from backend.infra.db import Database

    settings = _migrated(_settings())
    database = Database(settings.database_url, pool_size=1)
    with database.write() as session:
        _device, secret = create_device(session, name=name, kind="token", role=role, now=utc_now())
    database.close()
    click.echo(secret)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent copy of everything to FILE (a zip), while the server runs."""
    from backend.infra.backup import BackupProblem, write_backup
    from backend.infra.clock import utc_now

    try:
        write_backup(_settings(), file.absolute(), now=utc_now())
    except (BackupProblem, OSError) as error:
        raise Refused(str(error)) from error
    click.echo(f"Everything but the key of network secrets is in {file}.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True))
def restore(file: Path) -> None:
    """Put a copy back. Stop the server first. What was there is set aside, not deleted."""
    from backend.infra.backup import BackupProblem, restore_backup
    from backend.infra.clock import utc_now
    from backend.migrations.upgrade import NoDataFolder, make_data_dir
    from backend.up import is_running

    settings = _settings()
    try:
        make_data_dir(settings)
        if is_running(settings):
            raise Refused("The server is running on this data folder: stop it first. Nothing was changed.")
        aside = restore_backup(settings, file, now=utc_now())
    except (BackupProblem, NoDataFolder) as error:
        raise Refused(str(error)) from error
    _migrated(settings)
    click.echo("Restored." + (f" What was there is in {aside}." if aside else ""))


@main.command()
@click.option("--remove", is_flag=True, help="Take everything of the demo away again.")
def demo(remove: bool) -> None:
    """Fill an invented brand, so that everything can be tried without any network."""
    from backend.demo import fill
    from backend.demo import remove as take_away
    from backend.infra.clock import utc_now
    from backend.infra.runtime import open_runtime

    runtime = open_runtime(_migrated(_settings()))
    words = take_away(runtime, now=utc_now()) if remove else fill(runtime, now=utc_now())
    runtime.close()
    click.echo(words)
