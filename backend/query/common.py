"""Words that stand in nearly every text of their language, folded: what nobody can be found by."""

from __future__ import annotations

ENGLISH = frozenset(
    """a about after all also an and any are as at back be because been but by can come could day do even first for
    from get give go good had has have he her him his how i if in into is it its just know like look make me
    more most my new no not now of on one only or other our out over people said say see she so some take than
    that the their them then there these they think this time to two up us use want was way we well were what
    when which who will with work would year you your""".split()  # noqa: SIM905  # a list of words, not of quotes
)
FRENCH = frozenset(
    """a ai ans apres au aussi autre aux avait avec avoir bien c ce ces cette comme d dans de depuis des deux dit
    dont du elle elles en encore entre est et ete etre fait faire faut fois il ils j je jour l la le les leur
    leurs lui m ma mais me meme mes moi moins mon n ne non nos notre nous on ont ou par pas peu peut plus pour
    pourquoi qu quand que quel quelle qui s sa sans se ses si son sont sous sur t tes tous tout toute tres tu un
    une va vers vos votre vous y""".split()  # noqa: SIM905  # a list of words, not of quotes
)


def is_common(word: str) -> bool:
    return word in ENGLISH or word in FRENCH
