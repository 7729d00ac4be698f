"""A first set of saved replies in French (tu, vous) and English: to be changed, not to be sent as they are.

Written to be read in public: short, no excuse that excuses nothing, no promise that nobody keeps, a blank wherever only
the person knows. `tags` are the words people use when they need this answer; suggestions look at them first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Starter:
    """One reply of the set. `shortcut` is the same subject's in each language, never the same word in two."""

    language: str
    title: str
    shortcut: str
    tags: tuple[str, ...]
    text: str


def starters(languages: Sequence[str], address: str) -> list[Starter]:
    """The set for a brand's languages (BCP 47; those we have: fr, en), in their order. `address`: tu or vous."""
    sets = {"fr": FRENCH_TU if address == "tu" else FRENCH_VOUS, "en": ENGLISH}
    wanted = dict.fromkeys(tag.lower().split("-")[0] for tag in languages)
    return [starter for tag in wanted if tag in sets for starter in sets[tag]]


def _french(title: str, shortcut: str, tags: str, text: str) -> Starter:
    return Starter("fr", title, shortcut, tuple(tags.split()), text)


def _english(title: str, shortcut: str, tags: str, text: str) -> Starter:
    return Starter("en", title, shortcut, tuple(tags.split()), text)


FRENCH_VOUS = (
    _french(
        "Remercier",
        "merci",
        "merci remercie bravo félicitations génial adore",
        "Merci {{author.name}}, votre message fait plaisir à lire. Je le transmets à toute l’équipe.",
    ),
    _french(
        "Horaires d’ouverture",
        "horaires",
        "horaires heure ouvert ouverts ouverture ferme fermé fermeture dimanche lundi",
        "Bonjour {{author.name}}, nous sommes ouverts {{ask:jours et heures}}. Pour un jour férié, "
        "écrivez-nous avant de venir, je vous confirmerai.",
    ),
    _french(
        "Présenter des excuses",
        "excuses",
        "déçu déçue décevant honte inadmissible scandaleux nul mauvais mauvaise expérience accueil",
        "Bonjour {{author.name}}, ce n’est pas l’accueil que nous voulons offrir, et nous vous présentons "
        "nos excuses pour {{ask:ce qui s’est passé}}. Je regarde avec l’équipe ce qui a manqué et je reviens "
        "vers vous {{ask:quand}}.",
    ),
    _french(
        "Demander des précisions",
        "precisions",
        "marche fonctionne problème bug erreur panne impossible comprends site",
        "Bonjour {{author.name}}, je vais vous aider. Pouvez-vous me dire {{ask:ce qu’il manque}} (le jour, "
        "le lieu, ce qui s’affiche)\u202f? Avec ces éléments, je pourrai chercher.",
    ),
    _french(
        "Passer en privé",
        "prive",
        "compte dossier numéro mail téléphone adresse privé mp",
        "Bonjour {{author.name}}, pour regarder votre dossier, il me faut {{ask:numéro de commande ou "
        "e-mail}}. Envoyez-le-moi en message privé plutôt qu’ici, c’est plus sûr pour vous.",
    ),
    _french(
        "Candidature",
        "emploi",
        "emploi recrutez recrutement recruter stage alternance candidature cv postuler job poste travailler",
        "Bonjour {{author.name}}, merci de l’intérêt que vous portez à {{brand.name}}. Nos offres sont "
        "ici\u202f: {{ask:adresse de la page emploi}}. Si rien ne correspond, envoyez votre CV à "
        "{{ask:adresse e-mail}}, nous répondons à chaque candidature.",
    ),
    _french(
        "Presse",
        "presse",
        "journaliste presse article interview reportage rédaction média communiqué",
        "Bonjour {{author.name}}, merci de nous avoir contactés. {{ask:Nom du contact presse}} s’occupe des "
        "demandes de presse\u202f: {{ask:e-mail ou téléphone}}. Indiquez-nous votre délai, nous ferons au "
        "plus vite.",
    ),
    _french(
        "Avis positif",
        "avis",
        "avis étoiles recommande excellent parfait délicieux top reviendrai reviendrons super",
        "Merci {{author.name}} d’avoir pris le temps d’écrire cet avis. {{ask:Un détail de son "
        "message}}\u202f: c’est exactement ce que nous cherchons à faire. Au plaisir de vous revoir.",
    ),
    _french(
        "Retard",
        "retard",
        "retard attente attends attendre attendu lent livraison livré arrivée reçu colis commande",
        "Bonjour {{author.name}}, je comprends votre agacement, ce délai n’est pas normal. Donnez-moi "
        "{{ask:numéro de commande}} en privé\u202f: je vérifie où ça bloque et je vous réponds {{ask:quand}}.",
    ),
    _french(
        "Objet perdu",
        "perdu",
        "perdu oublié laissé trouvé objet écharpe sac clés téléphone parapluie veste",
        "Bonjour {{author.name}}, je fais le tour avec l’équipe. Pouvez-vous me décrire l’objet et me donner "
        "le jour de votre visite\u202f? Ce que nous trouvons, nous le gardons {{ask:combien de temps}}.",
    ),
    _french(
        "Remboursement",
        "remboursement",
        "rembourser remboursement remboursé annuler annulation argent débité facture payé retour échange",
        "Bonjour {{author.name}}, un remboursement prend {{ask:délai}} après notre accord. Envoyez-moi "
        "{{ask:numéro de commande}} en privé et je vous dis où en est le vôtre.",
    ),
    _french(
        "Idée reçue",
        "idee",
        "idée suggestion proposer pourriez devriez dommage améliorer manque",
        "Bonjour {{author.name}}, merci pour cette idée. Je la transmets à {{ask:qui décide}}. Je ne peux "
        "rien promettre, mais elle sera lue et discutée.",
    ),
    _french(
        "Ce n’est pas de notre ressort",
        "ailleurs",
        "ressort responsable compétence voirie stationnement parking travaux grève transport",
        "Bonjour {{author.name}}, je comprends que ce soit pénible. Cela ne dépend pas de nous mais de "
        "{{ask:l’organisme}}, que vous pouvez joindre ici\u202f: {{ask:contact}}. Je leur signale aussi "
        "votre message.",
    ),
    _french(
        "Vérifier avant de répondre",
        "verif",
        "question savoir renseignement information possible prix tarif réserver réservation",
        "Bonjour {{author.name}}, bonne question. Je préfère vérifier plutôt que de vous répondre au "
        "hasard\u202f: je reviens ici {{ask:quand}}.",
    ),
)

FRENCH_TU = (
    _french(
        "Remercier",
        "merci",
        "merci remercie bravo félicitations génial adore",
        "Merci {{author.name}}, ça fait plaisir à lire. Je transmets à toute l’équipe.",
    ),
    _french(
        "Horaires d’ouverture",
        "horaires",
        "horaires heure ouvert ouverts ouverture ferme fermé fermeture dimanche lundi",
        "Bonjour {{author.name}}, nous sommes ouverts {{ask:jours et heures}}. Si tu viens un jour férié, un "
        "petit message avant et je te confirme.",
    ),
    _french(
        "Présenter des excuses",
        "excuses",
        "déçu déçue décevant honte inadmissible scandaleux nul mauvais mauvaise expérience accueil",
        "Bonjour {{author.name}}, ce n’est pas l’accueil que nous voulons offrir, et nous te présentons nos "
        "excuses pour {{ask:ce qui s’est passé}}. Je regarde avec l’équipe ce qui a manqué et je reviens "
        "vers toi {{ask:quand}}.",
    ),
    _french(
        "Demander des précisions",
        "precisions",
        "marche fonctionne problème bug erreur panne impossible comprends site",
        "Bonjour {{author.name}}, je vais t’aider. Peux-tu me dire {{ask:ce qu’il manque}} (le jour, le "
        "lieu, ce qui s’affiche)\u202f? Avec ça, je pourrai chercher.",
    ),
    _french(
        "Passer en privé",
        "prive",
        "compte dossier numéro mail téléphone adresse privé mp",
        "Bonjour {{author.name}}, pour regarder ça de près, il me faut {{ask:numéro de commande ou e-mail}}. "
        "Envoie-le-moi en message privé plutôt qu’ici, c’est plus sûr pour toi.",
    ),
    _french(
        "Candidature",
        "emploi",
        "emploi recrutez recrutement recruter stage alternance candidature cv postuler job poste travailler",
        "Bonjour {{author.name}}, merci de l’intérêt que tu portes à {{brand.name}}. Nos offres sont "
        "ici\u202f: {{ask:adresse de la page emploi}}. Si rien ne correspond, envoie ton CV à {{ask:adresse "
        "e-mail}}, nous répondons à chaque candidature.",
    ),
    _french(
        "Presse",
        "presse",
        "journaliste presse article interview reportage rédaction média communiqué",
        "Bonjour {{author.name}}, merci de nous avoir contactés. {{ask:Nom du contact presse}} s’occupe des "
        "demandes de presse\u202f: {{ask:e-mail ou téléphone}}. Dis-nous ton délai, nous ferons au plus vite.",
    ),
    _french(
        "Avis positif",
        "avis",
        "avis étoiles recommande excellent parfait délicieux top reviendrai reviendrons super",
        "Merci {{author.name}} d’avoir pris le temps d’écrire cet avis. {{ask:Un détail de son "
        "message}}\u202f: c’est exactement ce que nous cherchons à faire. À bientôt.",
    ),
    _french(
        "Retard",
        "retard",
        "retard attente attends attendre attendu lent livraison livré arrivée reçu colis commande",
        "Bonjour {{author.name}}, je comprends l’agacement, ce délai n’est pas normal. Donne-moi "
        "{{ask:numéro de commande}} en privé\u202f: je vérifie où ça bloque et je te réponds {{ask:quand}}.",
    ),
    _french(
        "Objet perdu",
        "perdu",
        "perdu oublié laissé trouvé objet écharpe sac clés téléphone parapluie veste",
        "Bonjour {{author.name}}, je fais le tour avec l’équipe. Peux-tu me décrire l’objet et me donner le "
        "jour de ta visite\u202f? Ce que nous trouvons, nous le gardons {{ask:combien de temps}}.",
    ),
    _french(
        "Remboursement",
        "remboursement",
        "rembourser remboursement remboursé annuler annulation argent débité facture payé retour échange",
        "Bonjour {{author.name}}, un remboursement prend {{ask:délai}} après notre accord. Envoie-moi "
        "{{ask:numéro de commande}} en privé et je te dis où en est le tien.",
    ),
    _french(
        "Idée reçue",
        "idee",
        "idée suggestion proposer pourriez devriez dommage améliorer manque",
        "Bonjour {{author.name}}, merci pour l’idée. Je la transmets à {{ask:qui décide}}. Je ne peux rien "
        "promettre, mais elle sera lue et discutée.",
    ),
    _french(
        "Ce n’est pas de notre ressort",
        "ailleurs",
        "ressort responsable compétence voirie stationnement parking travaux grève transport",
        "Bonjour {{author.name}}, je comprends que ce soit pénible. Cela ne dépend pas de nous mais de "
        "{{ask:l’organisme}}, que tu peux joindre ici\u202f: {{ask:contact}}. Je leur signale aussi ton "
        "message.",
    ),
    _french(
        "Vérifier avant de répondre",
        "verif",
        "question savoir renseignement information possible prix tarif réserver réservation",
        "Bonjour {{author.name}}, bonne question. Je préfère vérifier plutôt que de te répondre au "
        "hasard\u202f: je reviens ici {{ask:quand}}.",
    ),
)

ENGLISH = (
    _english(
        "Say thanks",
        "thanks",
        "thanks thank love loved amazing congratulations congrats bravo",
        "Thank you {{author.name}}, that made our day. I’ll pass it on to the whole team.",
    ),
    _english(
        "Opening hours",
        "hours",
        "hours open opening close closed closing sunday monday when",
        "Hello {{author.name|there}}, we’re open {{ask:days and hours}}. If you’re coming on a public "
        "holiday, drop us a line first and I’ll confirm.",
    ),
    _english(
        "Apologise",
        "sorry",
        "disappointed disappointing terrible awful worst rude bad experience unacceptable poor service",
        "Hello {{author.name|there}}, this isn’t the welcome we want to give, and I’m sorry about {{ask:what "
        "happened}}. I’m going through it with the team and will come back to you {{ask:when}}.",
    ),
    _english(
        "Ask for details",
        "details",
        "working work problem issue bug error broken website crash",
        "Hello {{author.name|there}}, I’d like to help. Could you tell me {{ask:what is missing}} (the day, "
        "the place, what you see on screen)? That gives me something to look into.",
    ),
    _english(
        "Take it to private",
        "private",
        "account number email phone address private dm",
        "Hello {{author.name|there}}, to look into this I need {{ask:order number or e-mail}}. Please send "
        "it in a private message rather than here: it’s safer for you.",
    ),
    _english(
        "Job application",
        "job",
        "job jobs hiring internship vacancy vacancies career apply application cv resume position",
        "Hello {{author.name|there}}, thanks for your interest in {{brand.name}}. Our openings are here: "
        "{{ask:address of the jobs page}}. If none of them fits, send your CV to {{ask:e-mail address}}. "
        "Every application gets an answer.",
    ),
    _english(
        "Press",
        "press",
        "journalist press article interview reporter newsroom media statement",
        "Hello {{author.name|there}}, thanks for getting in touch. {{ask:Name of press contact}} looks after "
        "press requests: {{ask:e-mail or phone}}. Let us know your deadline and we’ll do our best to meet it.",
    ),
    _english(
        "Positive review",
        "review",
        "review stars recommend recommended excellent perfect delicious great lovely again",
        "Thank you for taking the time to write this, {{author.name}}. {{ask:A detail from the message}}: "
        "that’s exactly what we hope for. See you again soon.",
    ),
    _english(
        "Delay",
        "delay",
        "late delay delayed waiting waited wait slow delivery delivered order arrived package parcel",
        "Hello {{author.name|there}}, I understand the frustration: this is taking longer than it should. "
        "Send me {{ask:order number}} in a private message, I’ll find out where it is stuck and answer you "
        "{{ask:when}}.",
    ),
    _english(
        "Lost item",
        "lost",
        "lost left forgot forgotten found item scarf bag keys phone umbrella jacket",
        "Hello {{author.name|there}}, I’ll have a look around with the team. Could you describe it and tell "
        "me when you were here? We keep everything we find for {{ask:how long}}.",
    ),
    _english(
        "Refund",
        "refund",
        "refund refunded cancel cancelled cancellation money charged invoice paid return exchange",
        "Hello {{author.name|there}}, a refund takes {{ask:how long}} once it is approved. Send me "
        "{{ask:order number}} in a private message and I’ll tell you where yours stands.",
    ),
    _english(
        "Suggestion received",
        "idea",
        "idea suggestion suggest should could wish missing improve",
        "Hello {{author.name|there}}, thank you for the idea. I’m passing it on to {{ask:who decides}}. I "
        "can’t promise anything, but it will be read and discussed.",
    ),
    _english(
        "Out of our hands",
        "elsewhere",
        "responsible roadworks parking council strike transport traffic",
        "Hello {{author.name|there}}, I understand this is a nuisance. It isn’t ours to decide but {{ask:the "
        "organisation}}’s, and you can reach them here: {{ask:contact}}. I’m letting them know about your "
        "message too.",
    ),
    _english(
        "Check before answering",
        "checking",
        "question know information possible price cost book booking reservation",
        "Hello {{author.name|there}}, good question. I’d rather check than guess: I’ll come back to you here "
        "{{ask:when}}.",
    ),
)
