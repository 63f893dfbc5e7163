"""Numbers as senders write them: German, English, Swiss, French, with units or not."""

import re
from decimal import Decimal

_UNITS = (
    r"eur|euro|€|chf|fr\.?|sfr\.?|czk|kč|gbp|£|usd|us\$|\$|rub|rur|руб\.?|₽|pln|zł|huf"
    r"|m²|m2|qm|кв\.\s?м\.?"
)
_PREFIX = re.compile(rf"^(?:{_UNITS})\s*(?=[\d.+-])", re.IGNORECASE)
_SUFFIX = re.compile(rf"(?<=[\d.,–-])\s*(?:{_UNITS})$", re.IGNORECASE)
# "2'409'000.-", "1.200,--": no cents.
_NO_CENTS = re.compile(r"([.,])\s?[-–—]{1,2}$")
_GROUPED = re.compile(r"\d{1,3}(?:([ '.,])\d{3})(?:\1\d{3})*")
_MAX_DIGITS = 15


def read_number(raw):
    """Return a written number and a problem code.

    A single separator before exactly three digits ("1.250", "1,250") is a thousands
    sign for one sender and a decimal sign for another: it is not guessed.

    :param raw: text, e.g. "299.000,50 EUR", "2'409'000.-", "665 000", "85 m²".
    :return: pair of the `Decimal`, or None, and the code: empty when there is a number
        or nothing at all, else ``unreadable`` or ``ambiguous``.
    """
    text = _bare(raw)
    if not text:
        return None, ""
    sign, digits = re.fullmatch(r"([+-]?)\s?(.*)", text, re.DOTALL).groups()
    whole, fraction, code = _split(digits)
    if code or len(whole + fraction) > _MAX_DIGITS:
        return None, code or "unreadable"
    number = Decimal(f"{whole}.{fraction}" if fraction else whole)
    return (-number if sign == "-" else number), ""


def _bare(raw):
    text = " ".join(re.sub("[’`´‘]", "'", raw).split())
    text = _SUFFIX.sub("", _PREFIX.sub("", text))
    return _NO_CENTS.sub(r"\g<1>00", text)


def _split(digits):
    """Return whole digits, fraction digits and a problem code."""
    if not re.fullmatch(r"[0-9][0-9 '.,]*", digits):
        return "", "", "unreadable"
    mark = _decimal_mark(digits)
    whole, _mark, fraction = digits.rpartition(mark) if mark else (digits, "", "")
    if len(fraction) == 3 and re.fullmatch(r"[1-9][0-9]{0,2}", whole):
        return "", "", "ambiguous"
    group = _GROUPED.fullmatch(whole)
    if group and group[1] != mark:
        whole = re.sub(r"[ '.,]", "", whole)
    is_number = whole.isdigit() and (fraction.isdigit() or not fraction)
    return (whole, fraction, "") if is_number else ("", "", "unreadable")


def _decimal_mark(digits):
    """Return the last "." or "," unless it repeats, as thousands signs do."""
    mark = digits[max(digits.rfind("."), digits.rfind(","))]
    return mark if mark in ".," and digits.count(mark) == 1 else ""
