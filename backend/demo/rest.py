"""The rest of the invented brand: links, posts, figures. Data only."""

from __future__ import annotations

BRAND = {
    "name": "Café Lumière (démo)",
    "kind": "place",
    "languages": ["fr", "en"],
    "countries": ["FR"],
    "time_zone": "Europe/Paris",
    "voice": "Chaleureux, direct, jamais familier ; on vouvoie, on remercie, on propose une suite.",
    "address": "vous",
    "handles": {"mastodon": "@cafelumiere@mastodon.example", "bluesky": "@cafelumiere.bluesky.example"},
    "utm": {"source": "{network}", "medium": "social"},
}

#: name, query
KEYWORDS = (
    ("Café Lumière", '"café lumière" OR cafelumiere'),
    ("Le Comptoir des Halles", '"comptoir des halles"'),
    ("Nos boissons", '"café lumière" ("flat white" OR filtre OR matcha OR chaï OR filter OR chai)'),
)

#: title, address, how many people clicked in 30 days
LINKS = (
    ("La carte", "https://cafe-lumiere.example/carte", 420),
    ("Réserver", "https://cafe-lumiere.example/reserver?depuis=reseaux", 310),
    ("La terrasse d’hiver", "https://cafe-lumiere.example/actualites/terrasse-hiver", 260),
    ("Recettes du dimanche", "https://cafe-lumiere.example/recettes", 95),
    ("On recrute", "https://cafe-lumiere.example/recrutement", 60),
    ("Our menu in English", "https://cafe-lumiere.example/en/menu", 140),
)
#: where people came from, weighted
REFERRERS = {
    "https://mastodon.example/": 6,
    "https://bluesky.example/": 4,
    "https://www.instagram.example/": 5,
    "https://mail.example/": 2,
    "": 6,
}
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0",
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36",
)
ROBOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "http.rb/5.2.0 (Mastodon/4.5.0; +https://mastodon.example/) Bot",
)

#: text, days from now (before: negative), state of its deliveries ("" = a draft), hour in the brand's zone
POSTS = (
    ("La terrasse d’hiver est ouverte. Plaids, braseros, chocolat chaud. À tout à l’heure ?", -9, "published", 9),
    ("Merci pour vos 400 messages sur la tarte aux poires. Elle reste à la carte jusqu’à Noël.", -6, "published", 12),
    ("Ce soir, les invendus partent à vélo vers trois associations du quartier.", -3, "published", 18),
    ("Sunday brunch, 10 to 3. No booking, bring a book.", -2, "published", 10),
    ("Petit rappel : lundi, nous ouvrons à 8 h 30.", -1, "held", 18),
    ("On cherche une ou un barista pour janvier. Écrivez-nous, même sans expérience.", 1, "scheduled", 9),
    ("Atelier latte art samedi : six places, on commence par les ratés.", 3, "scheduled", 12),
    ("Recette du dimanche : la brioche perdue, version paresseuse.", 5, "scheduled", 10),
    ("Idée : série « nos clients racontent leur table »", 0, "", 0),
)
