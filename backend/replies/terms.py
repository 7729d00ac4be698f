"""What of a text tells which reply fits: folded words without the small ones, cut down to a root.

A root is rough on purpose (a plural's s or x is dropped, long words count by their first six letters): it joins
"horaire" and "horaires", "rembourser" and "remboursement", in French and English, without a dictionary. People never
see roots; they are shown the words of the post.
"""

from __future__ import annotations

from collections.abc import Iterable

ROOT_LETTERS = 6

_FRENCH = (
    "a ai ait alors apres as au aujourd aussi autre autres aux avant avec avez avoir avons bien bonjour bonsoir c "
    "ca car ce cela celle celui ces cest cet cette ceux chez comme comment d dans de deja demain depuis des deux "
    "dire dit dois doit donc dont du elle elles en encore entre es est et etaient etait etant ete etes etre eu "
    "eux faire fait faut fois font hier hui il ils j jai je jour l la le les leur leurs lui m ma mais me meme mes "
    "moi mon ne ni non nos notre nous on ont or ou oui par parce pas peu peut peux plus pour pourquoi pouvez "
    "pouvoir qu quand que quel quelle quelles quels qui quoi rien s sa sans se sera ses si soit sommes son sont "
    "stp suis sur svp t ta te tes toi ton tous tout toute toutes tres trop tu un une va vais vers veut veux via "
    "viens vient voici voila vos votre vous vraiment vu y"
)
_ENGLISH = (
    "a about after again all also am an and any are as at be because been before being but by can could d did do "
    "does doing don dont down each even for from get got had has have having he hello her here hers hey hi him "
    "his how i if in into is isn it its just ll m many me more most much my no nor not now of off on once one "
    "only or other our out over own please re really s same she should so some such t than that the their them "
    "then there these they this those through to today tomorrow too under until up us ve very was wasn we were "
    "what when where which while who whom why will with would yes yesterday you your yours"
)
STOP_WORDS = frozenset(f"{_FRENCH} {_ENGLISH}".split())


def root(word: str) -> str:
    """What a folded word counts as."""
    if len(word) > 3 and word[-1] in "sx" and word[-2] != "s":
        word = word[:-1]
    return word[:ROOT_LETTERS]


def telling_roots(words: Iterable[str]) -> dict[str, str]:
    """Roots of the words that tell something, each with the first word that has it, in order."""
    found: dict[str, str] = {}
    for word in words:
        if word in STOP_WORDS or word.isdigit() or not word[0].isalnum() or (len(word) < 2 and word.isascii()):
            continue
        found.setdefault(root(word), word)
    return found
