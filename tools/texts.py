"""Clean text out of what senders write: markup, entities, odd blanks, control signs."""

import html
import re

_BLOCK_NAMES = """
    address article blockquote body dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6
    header hr html li main ol p pre section table tbody tfoot thead tr ul
"""
_INLINE_NAMES = """
    a b big center cite code em font i img small span strike strong sub sup u s
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_INLINE = frozenset(_INLINE_NAMES.split())
_CELLS = frozenset({"td", "th"})
_SKIPPED = frozenset({"head", "script", "style", "template", "title"})
_BREAKING = _BLOCKS | _CELLS | {"br"}
_NAMES = _BREAKING | _SKIPPED | _INLINE
# No part of a tag may hold "<" and its name is not tried twice: linear time.
_TAG = re.compile(
    r"<(?:(?P<note>!--)|[!?][^<>]*>"
    r"|(?P<close>/?)(?P<name>[a-zA-Z][\w:-]{0,40})(?=[\s/>])"
    r"(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>)"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,32});")
# Control signs and halves of surrogate pairs: no database stores them.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\ufeff\ud800-\udfff]"
)
_BLANK_RUN = re.compile(r"[^\S\n\t]+")
_TAB_RUN = re.compile(r" ?\t[ \t]*")
# An empty line of markup means nothing, unless one of these made it.
_PARAGRAPH, _LINE_END = "\x02", "\x03"


def one_line(text):
    """Return a text without control signs, with single blanks and no line breaks."""
    return " ".join(_INVISIBLE.sub("", text).split())


def tidy(text):
    """Return a text with one kind of line ends, without control signs and blanks."""
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = "\n".join(_clean_line(line) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def plain_text(text):
    """Return the plain text of a plain or HTML text.

    Tags become line breaks, list items begin with "- ", table cells are parted by a
    tab, entities become their characters. Line breaks of the source count only where
    the markup makes none of its own.
    """
    return tidy(_ENTITY.sub(_unescape, _lines(_INVISIBLE.sub("", text))))


def _lines(text):
    names = {_name(tag) for tag in _TAG.finditer(text)} & _NAMES
    if not names & _BREAKING:
        return "".join(_pieces(text)) if names else text
    lines = "".join(_pieces(re.sub(r"[\r\n]", " ", text))).split("\n")
    return "\n".join(
        line.strip(_PARAGRAPH + _LINE_END + " ") for line in lines if line.strip()
    )


def _pieces(text):
    position, unclosed = 0, set()
    while tag := _TAG.search(text, position):
        yield text[position : tag.start()]
        name = _name(tag)
        yield _mark(name, tag) if name in _NAMES or not name else tag[0]
        position = _end(text, tag, name, unclosed)
    yield text[position:]


def _mark(name, tag):
    if name == "br":
        return _LINE_END + "\n"
    if name == "p":
        return f"\n{_PARAGRAPH}\n"
    if name in _CELLS:
        return "\t" if tag["close"] else ""
    if name == "li" and not tag["close"]:
        return "\n- "
    return "\n" if name in _BLOCKS else ""


def _end(text, tag, name, unclosed):
    """Return where reading goes on after a tag: after the end of what is skipped.

    :param unclosed: endings known to be missing, so that none is looked for twice.
    """
    ending = "-->" if tag["note"] else f"</{name}" if _skips(name, tag) else ""
    if not ending or ending in unclosed:
        return tag.end()
    found = re.compile(re.escape(ending), re.IGNORECASE).search(text, tag.end())
    if not found:
        unclosed.add(ending)
        return tag.end()
    return found.end() if tag["note"] else found.start()


def _skips(name, tag):
    return name in _SKIPPED and not tag["close"]


def _name(tag):
    return (tag["name"] or "").lower()


def _unescape(match):
    return html.unescape(match[0])


def _clean_line(line):
    return _TAB_RUN.sub("\t", _BLANK_RUN.sub(" ", line)).strip()
