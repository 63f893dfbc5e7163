"""Telephone numbers as people write them, and the one form that can be compared."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers

# A letter ends a number: extensions do not belong to it, and read as the keys of a dial
# the letters of "office" would make up digits.
_NUMBER = re.compile(r"[+(]*[0-9][0-9 ()/.\-]*")
# Digits with what people put between those of one number.
_RUN = re.compile(r"[0-9](?:[ ()/.\-]{0,3}[0-9])+")
_TRUNK_ZERO = re.compile(r"\(0+\)")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_MAX_LENGTH = 80
_MOBILE_TYPES = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.UNKNOWN,
)


# The agents of an agency stand in hundreds of its listings.
@lru_cache(maxsize=4_096)
def to_e164(raw, country):
    """Return a number as "+" and digits, or an empty text when it is not valid.

    :param raw: text, e.g. "0049 (0)30 23125-000", "+420 601 123 456 ext. 12".
    :param country: ISO 3166 alpha-2, in whose way a national number is written; empty
        when unknown: then only international numbers are read.
    """
    number = _parse(raw, country)
    if number is None:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def readable(number):
    """Return a number of `to_e164` in groups of digits; other texts as they are."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(
        parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )


def is_mobile(raw, country):
    """Tell whether a valid number is mobile, or of a kind that cannot be told apart.

    :param raw: as in `to_e164`.
    :param country: as in `to_e164`.
    """
    number = _parse(raw, country)
    return number is not None and phonenumbers.number_type(number) in _MOBILE_TYPES


def variants_for_search(raw):
    """Return the digit texts under which a number may have been stored, longest first.

    :param raw: text, also a part of a number.
    :return: distinct texts of digits: as written, without international and without
        national prefix zeros.
    """
    digits = re.sub(r"[^0-9]", "", _plain(raw))
    variants = (digits, digits.removeprefix("00"), digits.lstrip("0"))
    return tuple(dict.fromkeys(variant for variant in variants if variant))


def searched_digits(raw, country):
    """Return the digit texts that a number stored as E.164 contains, likeliest first.

    :param raw: a number in any spelling, or the beginning, middle or end of one.
    :param country: as in `to_e164`.
    :return: distinct texts of digits; the first one is the whole number if it is valid.
    """
    whole = to_e164(raw, country)
    written = _TRUNK_ZERO.sub("", _plain(raw))
    found = [whole.removeprefix("+"), *variants_for_search(written)]
    trunk = _trunk_prefix(country)
    found += [text.removeprefix(trunk) for text in found[1:] if trunk]
    return tuple(dict.fromkeys(text for text in found if len(text) > 2))


def _trunk_prefix(country):
    region = phonenumbers.PhoneMetadata.metadata_for_region(country.upper(), None)
    return (region and region.national_prefix) or ""


def digits_in(text):
    """Return the numbers in a text as digits, each on its own line.

    :param text: any text; what stands between the digits of one number is left out.
    """
    return "\n".join(re.sub("[^0-9]", "", run) for run in _RUN.findall(_plain(text)))


def national_digits(number):
    """Return the digits of a number that stay in whatever way it is written.

    :param number: "+" and digits; what is no number gives an empty text.
    """
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.national_significant_number(parsed)


def in_all_countries(national):
    """Return the digits of a number without its country, once with each country."""
    codes = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return [f"{code}{national}" for code in codes]


def unique(raws, country):
    """Return the raw numbers without those that only repeat an earlier one.

    :param raws: texts, in their order.
    :param country: as in `to_e164`.
    """
    kept = {}
    for raw in raws:
        kept.setdefault(to_e164(raw, country) or variants_for_search(raw) or raw, raw)
    return tuple(kept.values())


def _parse(raw, country):
    text = _plain(raw)
    match = _NUMBER.search(text)
    if not match or len(text) > _MAX_LENGTH:
        return None
    for candidate in _candidates(match[0].lstrip("(")):
        number = _valid(candidate, country)
        if number is not None:
            return number
    return None


def _plain(raw):
    return " ".join(unicodedata.normalize("NFKC", raw).translate(_DASHES).split())


def _candidates(written):
    if written.startswith("00"):
        written = "+" + written[2:]
    yield written
    # The zero in brackets is dialled from abroad in Italy only, which is tried first.
    if written.startswith("+"):
        yield _TRUNK_ZERO.sub("", written)


def _valid(text, country):
    try:
        number = phonenumbers.parse(text, country.upper() or None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
