"""Whether a raw mail names a person, whatever its encodings hide."""

import re

from . import archive, phones
from .mail_parts import decode, open_mail
from .neutral import IntakeError

# Shorter ones would be found in any price.
_FEWEST_DIGITS = 7
_PICTURES = ("image/", "audio/", "video/")


def names(raw, addresses, numbers):
    """Tell whether a mail holds a mail address or a phone number of somebody.

    Headers, bodies and attached texts are searched without their encodings, and the
    raw bytes, too: a mail that cannot be opened may still name him in plain words.

    :param bytes raw: the mail as it came
    :param addresses: mail addresses
    :param numbers: phone numbers as "+" and digits
    """
    wanted = [
        # A longer address that holds this one is somebody else's.
        re.compile(rf"(?<![\w.+%'-]){re.escape(address.lower())}(?![\w-]|\.\w)")
        for address in filter(None, addresses)
    ]
    digits = [phones.national_digits(number) for number in numbers if number]
    digits = [number for number in digits if len(number) >= _FEWEST_DIGITS]
    for text in _texts(raw):
        lowered = text.lower()
        if any(address.search(lowered) for address in wanted):
            return True
        if digits:
            told = phones.digits_in(text)
            if any(number in told for number in digits):
                return True
    return False


def _texts(raw):
    """Yield what can be read in a mail."""
    try:
        mail = open_mail(raw, size_limit=archive.TOTAL_LIMIT)
    except IntakeError:
        yield decode(raw)
        return
    yield from _mail_texts(mail)
    yield decode(raw)


def _mail_texts(mail):
    for values in mail.headers.values():
        yield from values
    for _display, address in mail.addresses.values():
        yield address
    for part in mail.parts:
        if not part.content_type.startswith(_PICTURES):
            yield part.text
    for inner in mail.attached:
        yield from _mail_texts(inner)
