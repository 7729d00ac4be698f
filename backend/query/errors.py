"""What can be wrong with a query, each with a sentence that says how to mend it.

The keys are those of the interface's own words (`query_error_…`), which says the same in the reader's language.
"""

from __future__ import annotations

from backend.infra.errors import Invalid

SENTENCES = {
    "query_error_empty": "Write at least one word to look for.",
    "query_error_too_long": "This query is too long: at most {limit} characters.",
    "query_error_too_many": "This query has too many words: at most {limit}.",
    "query_error_too_deep": "Brackets and NOT stand too deep inside each other: at most {limit} levels.",
    "query_error_quote": "This quotation mark is never closed: add one where the phrase ends.",
    "query_error_open": "This bracket is never closed: add ) where the group ends.",
    "query_error_close": "This bracket closes nothing: take it away, or add ( before it.",
    "query_error_brackets": "These brackets are empty: write a word between them.",
    "query_error_both_sides": "{operator} needs a word on both sides. To look for the word, put it in quotes.",
    "query_error_not": "NOT needs a word, a phrase or brackets behind it. To look for the word, put it in quotes.",
    "query_error_minus": "A minus must touch what it leaves out, as in -word.",
    "query_error_exclusions": "Say also what to look for, not only what to leave out.",
    "query_error_only_filter": "Add a word to look for: {text} only filters what is found.",
    "query_error_or_exclusion": "Each side of OR needs something to look for, not only something to leave out.",
    "query_error_no_letters": "There is no letter or digit in {text}: it cannot be looked for.",
    "query_error_field": '"{field}:" is not known here; there are {known}. To look for the text itself, put it in '
    'quotes: "{text}".',
    "query_error_field_here": '"{field}:" asks what is known of a mention once it is here: use it to search the inbox. '
    "A keyword knows {known}.",
    "query_error_field_inside": '"{field}:" stands inside the brackets of another field: close those first.',
    "query_error_value": '"{field}:" does not know {text}. Possible: {possible}.',
    "query_error_field_empty": 'Something must stand right behind "{field}:", without a blank.',
    "query_error_backtick": "This back-tick is never closed: add one where the literal ends.",
    "query_error_wildcard": "* can only stand right behind the beginning of a word, as in plug*.",
    "query_error_stem": "Write at least {limit} letters before *.",
    "query_error_tilde": 'A distance must touch the phrase it is for, as in "one two"~5.',
    "query_error_distance": "A distance is a number from 1 to {limit}.",
    "query_error_near_sides": "NEAR needs a word or a phrase on both sides, or several with OR in brackets.",
    "query_error_near_mixed": "Distances that follow each other must be the same; put brackets around one of them.",
    "query_error_near_field": "Words that shall be near each other must be looked for in the same field.",
    "query_error_near_many": "At most {limit} words can be near each other.",
    "query_error_pipe": "Write OR instead of {text}.",
    "query_error_ampersand": "Write AND instead of {text}, or only a blank.",
}


class QuerySyntax(Invalid):
    """A query that does not parse. `extra`: `position` in code points, `key` and `params` of the sentence."""

    default_code = "query_syntax"

    def __init__(self, key: str, position: int, **params: str | int) -> None:
        sentence = SENTENCES[key].format(**params)
        super().__init__(
            sentence, fields={"query": sentence}, extra={"position": position, "key": key, "params": params}
        )
        self.position = position
        self.key = key
