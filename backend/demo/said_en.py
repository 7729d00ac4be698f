"""What is said about the invented café, in English: (mood, intent, text)."""

from __future__ import annotations

WORDS = {
    "dish": ("the pear tart", "the mushroom croque", "the French toast", "the buckwheat cookie", "the granola",
             "the leek quiche", "the banana bread", "the eggs Benedict", "the pumpkin soup"),
    "drink": ("the flat white", "the filter coffee", "the hot chocolate", "the matcha", "the oat latte", "the chai"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "when": ("this morning", "last night", "at lunch", "last Saturday", "yesterday", "on our way to the station"),
    "who": ("my sister", "a client", "the team", "my parents", "an old friend", "the kids"),
    "where": ("the terrace", "the back room", "the counter", "the red bench"),
    "minutes": ("twenty", "thirty", "forty", "fifty"),
}  # fmt: skip

SAID: tuple[tuple[str, str | None, str], ...] = (
    ("positive", "praise", "Café Lumière in Paris {when}: {drink} and {dish}. Go."),
    ("positive", "praise", "Took {who} to Café Lumière {when}. Warmest welcome of the whole trip."),
    ("positive", "praise", "Best thing we ate in Paris was {dish} at Café Lumière, no contest."),
    ("positive", "praise", "{drink} at Café Lumière is what I think about on rainy Mondays."),
    ("positive", "praise", "Shout-out to the barista at Café Lumière who found us a spot at {where} {when}."),
    ("positive", None, "Working from {where} at Café Lumière until {day}. Sockets everywhere, bliss."),
    ("positive", "praise", "Café Lumière remembered that {who} takes no sugar. After one visit. A month ago."),
    ("neutral", "question", "Is Café Lumière open on {day}? Coming with {who}."),
    ("neutral", "question", "Does Café Lumière do gluten-free? Asking because of {dish}."),
    ("neutral", "question", "Hi Café Lumière, can we book {where} for ten on {day}?"),
    ("neutral", "question", "Do you ship your beans abroad, Café Lumière? Still dreaming of {drink}."),
    ("neutral", "question", "Is {where} at Café Lumière dog-friendly? In town on {day}."),
    ("neutral", "question", "What time should we be at Café Lumière on {day} to get a seat for {dish}?"),
    ("neutral", "request", "Café Lumière, please bring back {dish} on {day}. Signed, {who} and me."),
    ("neutral", "request", "Writing a guide for {day}: could Café Lumière send me a photo of {where}?"),
    ("neutral", None, "Queue outside Café Lumière {when} went round the corner."),
    ("neutral", None, "Left a green umbrella at Café Lumière {when}, near {where}."),
    ("neutral", "advertising", "Our Paris food tour stops at Café Lumière every {day}. Book now, 15% off."),
    ("negative", "complaint", "Waited {minutes} minutes at Café Lumière {when} for {drink}. Lukewarm."),
    ("negative", "complaint", "Café Lumière charged {who} twice for {dish} {when}. How do we get that back?"),
    ("negative", "complaint", "Loved the room, but the music at Café Lumière {when} drove {who} out."),
    ("negative", "complaint", "Turned away from Café Lumière {when} with a booking for {where}. Not great."),
    ("negative", None, "Café Lumière is fine, but €7 for {drink}? Come on."),
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
