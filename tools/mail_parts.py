"""A raw mail as plain values: header texts, addresses, parts without their encodings.

Every part of the standard library that meets the raw bytes is called here, because it
raises nearly anything on damaged ones; callers meet an `IntakeError` only.
"""

import codecs
import email
import email.errors
import email.header
import email.utils
import re
from dataclasses import dataclass

from .neutral import IntakeError
from .texts import one_line, plain_text, tidy

SIZE_LIMIT = 10 * 2**20
PART_LIMIT = 50
LINE_LIMIT = 300_000
# What is longer holds no enquiry: nobody writes it, and nobody would read it.
HEADER_LENGTH = 2_000
BODY_BYTES = 512 * 2**10
BODY_LENGTH = 100_000

# Codecs that are no charsets of mails, slow on hostile input or without any meaning.
_REFUSED_CODECS = frozenset(
    {"idna", "mbcs", "oem", "punycode", "raw_unicode_escape", "undefined"}
    | {"unicode_escape"}
)
# Read as its superset: senders name these and write UTF-8 or Windows signs.
_WEAK_CHARSETS = frozenset({"ascii", "iso8859-1", "cp1252", "utf-8"})
_ADDRESS_HEADERS = frozenset({"from", "reply-to"})
# Where servers name whom they deliver to; there is no header for it that all write.
_RECIPIENT_HEADERS = ("delivered-to", "to", "cc", "resent-to", "resent-cc")
_HEAD_BYTES = 256 * 2**10
_END_OF_HEAD = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_ADDRESS = re.compile(r"[^\s@<>\"(),;:]+@[^\s@<>\"(),;:]+")
_HTML_BODY = re.compile(r"<(?:html|body|table)[\s>]", re.IGNORECASE)
# A header goes on in lines that begin with a blank.
_CONTENT_TYPE = re.compile(
    rb"^content-type[ \t]*:[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_DASHED_LINE = re.compile(rb"[\r\n]--")
_DASHED_LINES_PER_PART = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of a mail.

    :param content_type: lower case, e.g. ``text/plain``.
    :param data: bytes without the transfer encoding.
    :param charset: as declared, empty when it is not.
    :param is_attachment: whether it asks to be shown as a file.
    :param is_binary: whether its line ends belong to the content.
    """

    content_type: str
    data: bytes
    charset: str = ""
    is_attachment: bool = False
    is_binary: bool = False

    @property
    def text(self):
        """The decoded content; a wrong charset is mended, never an error."""
        return decode(self.data, self.charset)

    @property
    def body(self):
        """The beginning of the decoded content: as much as a person would read."""
        return decode(self.data[:BODY_BYTES], self.charset)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, its own parts and the mails inside it.

    :param headers: lower-case name to the decoded texts, each on one line.
    :param addresses: ``from`` and ``reply-to`` to display name and lower-case address.
    """

    headers: dict
    addresses: dict
    content_type: str
    parts: tuple[Part, ...] = ()
    attached: tuple["Mail", ...] = ()

    def header(self, name):
        """Return the first header of a name, or an empty text."""
        return self.headers.get(name, ("",))[0]

    def address(self, name):
        """Return display name and address of a header, both may be empty."""
        return self.addresses.get(name, ("", ""))

    def all_parts(self):
        """Return the parts of this mail and of the mails inside it, in order."""
        parts = self.parts
        for mail in self.attached:
            parts += mail.all_parts()
        return parts

    def bodies(self):
        """Return the plain texts of the body: the plain parts joined, then the HTML."""
        texts = {"text/plain": [], "text/html": []}
        for part in self.parts:
            if part.content_type in texts and not part.is_attachment:
                texts[part.content_type].append(_body_text(part))
        joined = ("\n\n".join(filter(None, group)) for group in texts.values())
        return tuple(filter(None, joined))


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a mail says of itself before anybody reads it.

    :param recipients: lower-case addresses it was delivered to, in their order.
    """

    subject: str = ""
    recipients: tuple[str, ...] = ()


def read_envelope(raw):
    """Return the `Envelope` of a raw mail, an empty one when nothing can be read.

    Unlike `open_mail` it never raises, and looks at the head alone: a mail whose body
    nobody can read is delivered all the same.

    :param raw: bytes of the mail.
    """
    raw = bytes(raw[:_HEAD_BYTES]).lstrip()
    head = _END_OF_HEAD.split(raw, maxsplit=1)[0]
    # Damaged heads make the standard library raise nearly anything.
    try:
        items = list(email.message_from_bytes(head + b"\n\n").raw_items())
        return _envelope(items)
    except Exception:  # noqa: BLE001 - a head nobody can read names nobody
        return Envelope()


def _envelope(items):
    texts = {}
    for name, value in items:
        data = value.encode("utf-8", "surrogateescape")
        texts.setdefault(name.lower(), []).append(one_line(decode(data)))
    found = []
    for name in _RECIPIENT_HEADERS:
        for text in texts.get(name, ()):
            pairs = email.utils.getaddresses([text])
            listed = [address.lower() for _display, address in pairs]
            # Newer Pythons give up a line as a whole when one name in it is odd.
            found += list(filter(_ADDRESS.fullmatch, listed)) or _ADDRESS.findall(
                text.lower()
            )
    subject = texts.get("subject", [""])[0][:HEADER_LENGTH]
    return Envelope(_header_text(subject), tuple(dict.fromkeys(found)))


def open_mail(raw, size_limit=SIZE_LIMIT, part_limit=PART_LIMIT):
    """Return a raw mail as a `Mail`.

    :param raw: bytes as in RFC 5322.
    :param size_limit: most bytes.
    :param part_limit: most parts, those of mails inside counted too.
    :raises IntakeError: ``empty``, ``too_large`` or ``broken``.
    """
    raw = bytes(raw).lstrip()
    if not raw:
        raise IntakeError("empty")
    if len(raw) > size_limit:
        raise IntakeError("too_large", f"more than {size_limit} bytes")
    _check_size(raw, part_limit)
    # Damaged mails make the standard library raise nearly anything.
    try:
        mail = _mail(email.message_from_bytes(raw))
    except Exception as error:
        raise IntakeError("broken", type(error).__name__) from error
    if len(mail.all_parts()) > part_limit:
        raise IntakeError("too_large", f"more than {part_limit} parts")
    return mail


def _check_size(raw, part_limit):
    """Refuse what would take long: parsing grows with lines, parts and parameters."""
    if raw.count(b"\n") + raw.count(b"\r") > 2 * LINE_LIMIT:
        raise IntakeError("too_large", f"more than {LINE_LIMIT} lines")
    lengths = [len(header[0]) for header in _CONTENT_TYPE.finditer(raw)]
    if max(lengths, default=0) > HEADER_LENGTH:
        raise IntakeError("too_large", "Content-Type")
    dashed = len(_DASHED_LINE.findall(raw))
    if len(lengths) > 2 * part_limit or dashed > _DASHED_LINES_PER_PART * part_limit:
        raise IntakeError("too_large", f"more than {part_limit} parts")


def decode(data, charset=""):
    """Return the text of bytes, whatever the charset claims.

    :param data: bytes.
    :param charset: name as declared, may be wrong or unknown.
    """
    for codec in _codecs(charset):
        try:
            return data.decode(codec)
        except (UnicodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def parse_address(raw):
    """Return display name and lower-case address, either may be empty.

    :param raw: text of an address header, not yet decoded: a decoded display name may
        hold a comma or a bracket.
    """
    try:
        display, address = email.utils.parseaddr(raw)
    except RecursionError:
        return "", ""
    display, address = _header_text(display), one_line(address).lower()
    if display.lower() == address:
        display = ""
    return display, (address if _ADDRESS.fullmatch(address) else "")


def _codecs(charset):
    try:
        name = codecs.lookup(charset).name if charset else "utf-8"
    except (LookupError, ValueError):
        name = "utf-8"
    if name in _WEAK_CHARSETS:
        return ("utf-8", name)
    return (name, "utf-8") if name not in _REFUSED_CODECS else ("utf-8",)


def _mail(message):
    headers, addresses = {}, {}
    for name, value in message.raw_items():
        data = value[:HEADER_LENGTH].encode("utf-8", "surrogateescape")
        raw = one_line(decode(data))
        headers.setdefault(name.lower(), []).append(_header_text(raw))
        if name.lower() in _ADDRESS_HEADERS:
            addresses.setdefault(name.lower(), parse_address(raw))
    parts, attached = [], []
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if not part.is_multipart():
            parts.append(_part(part))
        elif part.get_content_type() == "message/rfc822":
            attached += [_mail(inner) for inner in part.get_payload()]
        else:
            waiting += reversed(part.get_payload())
    content_type = message.get_content_type()
    return Mail(headers, addresses, content_type, tuple(parts), tuple(attached))


def _part(part):
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    data = part.get_payload(decode=True) or b""
    return Part(
        content_type=part.get_content_type(),
        data=data,
        charset=str(part.get_content_charset() or ""),
        is_attachment=part.get_content_disposition() == "attachment",
        is_binary=encoding == "base64" and part.get_content_maintype() != "text",
    )


def _header_text(raw):
    try:
        pieces = email.header.decode_header(raw)
    except (email.errors.HeaderParseError, ValueError):
        return raw
    texts = (
        decode(piece, charset or "") if isinstance(piece, bytes) else piece
        for piece, charset in pieces
    )
    return one_line("".join(texts))


def _body_text(part):
    text = part.body
    if part.content_type == "text/html" or _HTML_BODY.search(text):
        return plain_text(text)[:BODY_LENGTH]
    return tidy(text[:BODY_LENGTH])
