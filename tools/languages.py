"""Which language a short text is written in, as far as its small words tell."""

import re

# The commonest small words that tell a language from the others of this table.
_WORDS = {
    "cs": """ a je se na že to si jsem bych byt mám zájem dobrý den děkuji prosím jak
        která který kdy ještě zda prohlídku bytu volný ráda rád o ve za do""",
    "de": """ ich und der die das ist ein eine mich für wir haben guten tag würde gerne
        bitte wohnung noch frei besichtigung interesse mit den dem zu von sehr""",
    "en": """ i the and is a to of am would like in for you please it hello interested
        still available this me see my your with could dear""",
    "fr": """ je le la les et est un une pour vous de bonjour suis intéressé intéressée
        votre visite visiter merci ce cet encore disponible nous des au avec""",
    "ru": """ я и в на не что это есть мне здравствуйте добрый день интересует квартира
        квартиру можно посмотреть спасибо ещё еще с по как хочу""",
}
_SETS = {lang: frozenset(words.split()) for lang, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_HITS = 3
_MOST_WORDS = 200


def guess_language(text):
    """Return the ISO 639-1 code of the language of a text, "" when it is not clear.

    At least three small words must be of the language, and clearly more than of any
    other.

    :param str text: what a person wrote
    """
    words = _WORD.findall(text.lower())[:_MOST_WORDS]
    hits = sorted(
        ((sum(word in known for word in words), lang) for lang, known in _SETS.items()),
        reverse=True,
    )
    (most, lang), (second, _other) = hits[:2]
    return lang if most >= _LEAST_HITS and most > 1.5 * second else ""
