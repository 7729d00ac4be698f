"""Pages as they are met, written by us: a blog, reviews with names made by a tool, a table, a page of scripts."""

from __future__ import annotations

MENU = (
    '<nav><ul class="menu"><li><a href="/">Accueil</a></li><li><a href="/carte">La carte</a></li>'
    '<li><a href="/contact">Contact</a></li></ul></nav>'
)


def blog(*titles: str, day: int = 20) -> str:
    posts = "".join(
        f'<article class="post css-1q2w3e mt-4"><h2 class="post-title"><a href="/actus/{n}">{title}</a></h2>'
        f'<p class="meta">par <span class="author">Maud</span>, le <time datetime="2026-11-{day - n:02}T10:00:00Z">'
        f"{day - n} novembre</time></p><p class='summary'>On en parle beaucoup dans le quartier, dit-on : {title}.</p>"
        "</article>"
        for n, title in enumerate(titles, 1)
    )
    return (
        f'<!DOCTYPE html><html lang="fr"><head><title>Le blog du café</title><script src="/a.js"></script></head>'
        f'<body>{MENU}<main id="content"><h1>Le blog</h1><div class="posts row">{posts}</div></main>'
        "<footer><p>Café Lumière, 12 rue des Lilas, Paris</p></footer></body></html>"
    )


def reviews(*said: tuple[str, str, str]) -> str:
    """(who, stars, words), every class made by a tool, cards in rows of two."""
    cards = [
        f'<div class="sc-bdVaJa kXyZqP"><div class="sc-htpNat a8f3k2"><span class="sc-aaZbbY">{who}</span></div>'
        f'<p class="sc-ifAKCX" data-testid="review-body">{words}</p><span>{stars}</span></div>'
        for who, stars, words in said
    ]
    rows = "".join(f'<div class="row">{"".join(cards[n : n + 2])}</div>' for n in range(0, len(cards), 2))
    return f"<html lang=en><title>Reviews</title><body>{MENU}<section>{rows}</section></body></html>"


TABLE = """<html><body><h1>Arrêtés de la commune</h1><table><tr><th>Objet</th><th>Date</th></tr>
<tr><td><a href='arretes/1.pdf'>Terrasses de la place</a></td><td>12/11/2026</td></tr>
<tr><td><a href='arretes/2.pdf'>Marché de Noël</a></td><td>03/11/2026</td></tr>
<tr><td><a href='arretes/3.pdf'>Circulation rue des Lilas</a></td><td>28/10/2026</td></tr></table></body></html>"""

SCRIPTS = (
    '<html><head><title>App</title></head><body><div id="root"></div><script src="/app.js"></script></body></html>'
)
