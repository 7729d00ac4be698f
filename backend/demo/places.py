"""Invented people, papers and places of the demo. All hosts end in `.example`, which leads nowhere (RFC 2606)."""

from __future__ import annotations

PEOPLE_FR = (
    "Maud Delcroix", "Karim Benali", "Léa Fontaine", "Thomas Riou", "Inès Marchetti", "Jules Vasseur", "Aïcha Diallo",
    "Camille Roussel", "Bastien Lemoine", "Nora Haddad", "Élodie Perrin", "Hugo Castaing", "Sofia Almeida",
    "Paul-Henri Garnier", "Yasmine Kaci", "Mathis Colin", "Zoé Lambert", "Antoine Guérin", "Clara Weiss", "Lucas Morel",
    "Fatou Sarr", "Gaspard Noël", "Jeanne Ollivier", "Rémi Toussaint", "Anaïs Bourdon", "Farid Mansouri",
)  # fmt: skip
PEOPLE_EN = (
    "Hannah Whitfield", "Owen Gallagher", "Priya Nair", "Marcus Reed", "Ellie Thornton", "Tom Ashworth", "Grace Okafor",
    "Dan Kowalski", "Sarah Lindqvist", "Ben Carrow", "Amelia Stone", "Noah Petersen", "Ruth Adeyemi", "Jack Fenwick",
)  # fmt: skip
#: name, host, language
PAPERS = (
    ("Le Courrier des Halles", "courrier-des-halles.example", "fr"),
    ("Paris Quartiers", "paris-quartiers.example", "fr"),
    ("La Gazette gourmande", "gazette-gourmande.example", "fr"),
    ("L’Écho du onzième", "echo-onzieme.example", "fr"),
    ("Sortir demain", "sortir-demain.example", "fr"),
    ("Radio Lilas", "radio-lilas.example", "fr"),
    ("The Paris Ledger", "paris-ledger.example", "en"),
    ("Flat White Weekly", "flatwhite-weekly.example", "en"),
    ("Slow Weekends", "slow-weekends.example", "en"),
)
BLOGS_FR = (("Tasse et demie", "tasse-et-demie.example"), ("Les brunchs de Zoé", "brunchs-de-zoe.example"),
            ("Paris sans voiture", "paris-sans-voiture.example"),
            ("Le carnet du torréfacteur", "carnet-torre.example"))  # fmt: skip
BLOGS_EN = (("Left Bank Notes", "left-bank-notes.example"), ("Two Croissants", "two-croissants.example"))
#: network → how an address looks there; `{n}` a number, `{handle}` the author
ADDRESSES = {
    "mastodon": "https://mastodon.example/@{handle}/{n}",
    "bluesky": "https://bluesky.example/profile/{handle}.bluesky.example/post/{n}",
    "reddit": "https://reddit.example/r/paris/comments/{n}",
    "instagram": "https://instagram.example/p/{n}",
    "facebook": "https://facebook.example/{handle}/posts/{n}",
    "hackernews": "https://hackernews.example/item?id={n}",
    "web": "https://{host}/{n}",
    "news": "https://{host}/article/{n}",
}
SOURCE_KINDS = {"news": "googlenews", "web": "feed", "mastodon": "mastodon", "hackernews": "hackernews"}
