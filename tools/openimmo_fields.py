"""Reading single fields of an OpenImmo element, with notes on what means nothing."""

from lxml import etree

from . import openimmo_terms as terms
from .amounts import read_number
from .neutral import Problem
from .texts import one_line, plain_text


class Fields:
    """The fields of one element, and the problems met while reading them.

    :param element: an lxml element without namespaces.
    """

    def __init__(self, element):
        self.element = element
        self.problems = ()

    def note(self, code, field, raw=""):
        """Keep a `Problem`, each only once."""
        problem = Problem(code, field, raw)
        if problem not in self.problems:
            self.problems += (problem,)

    def text(self, *paths):
        """Return the text of the first filled element of the paths, on one line."""
        return next(filter(None, map(self._line, paths)), "")

    def texts(self, path):
        """Return the texts of all filled elements of a path, each on one line."""
        lines = (_line(node) for node in self.element.iterfind(path))
        return tuple(filter(None, lines))

    def attribute(self, path, name):
        """Return an attribute of the first element of a path, on one line."""
        node = self.element.find(path)
        return "" if node is None else one_line(node.get(name, ""))

    def long_text(self, *paths):
        """Return the text of the first filled element of the paths, with its lines."""
        return next(filter(None, map(self._paragraphs, paths)), "")

    def number(self, path, field):
        """Return a number above zero, or None.

        Zero is how senders say that they filled in nothing.
        """
        raw = self.text(path)
        number, code = read_number(raw)
        if number is not None and number < 0:
            number, code = None, "unreadable"
        if code:
            self.note(code, field, raw)
        return number or None

    def measure(self, path, field):
        """Return a number above zero as a float, or None."""
        number = self.number(path, field)
        return None if number is None else float(number)

    def code(self, path, name, table, field):
        """Return what an attribute means in a table of codes, empty when nothing."""
        raw = self.attribute(path, name)
        if raw and raw.upper() not in table:
            self.note("unreadable", field, raw)
        return table.get(raw.upper(), "")

    def is_true(self, path, name, field):
        """Tell whether an attribute is true; what is no boolean is noted and is not."""
        raw = self.attribute(path, name)
        flag = terms.FLAGS.get(raw.lower())
        if raw and flag is None:
            self.note("unreadable", field, f"{name}={raw}")
        return bool(flag)

    def country(self, path, field):
        """Return a country as ISO 3166 alpha-2, empty when there is none we know."""
        raw = self.attribute(path, "iso_land") or self.text(path)
        code = raw.upper()
        if code in terms.COUNTRIES.values():
            return code
        if raw and code not in terms.COUNTRIES:
            self.note("unreadable", field, raw)
        return terms.COUNTRIES.get(code, "")

    def _line(self, path):
        node = self.element.find(path)
        return "" if node is None else _line(node)

    def _paragraphs(self, path):
        node = self.element.find(path)
        if node is None:
            return ""
        # Markup that was not escaped has become elements.
        markup = (etree.tostring(child, encoding="unicode") for child in node)
        return plain_text((node.text or "") + "".join(markup))


def _line(node):
    return one_line(" ".join(node.itertext()))
