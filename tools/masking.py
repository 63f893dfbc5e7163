"""Texts for others without the persons they tell of: names, numbers, addresses."""

import re
from dataclasses import dataclass

import phonenumbers
from anyascii import anyascii

# A word of a name that is shorter is looked for as it is, a longer one with endings:
# "Novák" is also found in "Novákovi" and "Nováková".
_INFLECTED = 4
# Longest ending that a language of ours puts after a name.
_ENDING = 4
_VOWELS = "aeioy"
# Digits of a number that are enough to ring somebody up.
_TAIL = 7
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MAIL = re.compile(r"[^\s<>()\[\]\",;:]+@[^\s<>()\[\]\",;:]+[^\s<>()\[\]\",;:.!?]")
_DIGITS = re.compile(r"\+?\d(?:[ ()/.\-]{0,3}\d)+")
_JOINT = re.compile(r"[\s,.&+/()\-]*")


@dataclass(frozen=True)
class Persons:
    """Whom a text must not name.

    :param names: names as they are written, e.g. "Jana Nováková".
    :param phones: their numbers in any spelling.
    :param allowed_phones: numbers that may stay, such as the agency's own.
    :param allowed_mails: mail addresses that may stay.
    :param country: ISO 3166 alpha-2, in whose way national numbers are written.
    """

    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    allowed_phones: tuple[str, ...] = ()
    allowed_mails: tuple[str, ...] = ()
    country: str = ""


def mask(text, persons, replacement):
    """Return a text without the names, phone numbers and mail addresses of persons.

    Mail addresses and phone numbers are taken out whoever they belong to, unless they
    are allowed: a number in a note may be that of somebody nobody stored.

    :param str text: any text.
    :param Persons persons: whom it must not name.
    :param str replacement: what stands for each, e.g. "(seeker)".
    """
    mails = {mail.strip().casefold() for mail in persons.allowed_mails}
    spans = [
        match.span()
        for match in _MAIL.finditer(text)
        if match[0].casefold() not in mails
    ]
    kept = [
        match.span() for match in _MAIL.finditer(text) if match[0].casefold() in mails
    ]
    spans += _number_spans(text, persons)
    spans += [
        span for span in _name_spans(text, persons.names) if not _touches(span, kept)
    ]
    return _replace(text, spans, replacement)


def _touches(span, others):
    return any(span[0] < end and start < span[1] for start, end in others)


def _number_spans(text, persons):
    allowed = {_tail(number) for number in persons.allowed_phones} - {""}
    known = {_tail(number) for number in persons.phones} - {""}
    for match in _DIGITS.finditer(text):
        digits = _digits(match[0])
        if any(tail in digits for tail in known) and _tail(digits) not in allowed:
            yield match.span()
    region = persons.country.upper() or None
    for found in phonenumbers.PhoneNumberMatcher(text, region):
        if _tail(found.raw_string) not in allowed:
            yield found.start, found.end


def _digits(text):
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def _tail(number):
    digits = _digits(number)
    return digits[-_TAIL:] if len(digits) >= _TAIL else ""


def _name_spans(text, names):
    words = {folded for name in names for folded in _name_words(name)}
    if not words:
        return
    stems = {word for word in words if len(word) >= _INFLECTED}
    for match in _WORD.finditer(text):
        folded = _fold(match[0])
        if folded in words or (match[0][0].isupper() and _is_inflected(folded, stems)):
            yield match.span()


def _is_inflected(word, stems):
    lengths = range(max(len(word) - _ENDING, _INFLECTED), len(word))
    if any(word[:length] in stems for length in lengths):
        return True
    # An ending that takes the place of the last letter: Jana, Janou; Svoboda, Svobody.
    return any(
        word.startswith(stem[:-1]) and len(word) - len(stem) in (0, 1)
        for stem in stems
        if stem[-1] in _VOWELS
    )


def _name_words(name):
    return [
        folded
        for word in _WORD.findall(name)
        if len(folded := _fold(word)) > 1 or not word.isascii()
    ]


def _fold(word):
    return anyascii(word).casefold()


def _replace(text, spans, replacement):
    """Return `text` with one replacement for each run of spans next to one another."""
    runs = []
    for start, end in sorted(spans):
        if runs and _JOINT.fullmatch(text, runs[-1][1], max(start, runs[-1][1])):
            runs[-1][1] = max(runs[-1][1], end)
        else:
            runs.append([start, end])
    for start, end in reversed(runs):
        text = text[:start] + replacement + text[end:]
    return text
