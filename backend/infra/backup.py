"""Copies of everything: a consistent snapshot of the database and the media, in one zip; and the way back.

The key that opens network secrets is left out on purpose: a copy in the wrong hands must not publish under the
brand's name. After a restore on another machine, accounts are connected again (or the key file is copied by hand).
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from datetime import datetime
from pathlib import Path

from backend.config import Settings

DATABASE_NAME = "entregent.sqlite3"
MEDIA = "media"


class BackupProblem(Exception):
    """A copy that cannot be made or taken back; the message says why and what is safe."""


def write_backup(settings: Settings, path: Path, *, now: datetime) -> None:
    """Write a zip to `path` while the server runs. Raises BackupProblem."""
    source = settings.sqlite_path
    if source is None:
        raise BackupProblem("The database is PostgreSQL: use pg_dump.")
    if not source.exists():
        raise BackupProblem(f"There is no database at {source} yet.")
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + ".part")
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        copy = Path(folder) / DATABASE_NAME
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(copy)) as target:
            live.backup(target)  # SQLite's own: consistent under writers
        with zipfile.ZipFile(scratch, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(copy, DATABASE_NAME)
            archive.writestr("made.txt", f"Entregent, {now:%Y-%m-%d %H:%M} UTC\n")
            media = settings.data_dir / MEDIA
            for file in sorted(media.rglob("*")) if media.is_dir() else []:
                if file.is_file():
                    archive.write(file, f"{MEDIA}/{file.relative_to(media)}")
    scratch.replace(path)


def restore_backup(settings: Settings, path: Path, *, now: datetime) -> Path | None:
    """Put the copy at `path` in place; what was there is set aside. Gives the place of what was set aside.

    Raises BackupProblem, and then nothing was changed.
    """
    target = settings.sqlite_path
    if target is None:
        raise BackupProblem("The database is PostgreSQL: use pg_restore.")
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupProblem(f"{path} is no copy of Entregent's: {error}") from error
    with archive, tempfile.TemporaryDirectory(dir=_made(settings.data_dir)) as folder:
        names = archive.namelist()
        if DATABASE_NAME not in names:
            raise BackupProblem(f"{path} holds no {DATABASE_NAME}.")
        for name in names:
            if name.startswith("/") or ".." in Path(name).parts or "\\" in name:
                raise BackupProblem(f"{path} holds a path that leads outside: {name}")
        archive.extractall(folder)  # every name was checked above
        copy = Path(folder) / DATABASE_NAME
        try:
            with closing(sqlite3.connect(copy)) as opened:
                answer = opened.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise BackupProblem(f"The database in {path} cannot be read: {error}") from error
        if answer != "ok":
            raise BackupProblem(f"The database in {path} is damaged: {answer}")
        aside = _set_aside(settings, target, now=now)
        shutil.move(copy, target)
        if (Path(folder) / MEDIA).is_dir():
            shutil.copytree(Path(folder) / MEDIA, settings.data_dir / MEDIA, dirs_exist_ok=True)
        return aside


def nightly_backup(settings: Settings, *, now: datetime) -> Path | None:
    """Today's copy in `backups/`, the oldest beyond the setting cleared away. None on PostgreSQL."""
    if settings.sqlite_path is None:
        return None
    folder = settings.data_dir / "backups"
    path = folder / f"entregent-{now:%Y-%m-%d}.zip"
    write_backup(settings, path, now=now)
    for old in sorted(folder.glob("entregent-*.zip"))[: -settings.backups_kept]:
        old.unlink()
    return path


def _set_aside(settings: Settings, target: Path, *, now: datetime) -> Path | None:
    if not target.exists():
        return None
    aside = _made(settings.data_dir / "backups" / f"before-restore-{now:%Y%m%d-%H%M%S}")
    for suffix in ("", "-wal", "-shm"):
        file = target.with_name(target.name + suffix)
        if file.exists():
            shutil.move(file, aside / file.name)
    return aside


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
