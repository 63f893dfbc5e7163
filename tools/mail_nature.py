"""Whether a mail is a machine's answer or notice, and whether it was here before."""

import email.utils
import hashlib
import re
from datetime import timezone

from .mail_parts import open_mail

_MACHINE = re.compile(
    r"(?:no|do[-_.]?not|nicht)[-_.]?(?:reply|answer|antworten|respond)"
    r"|ne[-_.]?(?:pas[-_.]?)?r[eé]pondre|neodpovidat|mailer[-_.]?daemon"
    r"|(?<![a-z])(?:postmaster|bounces?|notifications?|notify|alerts?|newsletter|leads?"
    r"|robot|system|automat)(?![a-z])",
    re.IGNORECASE,
)
_RELAY = re.compile(r"(?:.+\.)?(?:convo|relay|reply|messages?)\.[^.]+\..+")
_BOUNCER = re.compile(r"mailer[-_.]?daemon|postmaster", re.IGNORECASE)
_ANSWER_SUBJECT = re.compile(
    r"(?:(?:re|aw|sv|odp)\s?:\s*)?"
    r"(?:automatische (?:antwort|nachricht)|abwesenheit|automatic reply"
    r"|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office"
    r"|réponse automatique|automatická odpověď|автоответ|автоматический ответ"
    r"|undeliver|delivery status notification|unzustellbar|mail delivery"
    r"|returned mail)",
    re.IGNORECASE,
)
_ANSWER_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-autoreply-from",
)
_LIST_HEADERS = ("list-id", "list-unsubscribe")


def is_machine(address):
    """Tell whether an address is read by nobody, or stands before a person's own one.

    :param address: e.g. ``no-reply@portal.example``; an empty one is.
    """
    local, _at, domain = address.partition("@")
    return not local or bool(_MACHINE.search(local) or _RELAY.fullmatch(domain))


def is_robot(address):
    """Tell whether an address is read by nobody; who is written to by a relay reads.

    :param address: e.g. ``no-reply@portal.example``; an empty one is.
    """
    local, _at, _domain = address.partition("@")
    return not local or bool(_MACHINE.search(local))


def is_answer(mail):
    """Tell whether a mail is a bounce or an automatic answer (RFC 3834, RFC 3464).

    :param mail: a `Mail`.
    """
    submitted = mail.header("auto-submitted").lower()
    return bool(
        mail.content_type == "multipart/report"
        or submitted.startswith(("auto-replied", "auto-notified"))
        or any(mail.header(name).lower() not in ("", "no") for name in _ANSWER_HEADERS)
        or mail.header("precedence").lower() == "auto_reply"
        or mail.header("x-failed-recipients")
        or _BOUNCER.match(mail.address("from")[1])
        or _ANSWER_SUBJECT.match(mail.header("subject"))
    )


def is_bulk(mail):
    """Tell whether a mail went out by itself: a notice, a newsletter, a saved search.

    An enquiry that a portal hands on does so too: look for one first. What a mailing
    list hands on was written by a person unless its sender is a machine.

    :param mail: a `Mail`.
    """
    if mail.header("auto-submitted").lower().startswith("auto-"):
        return True
    if mail.header("return-path").replace(" ", "") == "<>":
        return True
    is_list = mail.header("precedence").lower() in ("bulk", "junk", "list")
    is_list = is_list or any(map(mail.header, _LIST_HEADERS))
    return is_list and is_machine(mail.address("from")[1])


def fingerprint(raw):
    """Return the SHA-256 of what a mail says, as 64 hexadecimal digits.

    It holds sender, date, subject, texts and attachments. Message-ID, other headers,
    transfer encodings and line ends are left out: servers on the way rewrite them.

    :param raw: bytes of the mail.
    :raises IntakeError: as `mail_parts.open_mail`.
    """
    mail = open_mail(raw)
    display, address = mail.address("from")
    digest = hashlib.sha256()
    head = (
        address or display or mail.header("from"),
        _moment(mail.header("date")),
        mail.header("subject"),
    )
    for data in (*map(str.encode, head), *map(_content, mail.all_parts())):
        # The length in front keeps apart what would be the same when joined.
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


def _moment(header):
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except (TypeError, ValueError, OverflowError, IndexError):
        return header
    if moment.tzinfo is None:
        return moment.isoformat()
    try:
        return moment.astimezone(timezone.utc).isoformat()
    except OverflowError:
        return header


def _content(part):
    if part.is_binary:
        return part.data
    if part.content_type.startswith("text/"):
        return " ".join(part.text.split()).encode("utf-8", "replace")
    return part.data.replace(b"\r\n", b"\n").rstrip(b"\n")
