"""Enquiries as XML in a mail: openimmo_feedback 1.2.5, and Immowelt's `objektanfrage`.

Names of the first are those of its schema. Those of the second are derived from what
production programs read of it; elements are looked for at any depth.
"""

import codecs
import re

from . import xml
from .mail_text import cut_more_data
from .neutral import Contact, Enquiry, IntakeError
from .openimmo_fields import Fields

_FEEDBACK, _IMMOWELT = "openimmo_feedback", "objektanfrage"
_NAMES_ROOT = re.compile(rf"<(?:[\w.-]+:)?(?:{_FEEDBACK}|{_IMMOWELT})[\s/>]")
_REFERENCES = ("oobj_id", "portal_obj_id", "portal_unique_id", "expose_url")
_WISHES = {"BESICHTIGUNG": "viewing", "ANRUF": "call", "DETAIL": "detail"}
_SNIFFED_BYTES = 4_096


def looks_like_enquiry(part):
    """Tell whether a part begins an XML document of enquiries, whatever it is called.

    :param part: a `Part` of a mail.
    """
    # UTF-16 without its zeros is ASCII enough for a name.
    head = part.data[:_SNIFFED_BYTES].replace(b"\0", b"").decode("latin-1")
    return bool(_NAMES_ROOT.search(head))


def read_enquiries(parts):
    """Return the enquiries of all documents of one format, each once.

    Immowelt sends the same enquiry in both formats and says more in its own.

    :param parts: `Part` values of a mail that hold such documents, in their order.
    :return: tuple of `Enquiry`, without problems; empty when nothing can be read.
    """
    roots = [root for root in map(_root, parts) if root is not None]
    for tag, read in ((_IMMOWELT, _read_immowelt), (_FEEDBACK, _read_feedback)):
        found = [one for root in roots if root.tag == tag for one in read(root)]
        if found:
            # A document may stand in a mail twice, as text and as an attachment.
            return tuple(dict.fromkeys(found))
    return ()


def _root(part):
    """Return the root of a document, read as it declares, else as the mail declares."""
    mended = codecs.BOM_UTF8 + part.text.encode("utf-8", "replace")
    for data in (part.data, mended):
        try:
            return xml.parse(data, roots=(_FEEDBACK, _IMMOWELT))
        except IntakeError:
            continue
    return None


def _read_feedback(root):
    portal = Fields(root).text("sender/name")
    for item in map(Fields, root.iterfind("objekt")):
        for person in map(Fields, item.element.iterfind("interessent")):
            wishes = (_WISHES.get(text.upper()) for text in person.texts("wunsch"))
            yield Enquiry(
                contact=_read_person(person),
                references=_filled(item, *_REFERENCES),
                message=cut_more_data(person.long_text("anfrage")),
                portal=portal,
                wishes=tuple(dict.fromkeys(filter(None, wishes))),
            )


def _read_person(person):
    return Contact(
        first_name=person.text("vorname"),
        last_name=person.text("nachname"),
        company=person.text("firma"),
        street=person.text("strasse"),
        zip=person.text("plz"),
        city=person.text("ort"),
        emails=_filled(person, "email"),
        phones=_filled(person, "tel", "mobil"),
    )


def _read_immowelt(root):
    fields = Fields(root)
    contact = Contact(
        first_name=fields.text(".//i_vorname"),
        last_name=fields.text(".//i_name"),
        company=fields.text(".//i_firma"),
        emails=_filled(fields, ".//i_email"),
        phones=_filled(fields, ".//i_tel", ".//i_mobil"),
    )
    if not contact.is_empty:
        yield Enquiry(
            contact=contact,
            references=_filled(fields, ".//o_maklernr", ".//o_refnr"),
            message=cut_more_data(fields.long_text(".//i_info")),
        )


def _filled(fields, *paths):
    return tuple(dict.fromkeys(filter(None, map(fields.text, paths))))
