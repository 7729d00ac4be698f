"""The lists of rude words in backend/understanding/data: `python tools/distil/offensive.py FOLDER`.

FOLDER holds `en.json` and `fr.json` of the npm package naughty-words 1.2.0, which is LDNOOBW's list (CC BY 4.0).
Left out: words that ordinary posts, health, identity or names also say, since a hint there would be wrong or hurt.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "backend" / "understanding" / "data"

LEFT_OUT = {
    "en": """douche anal anus
        bareback barenaked bbw bdsm bondage breasts circlejerk date+rape daterape domination dominatrix
        dvda ecchi erotic erotism escort eunuch fecal femdom fetish footjob g-spot genitals god+damn grope guro hentai
        hardcore hard+core honkey hooker hot+chick how+to+kill how+to+murder incest intercourse kama kamasutra kinky
        lolita lovemaking make+me+come male+squirting menage+a+trois milf missionary+position nipple nipples nude
        nudity nsfw+images omorashi orgasm paedophile panties panty pedophile penis playboy pole+smoker porn porno
        pornography pthc pubes queer raging+boner rape raping rapist rectum sadism santorum scat schlong semen servitude
        sex sexcam sexo sexy sexual sexually sexuality shibari shota snatch spic splooge suicide+girls suck sucks
        swastika swinger threesome throating tied+up tight+white topless towelhead tranny twink twinkie undressing
        upskirt vagina vibrator violet+wand viagra voyeur voyeurweb vulva wank white+power xx xxx yaoi yiffy zoophilia
        black+cock bisexual jail+bait barely+legal carol+queen acrotomophilia alabama+hot+pocket alaskan+pipeline
        babeland auto+erotic autoerotic baby+batter baby+juice ball+gag ball+sack bicurious bi+curious big+black
        birdlock blonde+action brunette+action bulldyke bullet+vibe camel+toe camgirl coitus deep+throat dolcett
        doggie+style doggy+style dog+style domestic ejaculation ethical+slut female+squirting foot+fetish frotting
        goregasm group+sex hand+job intercourse jiggerboo jizz juggs kinbaku kinkster leather+restraint lemon+party
        nawashi neonazi nympho nymphomania orgy pegging phone+sex piss+pig ponyplay poof pleasure+chest rimming
        strap+on strapon strip+club style+doggy sultry+women swinger tea+bagging tits tongue+in+a tubgirl
        urethra+play venus+mound vorarephilia wetback bung+hole booty+call blow+your+load bloodplay ass+fucking
        xx skeet snowballing shrimping scissoring jelly+donut tainted+love prince+albert+piercing fingering cialis
        octopussy dendrophilia urophilia clit bastinado
        wet+dream homoerotic gay+sex clitoris tit tushy nutten negro butt
        yellow+showers tribadism tosser nig+nog mound+of+venus s&m strappado lust domination coprophilia
        coprolagnia date+rape dry+hump erotic dirty+pillows double+dong double+penetration dp+action eat+my+ass
        threesome girl+on+top girl+on girls+gone+wild golden+shower goodpoop huge+fat humping jerk+off nudism""",
    "fr": """bander bigornette bite bitte bosser bourré bourrée cailler chatte drague folle gerbe gerber gueule jouir
        meuf ménage+à+trois péter pipi ramoner suce teuf trique veuve zizi zigounette caca clitoris grande+folle tanche
        baiser pédale tapette negro foutre déconne déconner chiasse malpt con+ emmerder""",
}
ADDED = {
    "en": "fucked fuck+off fucks wtf stfu wankers wanker twat twats arsehole arseholes dickhead dickheads prick "
    "scumbag scumbags moron morons bastards assholes shithead pissed+off bloody+idiot idiots idiot bollocks crap "
    "bullshit dumbass douchebag motherfuckers shithole",
    "fr": "connards connasses salauds salopes putes abruti abrutie abrutis crétin crétine crétins débile débiles "
    "imbécile imbéciles bouffon bouffons bâtard bâtards enculés enfoirés ta+gueule ferme+ta+gueule va+te+faire+foutre "
    "ntm fdp tg tocard tocards raclure merdique chiant chiante chiants bordel+de+merde pétasse pétasses emmerde conne",
}


def main() -> None:
    folder = Path(sys.argv[1])
    for language in ("en", "fr"):
        listed = {word.lower() for word in json.loads((folder / f"{language}.json").read_text("utf-8"))}
        left_out, added = (
            {word.replace("+", " ").strip() for word in words[language].split()} for words in (LEFT_OUT, ADDED)
        )
        kept = sorted((listed - left_out) | added)
        head = (
            "# After LDNOOBW's list of dirty, naughty, obscene and otherwise bad words, CC BY 4.0\n"
            "# (https://creativecommons.org/licenses/by/4.0/), shortened and added to: tools/distil/offensive.py.\n"
        )
        (DATA / f"offensive-{language}.txt").write_text(head + "\n".join(kept) + "\n", "utf-8")
        print(language, len(kept))


if __name__ == "__main__":
    main()
