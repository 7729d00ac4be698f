# ruff: noqa: E501  # sentences stay on one line
"""What is said about the invented café, in French: what it is, and its text. `{…}` is filled from WORDS, so that one
sentence is never said twice in the same words."""

from __future__ import annotations

WORDS = {
    "plat": ("la tarte aux poires", "le croque aux cèpes", "la brioche perdue", "le cookie au sarrasin", "le granola",
             "la quiche aux poireaux", "le banana bread", "les œufs bénédicte", "la soupe de potimarron", "le cheesecake"),
    "boisson": ("le flat white", "le café filtre", "le chocolat chaud", "le matcha", "le latte", "l’espresso", "le chaï",
                "la limonade maison"),
    "jour": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "moment": ("ce matin", "hier soir", "ce midi", "samedi dernier", "hier après-midi", "tout à l’heure", "dimanche"),
    "qui": ("ma sœur", "ma mère", "mon fils", "ma voisine", "mon associée", "mon père", "ma classe"),
    "lieu": ("la terrasse", "la salle du fond", "la banquette rouge", "la table ronde", "la mezzanine"),
    "minutes": ("vingt", "trente", "quarante", "cinquante"),
}  # fmt: skip

SAID: tuple[tuple[str | None, str], ...] = (
    ("praise", "Pause parfaite au Café Lumière {moment} : {boisson} et {plat}, rien à redire."),
    ("praise", "{moment} au Café Lumière avec {qui} : accueil adorable, {plat} à tomber."),
    ("praise", "Le Café Lumière reste mon bureau préféré du quartier. {boisson} impeccable, prises partout."),
    ("praise", "Si vous passez rue des Lilas, arrêtez-vous au Café Lumière pour {plat}."),
    ("praise", "Merci au Café Lumière d’avoir gardé {lieu} pour l’anniversaire de {qui} !"),
    ("praise", "Grand sourire en sortant du #CafeLumiere {moment}. {boisson} au top."),
    ("praise", "Le Café Lumière a retrouvé le portefeuille de {qui} et l’a gardé deux jours. Des gens bien."),
    ("praise", "On dira ce qu’on veut, {plat} du Café Lumière, c’est un événement."),
    (None, "Rendez-vous {jour} au Café Lumière, {lieu}, comme d’habitude."),
    (None, "Soleil, livre, {boisson}, Café Lumière. {moment}, je ne demandais rien d’autre."),
    ("praise", "Le café de spécialité qui ne se prend pas au sérieux, c’est le Café Lumière. {boisson} : oui."),
    ("praise", "Le personnel du Café Lumière a parlé en langue des signes avec {qui} {moment}. Respect."),
    ("question", "Est-ce que le Café Lumière ouvre {jour} ? Le site ne dit rien."),
    ("question", "Quelqu’un sait si {plat} du Café Lumière est sans gluten ?"),
    ("question", "Bonjour Café Lumière, peut-on réserver {lieu} pour douze personnes {jour} ?"),
    ("question", "Le Café Lumière accepte les chiens ? Je viens {jour} avec {qui}."),
    ("question", "Vous avez du lait d’avoine pour {boisson} au Café Lumière ?"),
    ("question", "Café Lumière : prenez-vous les titres-restaurant pour {plat} ?"),
    ("question", "Est-ce que {lieu} du Café Lumière est accessible en fauteuil ?"),
    ("question", "À quelle heure faut-il venir au Café Lumière {jour} pour avoir une place ?"),
    ("question", "Le Café Lumière vend ses grains ? J’ai adoré {boisson} {moment}."),
    ("question", "Cherche stage de barista pour {qui} : le Café Lumière prend du monde ?"),
    ("request", "Café Lumière, pourriez-vous remettre {plat} à la carte le {jour} ? S’il vous plaît."),
    ("request", "Bonjour Café Lumière, je cherche un lieu pour un atelier d’écriture le {jour}, {lieu} est libre ?"),
    ("request", "Je suis journaliste et j’aimerais parler du Café Lumière : qui puis-je joindre {jour} ?"),
    ("request", "Notre association cherche des invendus : le Café Lumière donnerait-il {plat} le {jour} soir ?"),
    (None, "Vu {moment} devant le Café Lumière : la file allait jusqu’au coin de la rue."),
    (None, "Le Café Lumière repeint {lieu}, c’était fermé {moment}."),
    (None, "{qui} a oublié un parapluie vert au Café Lumière {moment}. Quelqu’un l’a vu ?"),
    (None, "Réunion du comité de quartier {jour} au Café Lumière, {lieu}."),
    (None, "Entre le Comptoir des Halles et le Café Lumière, mon cœur balance : {plat} ou {boisson} ?"),
    ("advertising", "Concours : gagnez {boisson} pour deux au Café Lumière, partagez ce message avant {jour} !"),
    ("advertising", "−20 % sur nos tasses, les mêmes qu’au Café Lumière, jusqu’à {jour} seulement."),
    ("complaint", "{minutes} minutes d’attente au Café Lumière {moment} pour {boisson}, et il était froid."),
    ("complaint", "Très déçue du Café Lumière {moment} : {plat} était sec, personne ne s’est excusé."),
    ("complaint", "Café Lumière, vous m’avez compté {plat} deux fois {moment}. Comment se faire rembourser ?"),
    ("complaint", "La musique du Café Lumière {moment}… impossible de s’entendre parler."),
    ("complaint", "Commande en ligne au Café Lumière jamais arrivée {moment}. Pas de réponse au téléphone."),
    ("complaint", "{boisson} à 6,50 € au Café Lumière, on marche sur la tête."),
    ("complaint", "Refusés au Café Lumière {moment} parce que {qui} avait une poussette. Vraiment ?"),
    ("complaint", "Un cheveu dans {plat} au Café Lumière {moment}. Dommage, j’aimais cet endroit."),
    ("complaint", "Les toilettes du Café Lumière {moment}, on en parle ? {minutes} minutes sans lumière, un comble."),
    (None, "Le Café Lumière n’est plus ce qu’il était. {plat} surgelé, non ?"),
    (None, "Toujours plein, toujours bruyant : {moment} j’ai quitté le Café Lumière pour le Comptoir des Halles."),
)  # fmt: skip

#: not the café: the film of the same name
ELSEWHERE: tuple[str, ...] = (
    "Revu « Café Lumière » au ciné-club {moment} : Tokyo, ses trains, et ce silence. Magnifique.",
    "« Café Lumière », rétrospective {jour} à la cinémathèque : qui vient avec {qui} ?",
    "Ce plan de gare dans « Café Lumière », je ne m’en remets pas. Revu {moment}.",
)

#: (title, text) of articles; several papers print the same
ARTICLES: tuple[tuple[str, str], ...] = (
    ("Le Café Lumière ouvre une terrasse d’hiver rue des Lilas",
     "Braseros à granulés, plaids et vin chaud sans alcool : le Café Lumière prolonge la belle saison jusqu’en mars."),
    ("Gaspillage : ces cafés qui donnent leurs invendus",
     "Au Café Lumière, les tartes du soir partent à vélo vers trois associations du onzième arrondissement."),
    ("Terrasses : la mairie réduit les horaires, les cafetiers s’inquiètent",
     "« Une heure de moins, c’est un emploi », dit la gérante du Café Lumière, rue des Lilas."),
    ("Le palmarès des meilleurs flat white de Paris",
     "Sur la troisième marche, le Café Lumière, pour sa mousse « d’une précision d’horloger »."),
    ("Panne d’électricité géante dans le onzième : les commerces à la bougie",
     "Au Café Lumière, on a servi le café filtre à la lampe de poche pendant deux heures."),
    ("Prix du café : pourquoi la tasse va encore augmenter",
     "Le torréfacteur qui fournit le Café Lumière annonce une hausse de 12 % en janvier."),
)  # fmt: skip
