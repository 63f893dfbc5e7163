"""OpenImmo 1.2 listing files, and the answers of JUSTIMMO, which has nearly its tags.

A file is read twice: `check` goes through all of it and refuses what is torn or
hostile, so that nothing of it is applied; `Reader` then yields the objects one by one.
Memory holds one object at a time.
"""

from dataclasses import dataclass

from . import openimmo_object, xml
from .neutral import IntakeError, Problem, Transfer
from .openimmo_fields import Fields

_ROOTS = frozenset({"openimmo", "justimmo"})
_PROVIDER_TAGS = frozenset({"anbieternr", "firma", "openimmo_anid"})
_TAGS = _PROVIDER_TAGS | {"uebertragung", "immobilie"}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An object of a file that makes no listing; the others are not touched by it.

    :param position: its place among the objects of the file, from 1 on.
    :param key: its identity at the sender, empty when that is what is missing.
    :param problems: why: ``missing`` field ``key``, or ``unreadable`` field ``listing``
        with the class of the error.
    """

    position: int
    key: str = ""
    problems: tuple[Problem, ...] = ()


def check(source, **limits):
    """Read a file to its end without making listings, and return its `Transfer`.

    :param source: bytes, or a seekable binary stream; it is read from its beginning.
    :param limits: `byte_limit`, `depth_limit`, `element_limit` of `xml.iterate`.
    :raises IntakeError: ``empty``, ``too_large``, ``hostile``, ``unknown_format`` or
        ``broken``.
    """
    scan = _Scan(source, limits)
    for _element, _provider in scan.objects():
        pass
    return scan.transfer()


class Reader:
    """Iterates over the objects of a file as `Listing` or `Unreadable`.

    An object that is both for sale and to let yields two listings with one key, an
    object to delete a single one without deal type. Iterating again reads again.

    :param source: as in `check`.
    :param limits: as in `check`.
    :raises IntakeError: while iterating, as `check`, at the point of the error.

    `transfer` is None until the iteration has come to its end. It is full only when
    the file says so, is not a deletion, holds an object, and each object has a key:
    an object that cannot be recognised may be any of those that seem to be gone.
    """

    def __init__(self, source, **limits):
        self._source = source
        self._limits = limits
        self.transfer = None

    def __iter__(self):
        self.transfer = None
        scan = _Scan(self._source, self._limits)
        has_unknown = False
        for element, provider in scan.objects():
            for item in _read(element, provider, scan):
                has_unknown = has_unknown or not item.key
                yield item
        self.transfer = scan.transfer(has_unknown)


class _Scan:
    """One pass through a file: yields its objects, gathers its head."""

    def __init__(self, source, limits):
        if hasattr(source, "seek"):
            source.seek(0)
        self._items = xml.iterate(source, _TAGS, roots=_ROOTS, **limits)
        self._parent = None
        self._provider = {}
        self._senders = {}
        self._scope = ""
        self.mode = ""
        self.count = 0

    def objects(self):
        for path, element in self._items:
            if path[-1] == "uebertragung":
                self._read_head(element)
            elif path[-1] == "immobilie":
                self.count += 1
                self._enter(element.getparent())
                yield element, self._provider
            elif path[1:-1] == ("anbieter",):
                self._enter(element.getparent())
                self._provider[path[-1]] = Fields(element).text(".")

    def transfer(self, has_unknown=False):
        self._remember_provider()
        is_full = self._scope == "VOLL" and self.mode != "DELETE" and self.count > 0
        return Transfer(
            is_full=is_full and not has_unknown,
            sender=", ".join(self._senders),
            listing_count=self.count,
        )

    def _read_head(self, element):
        # What it says holds for every object, so it must not come after them.
        if self.count:
            raise IntakeError("unknown_format", "uebertragung")
        self._scope = element.get("umfang", "").strip().upper()
        self.mode = element.get("modus", "").strip().upper()

    def _enter(self, parent):
        if parent is not self._parent:
            self._remember_provider()
            self._parent, self._provider = parent, {}

    def _remember_provider(self):
        name = self._provider.get("firma") or _provider_number(self._provider)
        if name:
            self._senders.setdefault(name)


def _provider_number(provider):
    return provider.get("anbieternr") or provider.get("openimmo_anid") or ""


def _read(element, provider, scan):
    """Return the listings of one object, or the item that says why there are none."""
    key = ""
    try:
        fields = Fields(element)
        number = _provider_number(provider)
        key = openimmo_object.read_key(fields, number)
        if not key:
            return (Unreadable(scan.count, "", (Problem("missing", "key"),)),)
        agency = number or provider.get("firma", "")
        is_deleted = scan.mode == "DELETE"
        return openimmo_object.read_listings(fields, key, agency, is_deleted)
    except Exception as error:  # noqa: BLE001 - one object must not stop the others
        problem = Problem("unreadable", "listing", type(error).__name__)
        return (Unreadable(scan.count, key, (problem,)),)
