"""What is said about the invented café, in English: what it is, and its text."""

from __future__ import annotations

WORDS = {
    "dish": ("the pear tart", "the mushroom croque", "the French toast", "the buckwheat cookie", "the granola",
             "the leek quiche", "the banana bread", "the eggs Benedict", "the pumpkin soup"),
    "drink": ("the flat white", "the filter coffee", "the hot chocolate", "the matcha", "the oat latte", "the chai"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "when": ("this morning", "last night", "at lunch", "last Saturday", "yesterday", "between two meetings"),
    "who": ("my sister", "a client", "the team", "my parents", "an old friend", "the kids"),
    "where": ("the terrace", "the back room", "the counter", "the red bench"),
    "minutes": ("twenty", "thirty", "forty", "fifty"),
}  # fmt: skip

SAID: tuple[tuple[str | None, str], ...] = (
    ("praise", "Café Lumière, rue des Lilas, {when}: {drink} and {dish}. Go."),
    ("praise", "Took {who} to Café Lumière {when}. Warmest welcome of the whole trip."),
    ("praise", "Best thing we ate in Paris was {dish} at Café Lumière, no contest."),
    ("praise", "{drink} at Café Lumière is what I think about on rainy Mondays."),
    ("praise", "Shout-out to the barista at Café Lumière who found us a spot at {where} {when}."),
    (None, "Working from {where} at Café Lumière until {day}. Sockets everywhere, bliss."),
    ("praise", "Café Lumière remembered that {who} takes no sugar. After one visit. A month ago."),
    ("question", "Is Café Lumière open on {day}? Coming with {who}."),
    ("question", "Does Café Lumière do gluten-free? Asking because of {dish}."),
    ("question", "Hi Café Lumière, can we book {where} for ten on {day}?"),
    ("question", "Do you ship your beans abroad, Café Lumière? Still dreaming of {drink}."),
    ("question", "Is {where} at Café Lumière dog-friendly? In town on {day}."),
    ("question", "What time should we be at Café Lumière on {day} to get a seat for {dish}?"),
    ("request", "Café Lumière, please bring back {dish} on {day}. Signed, {who} and me."),
    ("request", "Writing a guide for {day}: could Café Lumière send me a photo of {where}?"),
    (None, "Queue outside Café Lumière {when} went round the corner."),
    (None, "Left a green umbrella at Café Lumière {when}, near {where}."),
    ("advertising", "Our Paris food tour stops at Café Lumière every {day}. Book now, 15% off."),
    ("complaint", "Waited {minutes} minutes at Café Lumière {when} for {drink}. Lukewarm."),
    ("complaint", "Café Lumière charged {who} twice for {dish} {when}. How do we get that back?"),
    ("complaint", "Loved the room, but the music at Café Lumière {when} drove {who} out."),
    ("complaint", "Turned away from Café Lumière {when} with a booking for {where}. Not great."),
    (None, "Café Lumière is fine, but €7 for {drink}? Come on."),
)

ELSEWHERE: tuple[str, ...] = (
    "Rewatched the movie Café Lumière {when}. The trains, the light, {who} fell asleep and I cried.",
    "Programming note: Café Lumière (2003) on the big screen this {day}.",
)

ARTICLES: tuple[tuple[str, str], ...] = (
    ("Where Parisians really drink their coffee this winter",
     "Skip the grands boulevards: Café Lumière on rue des Lilas pours the quietest flat white in the eleventh."),
    ("Paris cafés fight for an extra hour on the terrace",
     "“One hour less is one job less,” says the manager of Café Lumière, a neighbourhood favourite."),
    ("Working from a café: the unwritten rules, according to baristas",
     "At Café Lumière in Paris, one order every two hours is fine, “and headphones, please.”"),
)  # fmt: skip
