"""What the heads see of a text: its vector (256 numbers), some forty counts and marks, and the patterns it meets.

All of it is of the order of 1.
"""

from __future__ import annotations

import math

import numpy as np
import regex

from backend.understanding.lexicon import score_words
from backend.understanding.patterns import PATTERNS, match_patterns
from backend.understanding.vectors import (
    DIMENSIONS,
    MAX_CHARACTERS,
    Vector,
    embed_rows,
    find_rows,
    split_words,
    vocabulary,
)

CENTRING = 0.5  # half: full centring errs where a brand's moods are skewed

_LINK = regex.compile(r"https?://|www\.|\blink (?:in bio|below)|\blien (?:en bio|ci-dessous)", regex.IGNORECASE)
_LINKISH = frozenset("İıK")  # what a pattern takes for an i or a k, and `lower` does not
_CURRENCIES = frozenset("$€£%")
_REMEMBERED = 20_000  # characters; a text made of all of Unicode shall not stay in memory
_PRICE = regex.compile(r"[$€£%]|\b\d+[.,]\d\d\b|\beuros?\b", regex.IGNORECASE)


def _group(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SETS = {
    "en": (
        _group("i i'm i've my me we our us"),
        _group("you your you're you've u yours guys"),
        _group("please could would can kindly may"),
        _group("but however although though yet"),
        _group("why what how where when who which does is are do has"),
        _group("free offer sale off shop buy order discount join follow subscribe win call dm"),
        _group("still again broken waiting refund cancelled late ignored missing error wrong never nobody"),
        _group("was were had went got came"),
    ),
    "fr": (
        _group("je j'ai mon ma mes moi me on nous notre nos"),
        _group("vous votre vos tu ton ta"),
        _group("svp veuillez pourriez pouvez pourriez-vous pouvez-vous voudrais aimerais merci serait"),
        _group("mais pourtant cependant alors"),
        _group("pourquoi comment où quand qui quel quelle combien est-ce"),
        _group("offre promo soldes gratuit gratuite offert commandez profitez gagnez code découvrez venez"),
        _group("toujours encore panne attente remboursement annulé retard manque erreur impossible jamais"),
        _group("était étaient avait suis été eu"),
    ),
}
# Words and pairs of words whose counts tell wishes, offers and grievances apart.
_GROUPS = {
    "en": (
        _group("our ours we we're we've"),  # who speaks for a shop or an association
        _group("you your you're you've u yours"),
        # goods and services that one pays or waits for
        _group(
            "order orders ordered parcel package delivery delivered driver courier refund invoice bill account card "
            "app website site page update version login password support service helpline hotline agent staff waiter "
            "waitress manager room hotel bed food meal soup seat train bus flight luggage ticket tickets queue counter "
            "lift escalator heating toilet toilets subscription contract booking reservation appointment technician "
            "item product screen battery jacket shoes box connection signal network reply answer email emails"
        ),
        # what goes wrong with them
        _group(
            "broken broke breaks crash crashes crashed crashing freezes freezing stuck down faulty damaged smashed "
            "torn leaking leaks dirty filthy disgusting cold stale mouldy rude unhelpful useless slow late delayed "
            "delay delays cancelled missing lost wrong error errors failed fails fail charged overcharged blocked "
            "locked closed expired refused refuses ignored ignoring ignore unacceptable ridiculous pathetic joke "
            "disgrace disgraceful scam rip-off overpriced worst poor waited waiting unanswered empty blank dead"
        ),
        _group(
            "doesn't_work not_working does_not can't_log won't_open no_answer no_reply no_response nobody_answers "
            "still_no still_not still_waiting never_again on_hold hung_up out_of stopped_working charged_twice "
            "not_arrived hasn't_arrived has_not not_received no_one sort_out sort_it fix_it fix_this an_hour rip_off"
        ),
        # how long, how often
        _group("days weeks months hours hour minutes twice times third fourth again since ago yesterday"),
        # sport, politics, the world: bad news that nobody here is to blame for
        _group(
            "match game season team referee goal league player players coach government president minister mayor "
            "election politicians politics war crash storm flood earthquake police court law tax taxes crisis climate "
            "he his him she her they their people country world weather rain winter life exam mum dad friend grandpa"
        ),
        # asking for something to be done
        _group(
            "could_you can_you would_you will_you could_we can_we may_i could_i can_i could_someone can_someone "
            "could_somebody can_somebody could_the can_anyone would_it i'd_like i'd_love we'd_like we'd_love "
            "would_like would_love would_be i_need we_need we'd_need please pls plz kindly possible_to be_great "
            "be_nice looking_for need_a how_about share_please please_share help_us wish_you consider let_us let_me "
            "send_me tell_me give_me call_me contact_me requesting request grateful appreciate"
        ),
        # telling the readers to buy, book or follow
        _group(
            "book order buy shop call visit discover join follow subscribe register download click tap dm try get win "
            "grab enjoy sign_up check_out come_and contact_us call_us message_us dm_us dm_me pm_me inbox_me ask_for "
            "drop_in walk_in reserve apply swap hurry don't_miss last_chance treat watch read see_my use_my my_shop"
        ),
        _group(
            "free offer offers sale sales discount deal deals price prices off code gift gifts giveaway prize voucher "
            "vouchers from_only only half_price now_open open_day new collection range quote rates link bio shipping "
            "delivery_from available online store special exclusive launch limited unlimited guaranteed sponsored ad "
            "partnership clients customers months_free for_sale to_let hire rent sell selling sells per a_month"
        ),
    ),
    "fr": (
        _group("notre nos nous"),
        _group("vous votre vos tu ton ta tes toi te"),
        _group(
            "commande commandé colis paquet livraison livreur livré remboursement facture compte carte appli "
            "application site page version connexion passe support service client conseiller agent personnel serveur "
            "serveuse vendeur vendeuse patron chambre hôtel lit repas plat soupe siège place train bus vol bagage "
            "billet billets file guichet caisse ascenseur chauffage toilettes abonnement contrat réservation "
            "rendez-vous technicien article produit écran batterie veste souliers chaussures boîte réseau signal "
            "réponse courriel mail mails courriels hotline standard chauffeur contrôleur wifi logiciel"
        ),
        _group(
            "panne cassé cassée casse plante plantent bloqué bloquée bloque défectueux abîmé abîmée déchiré fuit sale "
            "sales dégoûtant dégoûtante dégoûtantes froid froide froids moisi impoli impolis impolie désagréable "
            "inutile inutilisable lent lente lents lenteur retard retards retardé annulé annulée supprimé supprimée "
            "manque manquant perdu perdue mauvais mauvaise erreur erreurs échoue débité débitée facturé fermé fermée "
            "expiré expirée refuse refusé refusent ignore ignoré ignorée inadmissible inacceptable ridicule honte "
            "honteux scandaleux arnaque pire nul nulle nuls attendu attends attend attente vide blanche mort morte "
            "injoignable incompétent incompétents plate niaiseux poche trempé raté"
        ),
        _group(
            "marche_pas fonctionne_pas marche_plus fonctionne_plus répond_pas répond_plus personne_ne pas_de "
            "toujours_pas toujours_rien aucune_réponse pas_reçu jamais_reçu jamais_arrivé pas_arrivé plus_jamais "
            "raccroché_au au_nez deux_fois trois_fois en_panne hors_service impossible_de n'arrive_pas arrive_pas "
            "arrive_plus pas_passé sans_réponse sans_prévenir une_heure se_moque vous_moquez se_foutre fois_que "
            "ça_fait depuis_des au_lieu jamais_vu"
        ),
        _group("jours semaines mois heures heure minutes fois troisième quatrième encore depuis hier dimanche lundi"),
        _group(
            "match saison équipe arbitre but ligue joueur joueurs entraîneur gouvernement président ministre maire "
            "élection politiciens politique guerre accident tempête inondation séisme police tribunal loi impôts crise "
            "climat il elle lui ils elles leur gens pays monde météo pluie hiver vie examen partiel maman papa ami "
            "amie série film"
        ),
        _group(
            "svp stp s'il_vous s'il_te pouvez-vous pourriez-vous voudriez-vous peux-tu pourrais-tu puis-je pourrait-on "
            "peut-on vous_pourriez tu_pourrais vous_pouvez tu_peux vous_serait serait-il quelqu'un_peut qui_peut "
            "peut_me pourrait_me je_voudrais j'aimerais on_aimerait nous_aimerions on_voudrait je_souhaite "
            "nous_souhaitons nous_souhaiterions nous_demandons je_demande merci_de merci_d veuillez prière_de "
            "besoin_d besoin_de il_faudrait me_faudrait nous_faudrait ce_serait serait_bien possible_de possible_d "
            "si_possible aidez-nous cherche cherchons partagez partager pensez_à je_peux envoyez-moi donnez-moi "
            "rappelez-moi dites-moi laissez laissez-nous ajoutez remettez faites mettez idée_d"
        ),
        _group(
            "réservez réserve commandez commande achetez appelez appelle visitez venez découvrez rejoignez rejoins "
            "suivez suis-nous abonnez-vous abonne-toi inscrivez-vous inscris-toi téléchargez télécharge cliquez clique "
            "écrivez-nous écrivez-moi écris-moi contactez contactez-nous contactez-moi demandez profitez profitez-en "
            "gagnez gagne foncez essayez essaie offrez-vous passez retrouvez louez vendez postulez économisez comparez "
            "tentez participez participer précommandez ne_manquez ne_ratez dernière_chance regardez regarde lisez "
            "en_mp en_privé mp ma_boutique ma_chaîne mon_code"
        ),
        _group(
            "offre offres promo promos soldes réduction remise rabais prix tarif tarifs gratuit gratuite gratuitement "
            "gratuits offert offerte offerts offertes code cadeau cadeaux concours tirage bon chèques dès à_partir "
            "seulement moitié_prix nouveau nouvelle collection gamme devis soumission lien bio expédition disponible "
            "disponibles en_ligne magasin boutique spécial spéciale exclusif exclusive lancement illimité garanti "
            "sponsorisé pub partenariat clients mois_offerts à_vendre à_louer location louons vendons vends vente "
            "vendre forfait forfaits aubaine liquidation séance"
        ),
    ),
}


def _numbers(groups: tuple[frozenset[str], ...]) -> dict[str, tuple[int, ...]]:
    numbers: dict[str, list[int]] = {}
    for number, group in enumerate(groups):
        for entry in group:
            numbers.setdefault(entry.replace("_", " "), []).append(number)
    return {entry: tuple(found) for entry, found in numbers.items()}


_NUMBERS = {language: _numbers((*_GROUPS[language], *_SETS[language])) for language in _GROUPS}
_NOT_ORDERS = frozenset({"chez", "assez", "nez", "rez", "avez", "êtes", "pouvez"})
EXTRAS = 22 + len(_SETS["en"]) + len(_GROUPS["en"]) + 4
PLAIN = DIMENSIONS + EXTRAS
SIZE = PLAIN + PATTERNS


def _count_groups(words: list[str], language: str) -> list[float]:
    """How often each group of words occurs (as a share of three), then how orders, "you" and bad words go together."""
    numbers = _NUMBERS[language]
    counts = [0] * (len(_GROUPS[language]) + len(_SETS[language]))
    french = language == "fr"
    orders = 0
    before = ""
    for word in words:
        entries = [word, before + " " + word]
        if french:
            if "'" in word:
                entries.append(word.rsplit("'", 1)[-1])
            # French tells its readers to do something by a verb without "vous" before it.
            if "ez" in word and before != "vous" and word.split("-", 1)[0][-2:] == "ez" and word not in _NOT_ORDERS:
                orders += 1
        for entry in entries:
            if entry in numbers:
                for number in numbers[entry]:
                    counts[number] += 1
        before = word
    shares = [min(count, 3) / 3 for count in counts]
    bad = min(counts[3] + counts[4], 2) / 2
    return [
        *shares,
        min(orders, 2) / 2,
        bad * float(counts[1] > 0),
        bad * float(counts[2] > 0),
        float(bool(words) and bool({7, 8} & set(numbers.get(words[0], ())))),
    ]


def describe_text(text: str, language: str) -> Vector:
    """(SIZE,) float32: the text's vector, the counts and marks, the patterns. `language` is "en" or "fr"."""
    text = text[:MAX_CHARACTERS]
    words = split_words(text)
    rows = find_rows(words)
    return np.concatenate([describe_plainly(text, words, rows, language), match_patterns(rows)])


class _Classes(dict[int, str]):
    """For `str.translate`: capital letters, other letters, digits, capitals that are no letters (Ⓐ), all else."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if sign.isupper():
            kind = "A" if sign.isalpha() else "B"
        else:
            kind = "a" if sign.isalpha() else "0" if sign.isdigit() else " "
        if len(self) < _REMEMBERED:
            self[code] = kind
        return kind


_CLASSES = _Classes()


def _has_link(text: str) -> bool:
    # The pattern is tried at every letter; most texts hold nothing of what it begins with.
    lower = text.lower()
    likely = "://" in lower or "www." in lower or "link" in lower or "lien" in lower or not _LINKISH.isdisjoint(text)
    return likely and _LINK.search(text) is not None


def _has_price(text: str, digits: bool) -> bool:
    if not _CURRENCIES.isdisjoint(text):
        return True
    return (digits or "eur" in text.lower()) and _PRICE.search(text) is not None


def describe_plainly(text: str, words: list[str], rows: list[int], language: str) -> Vector:
    """(PLAIN,) float32: what is known without the patterns; those are learned from it and beside it."""
    scored = score_words(words, language)
    root = math.sqrt(len(words) + 1)
    valences = vocabulary().valences[rows]
    rising, falling = valences[valences > 0], valences[valences < 0]
    classes = text.translate(_CLASSES)
    capitals, digits = classes.count("A"), classes.count("0")
    letters = capitals + classes.count("a") + 1
    wide = 5 * root
    extras = [
        scored.positive / wide,
        scored.negative / wide,
        (scored.positive - scored.negative) / wide,
        scored.most / 4,
        scored.least / 4,
        scored.last / 4,
        float(scored.positive > scored.negative),
        float(scored.negative > scored.positive),
        float(scored.hits == 0),
        min(scored.negations, 3) / 3,
        float(rising.sum()) / root,
        float(falling.sum()) / root,
        float(valences.mean()) * 3 if len(valences) else 0.0,
        float(rising.max(initial=0.0)),
        float(falling.min(initial=0.0)),
        min(text.count("!"), 3) / 3,
        float("?" in text),
        math.log1p(len(words)) / 5,
        (capitals + classes.count("B")) / letters,
        min(digits, 10) / 10,
        float(_has_link(text)),
        float(_has_price(text, digits > 0)),
        *_count_groups(words, language),
    ]
    return np.concatenate([embed_rows(rows), np.array(extras, dtype=np.float32)])


def centre(described: Vector, mean: Vector | None, home: Vector) -> Vector:
    """A description moved half of the way from a brand's `mean` vector (256,) to `home`, that of the training."""
    if mean is None:
        return described
    moved = described.copy()
    moved[:DIMENSIONS] -= CENTRING * (mean - home)
    return moved
