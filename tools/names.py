"""Names as people hear them: one key for all diacritics, scripts, orders of words."""

import re

from anyascii import anyascii

_APOSTROPHES = re.compile("['’ʼ`´]")
_WORD = re.compile(r"[^\W_]+")
_NO_KEY = re.compile("[^a-z0-9]")
_REPEATED = re.compile(r"([a-z])\1+")
# What one sound is written as in the alphabets and transcriptions of Europe; longer
# spellings first. "ch" is left: it is one sound in Prague and another one in London.
_SOUNDS = (
    *(("shch", "s"), ("tsch", "c"), ("sch", "s"), ("zh", "z"), ("sh", "s")),
    *(("kh", "h"), ("ph", "f"), ("th", "t"), ("ts", "c"), ("tz", "c"), ("cz", "c")),
    *(("sz", "s"), ("rz", "r"), ("ck", "k"), ("w", "v"), ("yu", "u"), ("ju", "u")),
    *(
        ("y", "i"),
        ("j", "i"),
        ("x", "ks"),
        ("q", "k"),
        ("ae", "a"),
        ("oe", "o"),
        ("ue", "u"),
    ),
)


def spellings(text):
    """Return for each word of a name the keys it is found by, the plain one first.

    Two words sound alike when they share a key: Dvořák, Dvorak and Дворжак do.

    :param text: any text, in any script
    :return: tuple of tuples of lower case ASCII words
    """
    words = _WORD.findall(_APOSTROPHES.sub("", text))
    found = (_keys_of(word) for word in words)
    return tuple(keys for keys in found if keys)


def name_key(text):
    """Return the plain words of a name in alphabetical order, parted by blanks."""
    return " ".join(sorted(keys[0] for keys in spellings(text)))


def _keys_of(word):
    plain = _NO_KEY.sub("", anyascii(word).lower())
    if not plain:
        return ()
    heard = plain
    for written, sound in _SOUNDS:
        heard = heard.replace(written, sound)
    folded = (_REPEATED.sub(r"\1", heard.replace("ch", sound)) for sound in "ch")
    return tuple(dict.fromkeys((plain, *folded)))
