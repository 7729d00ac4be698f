"""The words of the interface: `_locales/{en,fr}/messages.json` is their only source.

    python tools/messages.py add KEY "English" "Français" ["KEY" "English" "Français" …]
    python tools/messages.py drop KEY…
    python tools/messages.py check          # both languages complete, every key used, every used key there

Placeholders are `{name}`. A plural is a family of keys `KEY_one`, `KEY_other` (Intl.PluralRules categories).
"""

from __future__ import annotations

import fcntl
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "fr")
SOURCES = ("extension/**/*.ts", "extension/**/*.tsx", "backend/**/*.py", "backend/**/*.html", "manifest.json")
# manifest.json names them as __MSG_key__
NAMED_BY_THE_BROWSER = frozenset({"extName", "extDescription", "command_reply", "command_shorten"})
PLURAL = re.compile(r"_(zero|one|two|few|many|other)$")


def path_of(language: str) -> Path:
    return ROOT / "_locales" / language / "messages.json"


def load(language: str) -> dict[str, dict[str, str]]:
    path = path_of(language)
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def save(language: str, messages: dict[str, dict[str, str]]) -> None:
    text = json.dumps(dict(sorted(messages.items())), ensure_ascii=False, indent=1) + "\n"
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".tmp")
    scratch.write_text(text, "utf-8")
    scratch.replace(path)


def add(words: list[str]) -> None:
    if len(words) % 3:
        sys.exit("add takes KEY ENGLISH FRENCH, any number of times")
    tables = {language: load(language) for language in LANGUAGES}
    for key, english, french in zip(words[::3], words[1::3], words[2::3], strict=True):
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", key):
            sys.exit(f"not a key: {key}")
        tables["en"][key] = {"message": english}
        tables["fr"][key] = {"message": typographic(french)}
    for language, table in tables.items():
        save(language, table)


def typographic(french: str) -> str:
    """French puts a narrow no-break space before ; : ? ! and a no-break space inside « »."""
    french = re.sub(r"(?<=\S) (?=[;:?!](?:\s|$))", "\u202f", french)
    return french.replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def drop(keys: list[str]) -> None:
    for language in LANGUAGES:
        save(language, {key: value for key, value in load(language).items() if key not in keys})


def placeholders(message: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", message))


def problems() -> list[str]:
    """What is wrong, one sentence each: a key that one language lacks, other placeholders, a key nobody uses."""
    tables = {language: load(language) for language in LANGUAGES}
    found = []
    english, french = tables["en"], tables["fr"]
    for key in sorted(english.keys() ^ french.keys()):
        found.append(f"{key} is missing in {'fr' if key in english else 'en'}")
    for key in sorted(english.keys() & french.keys()):
        if placeholders(english[key]["message"]) != placeholders(french[key]["message"]):
            found.append(f"{key} has other placeholders in fr than in en")
    code = "\n".join(
        path.read_text("utf-8")
        for pattern in SOURCES
        for path in ROOT.glob(pattern)
        if not {"node_modules", "build"} & set(path.parts)
    )
    words = set(re.findall(r"[A-Za-z][A-Za-z0-9_]*", code))
    families = set(re.findall(r"[`'\"]([A-Za-z][A-Za-z0-9_]*_)\$\{", code)) | set(re.findall(r"f\"([a-z]\w*_)\{", code))
    for key in sorted(english):
        stem = PLURAL.sub("", key)
        if key in NAMED_BY_THE_BROWSER:
            continue
        if key not in words and stem not in words and not any(key.startswith(family) for family in families):
            found.append(f"{key} is used nowhere")
    return found


def main() -> None:
    match sys.argv[1:]:
        case ["check"]:
            found = problems()
            print("\n".join(found) or "words: complete")
            sys.exit(bool(found))
        case ["add" | "drop" as verb, *words]:
            with (ROOT / "_locales" / ".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                (add if verb == "add" else drop)(words)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
