"""What a folder of somebody's reader is about: its name, in French or English, as a purpose. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from backend.query.words import fold

_NAMES = {
    "press": "press presse news actualites actualite actus actu journaux journal media medias newspapers blogs blog",
    "reviews": "reviews review avis notes temoignages ratings",
    "forums": "forums forum boards discussions communities communautes",
    "social": "social socials reseaux mastodon bluesky reddit lemmy",
    "competitors": "competitors competitor competition rivals concurrents concurrent concurrence concurrentielle",
    "video": "video videos podcasts podcast youtube chaines audio",
}
_PURPOSES = {word: purpose for purpose, words in _NAMES.items() for word in words.split()}


def purpose_of_folders(folders: Sequence[str]) -> str:
    """By the innermost folder whose name says it; "" where none does."""
    for name in reversed(folders):
        for word in fold(name).words:
            if word in _PURPOSES:
                return _PURPOSES[word]
    return ""
