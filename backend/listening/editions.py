"""Which editions of a news search fit a brand: pairs of a language and a country that services really have."""

from __future__ import annotations

from collections.abc import Sequence

#: language → countries with an edition in it; the first stands in where a brand names none of them
EDITIONS: dict[str, tuple[str, ...]] = {
    "fr": ("FR", "BE", "CH", "CA", "MA", "SN"),
    "en": ("US", "GB", "IE", "CA", "AU", "NZ", "IN", "ZA", "SG"),
    "de": ("DE", "AT", "CH"),
    "es": ("ES", "MX", "AR", "CO", "CL", "PE", "US"),
    "it": ("IT",),
    "pt": ("PT", "BR"),
    "nl": ("NL", "BE"),
    "pl": ("PL",),
    "sv": ("SE",),
    "no": ("NO",),
    "da": ("DK",),
    "fi": ("FI",),
    "cs": ("CZ",),
    "hu": ("HU",),
    "ro": ("RO",),
    "el": ("GR",),
    "bg": ("BG",),
    "uk": ("UA",),
    "tr": ("TR",),
    "ru": ("RU", "UA"),
    "ar": ("EG", "SA", "AE", "LB"),
    "he": ("IL",),
    "ja": ("JP",),
    "ko": ("KR",),
    "zh": ("TW", "HK"),
    "id": ("ID",),
    "vi": ("VN",),
    "th": ("TH",),
    "hi": ("IN",),
}
MOST = 6  # each is a feed of its own: every edition more makes all of them rarer
DEFAULT = ("en", "US")


def editions_for(languages: Sequence[str], countries: Sequence[str]) -> list[tuple[str, str]]:
    """`(["fr", "en"], ["FR", "BE"])` → fr-FR, fr-BE, en-US. Never empty."""
    found: list[tuple[str, str]] = []
    for language in languages:
        known = EDITIONS.get(language, ())
        wanted = [country for country in countries if country in known] or list(known[:1])
        found.extend((language, country) for country in wanted)
    if not languages:
        spoken = {country: language for language, known in reversed(EDITIONS.items()) for country in reversed(known)}
        found = [(spoken[country], country) for country in countries if country in spoken]
    return list(dict.fromkeys(found))[:MOST] or [DEFAULT]
