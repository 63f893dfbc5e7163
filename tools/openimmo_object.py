"""One `immobilie` element of OpenImmo 1.2 or JUSTIMMO, read into neutral values.

Field names and codes are those of the OpenImmo 1.2.7 schema; it serves as a list of
names, not as a gate, because real files break it.
"""

import re
from dataclasses import replace

from lxml import etree

from . import openimmo_terms as terms
from . import phones
from .amounts import read_number
from .neutral import Contact, Listing, Problem
from .texts import one_line, plain_text

_EMAIL = re.compile(r"[^\s@<>\"(),;:]+@[^\s@<>\"(),;:]+\.[^\s@<>\"(),;:]+")
_DEGREES = re.compile(r"([+-]?[0-9]{1,3})(?:[.,]([0-9]+))?")
_CURRENCY = re.compile(r"[A-Z]{3}")


class ObjectReader:
    """Reads the fields of one element and collects what it could not read.

    :param element: an `immobilie` element without namespaces.
    :param provider: the sender's name for the agency (`anbieternr`), may be empty.
    """

    def __init__(self, element, provider):
        self.element = element
        self.provider = provider
        self.problems = []

    # === IDENTITY === #

    @property
    def object_number(self):
        return self.text("verwaltung_techn/objektnr_extern", "objektnummer")

    @property
    def key(self):
        """The sender's identity of the object; empty when it has none."""
        number = self.object_number
        if found := self.text("verwaltung_techn/openimmo_obid"):
            return found
        return f"{self.provider}/{number}" if self.provider and number else number

    def is_deleted(self):
        action = self.attribute("verwaltung_techn/aktion", "aktionart").upper()
        return action == "DELETE"

    # === READING === #

    def node(self, path):
        return self.element.find(path)

    def text(self, *paths):
        """Return the first filled one of the elements, on one line."""
        for path in paths:
            node = self.node(path)
            if node is not None and (text := one_line(" ".join(node.itertext()))):
                return text
        return ""

    def attribute(self, path, name):
        node = self.node(path)
        return "" if node is None else one_line(node.get(name, ""))

    def long_text(self, *paths):
        for path in paths:
            node = self.node(path)
            if node is None:
                continue
            source = etree.tostring(node, encoding="unicode", with_tail=False)
            text = plain_text(source if len(node) else node.text or "")
            if text:
                return text
        return ""

    def number(self, path, field):
        """Return a number above zero or None; zero means that nothing was filled in."""
        raw = self.text(path)
        number, code = read_number(raw)
        if number is not None and number < 0:
            number, code = None, "unreadable"
        if code:
            self.note(code, field, raw)
        return number or None

    def code(self, path, name, table, field):
        raw = self.attribute(path, name)
        if raw and raw.upper() not in table:
            self.note("unreadable", field, raw)
        return table.get(raw.upper(), "")

    def flags(self, path, names, field):
        """Return those of the names whose attribute is true."""
        chosen = []
        for name in names:
            raw = self.attribute(path, name)
            flag = terms.FLAGS.get(raw.lower())
            if raw and flag is None:
                self.note("unreadable", field, f"{name}={raw}")
            if flag:
                chosen.append(name)
        return chosen

    def note(self, code, field, raw=""):
        problem = Problem(code, field, raw)
        if problem not in self.problems:
            self.problems.append(problem)
