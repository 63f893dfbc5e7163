"""What somebody typed while the phone rings: whom it may mean, what it says of him."""

import re
from dataclasses import dataclass

from . import names, phones

_MAIL = re.compile(r"[^\s<>,;:()\[\]\"]*@[^\s<>,;:()\[\]\"]*")
_NUMBER = re.compile(r"[+(]*[0-9][0-9 ()/.\-]*")
_LABEL = re.compile(r"\b(?:tel|phone|mobil|mob|mail|e-mail)\b[.:]*", re.IGNORECASE)
_EDGES = " \t\n,;:<>()[]\"'-/|"
_FEWEST_DIGITS = 3
# More words than anybody types of one name: what was pasted is no name.
_MOST_WORDS = 6
_MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """The parts of a typed line; what is empty was not typed.

    `words` holds the keys of each word of the name (see `names.spellings`), `digits`
    the texts that the number may be stored with, the whole number first.
    """

    name: str = ""
    phone: str = ""
    mail: str = ""
    words: tuple[tuple[str, ...], ...] = ()
    digits: tuple[str, ...] = ()

    @property
    def is_searchable(self):
        """Whether there is enough to look for somebody."""
        return bool(
            self.digits
            or len(self.mail) > 2
            or any(len(keys[0]) > 1 for keys in self.words)
        )


def read(text, country):
    """Return the `Typed` of a line such as "dvorak 777 123 456 jan@example.com".

    :param text: what was typed or what a telephone system sent
    :param country: ISO 3166 alpha-2 in whose way numbers are written; may be empty
    """
    mail, rest = _take(_MAIL, text[:_MOST_CHARACTERS], lambda found: True)
    # A label only outside of the address: many have theirs at mail.ru.
    number, rest = _take(_NUMBER, _LABEL.sub(" ", rest), _is_number)
    name = " ".join(rest.split()).strip(_EDGES)
    words = names.spellings(name)[:_MOST_WORDS]
    return Typed(
        name=_capitalize(name) if words else "",
        phone=phones.to_e164(number, country) or number.strip(" ()/.-"),
        mail=mail.strip(".").lower(),
        words=words,
        digits=phones.searched_digits(number, country) if number else (),
    )


def contact_key(name_texts, mails, numbers):
    """Return the text that a contact is found by: words parted by blanks.

    :param name_texts: its names
    :param mails: its mail addresses
    :param numbers: (phone as written, country in whose way) of each of its phones
    """
    words = [
        key for text in name_texts for keys in names.spellings(text) for key in keys
    ]
    words += [mail.lower() for mail in mails]
    for number, country in numbers:
        whole = phones.to_e164(number, country).removeprefix("+")
        words.append(whole or "".join(re.findall("[0-9]", number)))
    return f" {' '.join(dict.fromkeys(filter(None, words)))} "


def _take(pattern, text, is_meant):
    """Return the first match that is meant, and the text without it."""
    for match in pattern.finditer(text):
        if is_meant(match[0]):
            return match[0], f"{text[: match.start()]} {text[match.end() :]}"
    return "", text


def _is_number(text):
    return sum(char.isdigit() for char in text) >= _FEWEST_DIGITS


def _capitalize(name):
    """Write a name that was typed in small letters as names are written."""
    return name.title() if name.islower() else name
