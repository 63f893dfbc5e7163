"""Enquiries out of mails: what portals attach, what forms write, what people write.

Four layers, the first that finds an enquiry wins: an XML part, meta tags after
leadmetadata.org 1.0, labels in the body ("Vorname: Jan"), a plain mail.
"""

import html
import re
from dataclasses import replace

from . import enquiry_xml, phones
from .mail_nature import fingerprint, is_answer, is_bulk, is_machine
from .mail_parts import open_mail, parse_address
from .mail_text import (
    cut_reply,
    find_references,
    open_forward,
    read_labels,
    references_in_value,
)
from .neutral import Contact, Enquiry, Problem
from .texts import one_line, plain_text

__all__ = ["find_references", "fingerprint", "is_automatic", "read_mail"]

_EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_FORWARD = re.compile(r"(?:fwd?|wg|wtr|tr|přeposláno|пересл)\s?:", re.IGNORECASE)
_META = re.compile(r"<meta\b([^<>]{1,5000})>", re.IGNORECASE)
_META_VALUE = re.compile(
    r"\b(name|content)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE
)
_TELLING_FIELDS = {"first_name", "last_name", "name", "message", "reference"}
_MIN_PHONE_DIGITS = 5


def read_mail(raw, recipients_country=""):
    """Return the enquiries in a mail as a list of `Enquiry`.

    One mail holds several when a portal sends several objects or persons. Whoever
    calls has asked `is_automatic` before. What a person must look at is in the
    problems: ``missing`` `contact` when there is neither phone nor mail, ``unreadable``
    `contact.emails`, ``invalid_phone`` `contact.phones`.

    :param raw: bytes of the mail as in RFC 5322.
    :param recipients_country: ISO 3166 alpha-2 of who got the mail; national numbers
        are judged by it.
    :raises IntakeError: ``empty``, ``too_large`` or ``broken``.
    """
    enquiries = _read(open_mail(raw))
    return [_judged(enquiry, recipients_country) for enquiry in enquiries]


def is_automatic(raw):
    """Tell whether a mail is an automatic answer, a bounce, a newsletter, a digest.

    Portals send enquiries with the signs of bulk mail: what holds one is not automatic.

    :param raw: bytes of the mail.
    :raises IntakeError: as `read_mail`.
    """
    mail = open_mail(raw)
    return is_answer(mail) or (is_bulk(mail) and not _read_structured(mail))


def _read(mail):
    if structured := _read_structured(mail):
        return structured
    if mail.attached and (_is_forward(mail) or not mail.bodies()):
        return _read(mail.attached[0])
    return (_read_letter(mail),)


def _read_structured(mail):
    return _read_documents(mail) or _read_metadata(mail) or _read_form(mail)


def _is_forward(mail):
    return bool(_FORWARD.match(mail.header("subject")))


# === XML === #


def _read_documents(mail):
    parts = filter(enquiry_xml.looks_like_enquiry, mail.all_parts())
    enquiries = enquiry_xml.read_enquiries(parts)
    subject = find_references(mail.header("subject"))
    return tuple(
        replace(
            enquiry,
            references=enquiry.references or subject,
            portal=enquiry.portal or _domain(mail),
        )
        for enquiry in enquiries
    )


# === META TAGS === #


def _read_metadata(mail):
    for part in mail.all_parts():
        if part.content_type == "text/html" and (values := _metadata(part.body)):
            return (_enquiry_of_metadata(values),)
    return ()


def _metadata(text):
    values = {}
    for tag in _META.finditer(text):
        found = {
            key.lower(): double or single
            for key, double, single in _META_VALUE.findall(tag[1])
        }
        name = found.get("name", "").lower()
        if name.startswith("lead_"):
            values.setdefault(name, html.unescape(found.get("content", "")))
    return values if values.get("lead_information_version") == "1.0" else {}


def _enquiry_of_metadata(values):
    def line(name):
        return one_line(values.get(f"lead_{name}", ""))

    # Without a type the lead is a buyer; a seller or renter is for a person to sort.
    kind = line("type")
    problems = (Problem("ambiguous", "kind", kind),) if _is_seller(kind) else ()
    return Enquiry(
        contact=Contact(
            last_name=line("name"),
            emails=tuple(filter(None, [line("email")])),
            phones=tuple(filter(None, [line("phone")])),
        ),
        references=tuple(filter(None, [line("mls")])),
        message=plain_text(values.get("lead_message", "")),
        portal=line("source"),
        problems=problems,
    )


def _is_seller(kind):
    return kind.lower() == "seller"


# === LABELS === #


def _read_form(mail):
    for body in mail.bodies():
        for text in _readings(mail, body):
            values = read_labels(text)
            if _is_form(values):
                return (_enquiry_of_form(mail, values, text),)
    return ()


def _readings(mail, body):
    yield cut_reply(body)
    if _is_forward(mail):
        yield re.sub(r"(?m)^[> ]+", "", body)


def _is_form(values):
    """Tell whether labels make an enquiry: a signature has phone and mail only."""
    is_reachable = values.keys() & {"phone", "mobile", "email"}
    says_more = values.keys() & _TELLING_FIELDS
    return bool(is_reachable and says_more)


def _enquiry_of_form(mail, values, text):
    first_name, last_name = _names(values)
    full_name = f"{first_name} {last_name}".strip()
    display, sender = _answer_address(mail)
    # Without a name of its own the form is a letter with labels; with one, the sender
    # is the person only if the names agree, else the website or the portal.
    is_letter = not full_name or _share_a_word(full_name, f"{display} {sender}")
    email = values.get("email", "") or (sender if is_letter else "")
    named = [values[field] for field in ("reference", "link") if field in values]
    references = [word for value in named for word in references_in_value(value)]
    references += find_references(mail.header("subject"))
    return Enquiry(
        contact=Contact(
            first_name=first_name,
            last_name=last_name if full_name else display,
            company=values.get("company", ""),
            emails=tuple(filter(None, [email])),
            phones=_phones(values),
        ),
        references=tuple(dict.fromkeys(references)),
        message=values.get("message", text if is_letter else ""),
        portal="" if sender and sender == email.lower() else _domain(mail),
    )


def _names(values):
    first, last = values.get("first_name", ""), values.get("last_name", "")
    name = values.get("name", "")
    if last and not first:
        return name, last
    return first, last or name


def _share_a_word(name, other):
    words = re.findall(r"\w{3,}", name.casefold())
    return any(word in other.casefold() for word in words)


def _phones(values):
    raws = (values.get("phone", ""), values.get("mobile", ""))
    return tuple(filter(_has_digits, raws))


def _has_digits(raw):
    """Tell "no phone" from a number."""
    return len(re.findall("[0-9]", raw)) >= _MIN_PHONE_DIGITS


# === LETTERS === #


def _read_letter(mail):
    body = next(iter(mail.bodies()), "")
    subject = mail.header("subject")
    if _is_forward(mail):
        # Who hands a mail on is not who wrote it.
        named, own = open_forward(body)
        display, email = parse_address(named)
    else:
        own = cut_reply(body)
        display, email = _answer_address(mail)
    values = read_labels(own)
    references = (*find_references(subject), *find_references(own))
    return Enquiry(
        contact=Contact(
            last_name=display,
            emails=tuple(filter(None, [email or values.get("email", "")])),
            phones=_phones(values),
        ),
        references=tuple(dict.fromkeys(references)),
        message=own or subject,
    )


def _answer_address(mail):
    """Return name and address of the person a mail comes from, empty for a machine.

    A portal in between names the person in Reply-To; an address of its own there is as
    little the person's as its sender.
    """
    display, sender = mail.address("from")
    answer_display, answer = mail.address("reply-to")
    if is_machine(answer) or (is_machine(sender) and _same_domain(sender, answer)):
        answer = ""
    if answer and answer != sender:
        return answer_display or display, answer
    return (display, sender) if not is_machine(sender) else ("", "")


def _same_domain(one, other):
    return one.partition("@")[2] == other.partition("@")[2]


def _domain(mail):
    return mail.address("from")[1].partition("@")[2]


# === JUDGING === #


def _judged(enquiry, country):
    """Return an enquiry with only real addresses, and with its problems."""
    contact = enquiry.contact
    problems = list(enquiry.problems)
    emails = {}
    for raw in contact.emails:
        match = _EMAIL.search(raw)
        if match:
            emails.setdefault(match[0].lower(), match[0])
        else:
            problems.append(Problem("unreadable", "contact.emails", raw))
    numbers = phones.unique(contact.phones, country)
    for raw in numbers:
        if not phones.to_e164(raw, country):
            problems.append(Problem("invalid_phone", "contact.phones", raw))
    if not emails and not numbers:
        problems.append(Problem("missing", "contact"))
    contact = replace(contact, emails=tuple(emails.values()), phones=numbers)
    return replace(enquiry, contact=contact, problems=tuple(problems))
