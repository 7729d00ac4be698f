"""Row `understand.ms_per_text`: language, mood and intent (and what else `understand` finds) of one post, one core."""

from __future__ import annotations

import statistics
import time

from backend.understanding.understand import understand
from bench.rows import Row, judge

ROUNDS = 7
TEXTS = 400
_PARTS = (
    "Still no answer about order {n}, this is the third time I write and nobody calls back.",
    "Merci à toute l’équipe du {n} rue du Port, accueil parfait et gâteau délicieux 😍",
    "Est-ce que vous êtes ouverts le dimanche {n} ? On serait {n} à table.",
    "New in our shop: shirts from {n}.90, order today https://shop.example/{n} #sale",
    "Le conseil se réunit le {n} mai à la mairie, l’ordre du jour est en ligne.",
)


def rows() -> list[Row]:
    """One row; CPU time of this process, so that other load does not count."""
    texts = [" ".join(_PARTS[(n + k) % 5].format(n=n) for k in range(1 + n % 3)) for n in range(TEXTS)]
    for text in texts[:20]:
        understand(text, languages=["en", "fr"])
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for text in texts:
            understand(text, languages=["en", "fr"])
        taken.append((time.process_time() - began) * 1000 / TEXTS)
    mean = sum(map(len, texts)) / TEXTS
    return [
        judge("understand.ms_per_text", statistics.median(taken), "ms", "<=2", note=f"texts of {mean:.0f} characters")
    ]
