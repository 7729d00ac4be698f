"""Personal data in a text: mail addresses, phone numbers, IBANs and card numbers, with where they stand.

IBANs are checked by their remainder (ISO 13616: mod 97 is 1) and length, cards by Luhn (ISO/IEC 7812) and length.
A phone number is taken where it is written as one: with a country's prefix, or as national numbers are in France,
the United Kingdom and North America; prices, years and order numbers are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import regex

Kind = Literal["mail", "iban", "card", "phone"]
MAX_CHARACTERS = 100_000

_MAIL = regex.compile(r"[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,8}\p{L}{2,24}\b")
_DIGIT = regex.compile(r"\d")
_IBAN = regex.compile(r"\b[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]){11,30}\b", regex.IGNORECASE)
_CARD = regex.compile(r"(?<![\d+])\d(?:[ \-]?\d){12,18}(?!\d)")
_PHONE = regex.compile(
    r"(?<![\w+])(?<!\d{4} )(?:"
    r"(?:\+|00)[1-9]\d{0,2}(?:[ .\-/]?\(0\))?(?:[ .\-/]?\(?\d{1,4}\)?){2,6}"  # +33 (0)1 23 45 67 89
    r"|0[1-9](?:[ .\-]?\d{2}){4}"  # 01 23 45 67 89
    r"|0\d{2,4}[ \-]\d{3,4}[ \-]?\d{3,4}"  # 020 7946 0018
    r"|\(?\d{3}\)?[ .\-]\d{3}[.\-]\d{4}"  # (202) 555-0134
    r")(?! ?\d)(?!\w)"
)
# Lengths of the IBANs of SEPA (registry of ISO 13616); other countries pass by the remainder alone.
_IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21,
    "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}  # fmt: skip
_MIN_PHONE_DIGITS, _MAX_PHONE_DIGITS = 9, 15  # E.164 allows 15


@dataclass(frozen=True)
class Personal:
    """`text[start:end]` is personal data of a kind."""

    kind: Kind
    start: int
    end: int


def find_personal(text: str) -> tuple[Personal, ...]:
    """What is found in the first 100,000 characters, in order, without overlaps."""
    taken: list[Personal] = []
    for kind, start, end in _candidates(text[:MAX_CHARACTERS]):
        if all(end <= other.start or start >= other.end for other in taken):
            taken.append(Personal(kind, start, end))
    return tuple(sorted(taken, key=lambda found: found.start))


def mask(text: str) -> str:
    """The text with each piece of personal data as its kind: "write to [mail]". What lies beyond is cut off."""
    text = text[:MAX_CHARACTERS]
    for found in reversed(find_personal(text)):
        text = f"{text[: found.start]}[{found.kind}]{text[found.end :]}"
    return text


def is_iban(written: str) -> bool:
    """Whether letters and digits, blanks allowed, are a valid IBAN."""
    code = regex.sub(r"[ \-]", "", written).upper()
    if not 15 <= len(code) <= 34 or not code.isascii() or not code.isalnum():
        return False
    if len(code) != _IBAN_LENGTHS.get(code[:2], len(code)):
        return False
    return int("".join(str(int(sign, 36)) for sign in code[4:] + code[:4])) % 97 == 1


def is_card(written: str) -> bool:
    """Whether digits, blanks allowed, are a card number: 13 to 19 of them, right by Luhn, not all the same."""
    digits = [int(sign) for sign in written if sign.isdecimal()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = (digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


def _candidates(text: str) -> Iterator[tuple[Kind, int, int]]:
    if "@" in text:  # most texts have none of all this, and a pattern is tried at every letter
        for match in _MAIL.finditer(text):
            yield "mail", match.start(), match.end()
    if _DIGIT.search(text) is None:
        return
    for match in _IBAN.finditer(text):
        end = _iban_end(match.group())
        if end:
            yield "iban", match.start(), match.start() + end
    for match in _CARD.finditer(text):
        if is_card(match.group()):
            yield "card", match.start(), match.end()
    for match in _PHONE.finditer(text):
        if _MIN_PHONE_DIGITS <= sum(map(str.isdecimal, match.group())) <= _MAX_PHONE_DIGITS:
            yield "phone", match.start(), match.end()


def _iban_end(written: str) -> int:
    """Where the longest IBAN at the beginning ends; the words after it may have been taken along. 0 for none."""
    ends = [place + 1 for place, sign in enumerate(written) if sign.isalnum()]
    return next((end for end in reversed(ends) if is_iban(written[:end])), 0)
