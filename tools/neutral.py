"""Neutral records: what every exchange format is parsed into.

A parser never guesses. What it cannot read stays empty, and a `Problem` says where and
keeps the raw text, so that a person can decide. The records are values: frozen, without
a database, equal when their contents are equal.
"""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person has to look at.

    :param code: stable code; the model room turns it into a sentence:
        ``missing`` (a required value is empty), ``unreadable`` (a value is there but
        means nothing to us), ``ambiguous`` (several meanings), ``invalid_phone``.
    :param field: name of the neutral field, e.g. ``price``.
    :param raw: the text as the sender wrote it.
    """

    code: str
    field: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or company as the sender names it; phones are kept raw, in order."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street: str = ""
    zip: str = ""
    city: str = ""
    country: str = ""  # ISO 3166 alpha-2
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()

    @property
    def name(self):
        person = " ".join(part for part in (self.first_name, self.last_name) if part)
        return person or self.company

    @property
    def is_empty(self):
        return not (self.name or self.emails or self.phones)


@dataclass(frozen=True, slots=True)
class Listing:
    """One offer: an object that is both for sale and to let makes two of them.

    Areas are square metres, money is in `currency` (ISO 4217), coordinates are WGS84
    degrees. A rent is the net cold rent a month.
    """

    key: str  # stable identity at the sender, without the deal type
    deal_type: str = ""  # sale, rent or "" when the sender does not say
    is_deleted: bool = False
    object_number: str = ""
    provider: str = ""
    title: str = ""
    description: str = ""
    type_code: str = ""  # code of an estate.property.type, "" when unknown
    usage: str = ""  # residential, commercial or ""
    market: str = ""  # new, resale or ""
    state: str = ""  # on_market, reserved, closed or ""
    price: Decimal | None = None
    currency: str = ""
    living_area: float | None = None
    plot_area: float | None = None
    room_count: float | None = None
    bedroom_count: int | None = None
    floor: str = ""
    street: str = ""
    zip: str = ""
    city: str = ""
    country: str = ""  # ISO 3166 alpha-2
    latitude: float | None = None
    longitude: float | None = None
    fee_text: str = ""
    available_text: str = ""
    contact: Contact = field(default_factory=Contact)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Transfer:
    """The head of a listing file, known when the file has been read to its end.

    :param is_full: objects of this sender that are missing from the file are gone.
        Only true for a complete, non-empty file that says so.
    """

    is_full: bool = False
    sender: str = ""
    listing_count: int = 0


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One seeker's question about one object (or none that could be recognised)."""

    contact: Contact = field(default_factory=Contact)
    references: tuple[str, ...] = ()  # candidates for the property, best first
    message: str = ""
    portal: str = ""
    wishes: tuple[str, ...] = ()  # viewing, call, detail
    problems: tuple[Problem, ...] = ()


class IntakeError(Exception):
    """What came in cannot be read as a whole.

    :param code: ``empty``, ``too_large``, ``broken``, ``hostile``, ``unknown_format``;
        the model room turns it into a sentence that says the next step.
    :param detail: where and why, for the person who asks the sender to mend it.
    """

    def __init__(self, code, detail=""):
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
