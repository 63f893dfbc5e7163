"""The one strict XML parser: no document type, no entity, no network, with limits.

lxml before 5.0 resolves external entities unless told otherwise, so a document type is
refused twice: in the bytes, before anything is parsed, and in what was parsed. The
limits keep a hostile document from taking the memory or the time of a worker.
"""

import codecs
import contextlib
import io
import re

from lxml import etree

from .neutral import IntakeError

BYTE_LIMIT = 100 * 2**20
SMALL_BYTE_LIMIT = 4 * 2**20
DEPTH_LIMIT = 64
ELEMENT_LIMIT = 100_000
# libxml2 before 2.12 compares every attribute of a tag with every other one.
QUOTE_LIMIT = 8_000
CHUNK_SIZE = 64 * 2**10

_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_BLANKS = " \t\r\n"
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DECLARATION = re.compile(r"\A<\?xml\s[^?>]*\?>")
_DECLARED_ENCODING = re.compile(r"<\?xml\s[^?>]*?\bencoding\s*=\s*[\"']([^\"']*)")
# Only encodings in which a byte below 128 is the ASCII character.
_KNOWN_ENCODING = re.compile(
    r"utf-?8|(us-)?ascii|iso[-_]?8859-\d{1,2}|latin-?\d{1,2}"
    r"|(windows-|cp)125\d|(cp|ibm)85\d|koi8-[ru]",
    re.IGNORECASE,
)


def make_parser():
    """Return a new strict parser of lxml's feed interface, for start and end events."""
    return etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
    )


def iterate(
    source,
    tags,
    *,
    roots=(),
    byte_limit=BYTE_LIMIT,
    depth_limit=DEPTH_LIMIT,
    element_limit=ELEMENT_LIMIT,
):
    """Yield the outermost elements with one of the tags, and free them afterwards.

    Memory holds one such element at a time, whatever the size of the document. Names
    are without namespace, in `tags`, in the path and in the element.

    :param source: bytes, or a binary stream that is read from where it stands.
    :param tags: set of local names.
    :param roots: local names the root may have; any when empty.
    :param byte_limit: most bytes of the document.
    :param depth_limit: most elements inside each other.
    :param element_limit: most elements inside one yielded element.
    :return: pairs of the path, a tuple of local names from the root on, and the
        element. Neither may be used after the next one was asked for.
    :raises IntakeError: ``empty``, ``too_large``, ``hostile``, ``unknown_format`` or
        ``broken``, the last one with line and reason, when reading gets there.
    """
    wanted = size = 0
    for event, path, element in _events(source, roots, byte_limit, depth_limit):
        if event == "start":
            size += 1
            if not wanted and path[-1] in tags:
                wanted, size = len(path), 0
            if wanted and size > element_limit:
                raise IntakeError("hostile", f"more than {element_limit} elements")
        elif len(path) == wanted:
            wanted = 0
            yield tuple(path), _without_namespaces(element)
            _free(element)
        elif not wanted:
            _free(element)


def parse(data, *, roots=(), byte_limit=SMALL_BYTE_LIMIT):
    """Return the root of a small document, names without namespaces.

    :param data: bytes.
    :param roots: local names the root may have; any when empty.
    :raises IntakeError: as `iterate`.
    """
    root = None
    events = _events(data, roots, byte_limit, DEPTH_LIMIT)
    for count, (_event, _path, element) in enumerate(events):
        root = element if root is None else root
        if count > 2 * ELEMENT_LIMIT:
            raise IntakeError("hostile", f"more than {ELEMENT_LIMIT} elements")
    return _without_namespaces(root)


def local_name(element):
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def _events(source, roots, byte_limit, depth_limit):
    path = []
    parser = make_parser()
    for chunk in _chunks(source, byte_limit):
        # What was read before an error is checked first: a limit says more than the
        # parser's own message about it.
        error = _feed(parser, chunk)
        for event, element in parser.read_events():
            if event == "start":
                path.append(local_name(element))
                _check_start(element, path, roots, depth_limit)
            yield event, path, element
            if event == "end":
                path.pop()
        if error:
            raise error


def _check_start(element, path, roots, depth_limit):
    if len(path) > depth_limit:
        raise IntakeError("hostile", f"more than {depth_limit} levels")
    if len(path) > 1:
        return
    info = element.getroottree().docinfo
    if info.doctype or info.internalDTD is not None or info.externalDTD is not None:
        raise IntakeError("hostile", "DOCTYPE")
    if roots and path[0] not in roots:
        raise IntakeError("unknown_format", path[0])


def _feed(parser, chunk):
    try:
        if chunk:
            parser.feed(chunk)
        else:
            parser.close()
    except etree.LxmlError as error:
        return _explained(parser, error)
    return None


def _explained(parser, error):
    first = next(iter(parser.feed_error_log), None)
    message = (first.message if first else str(error)).partition("\n")[0].strip()
    detail = f"line {first.line}: {message}" if first else message
    is_limit = re.search(r"huge|limit exceeded", detail, re.IGNORECASE)
    return IntakeError("too_large" if is_limit else "broken", detail)


def _chunks(source, byte_limit):
    """Yield the document in UTF-8 from its first tag on, and an empty chunk at the end.

    The parser never learns of another encoding: what the checks below read is exactly
    what it reads, in every version of it.
    """
    stream = source if hasattr(source, "read") else io.BytesIO(source)
    head = _read_head(stream)
    quotes = 0
    for number, text in enumerate(_decoded(head, stream, byte_limit)):
        body = text if number else _begin(text, is_whole=len(head) < CHUNK_SIZE)
        quotes = _count_quotes(body, quotes)
        if body:
            yield body.encode()
    yield b""


def _read_head(stream):
    head = b""
    while len(head) < CHUNK_SIZE:
        more = stream.read(CHUNK_SIZE - len(head))
        if not more:
            break
        head += more
    return head


def _decoded(head, stream, byte_limit):
    mark, encoding = _detect(head)
    decoder = codecs.getincrementaldecoder(encoding)()
    count, chunk = len(mark), head[len(mark) :]
    try:
        while chunk:
            count += len(chunk)
            if count > byte_limit:
                raise IntakeError("too_large", f"more than {byte_limit} bytes")
            yield decoder.decode(chunk)
            chunk = stream.read(CHUNK_SIZE)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        detail = f"before byte {count}: not {encoding}"
        raise IntakeError("broken", detail) from error


def _detect(head):
    """Return the byte order mark and the encoding, as the first bytes tell them."""
    if head[:4].count(0) > 2 or head.startswith(codecs.BOM_UTF32_LE):
        raise IntakeError("unknown_format", "UTF-32")
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            return mark, encoding
    if 0 in head[:2]:
        return b"", "utf-16-be" if head[0] == 0 else "utf-16-le"
    return b"", _declared_encoding(head[:500].decode("latin-1").lstrip(_BLANKS))


def _declared_encoding(body):
    match = _DECLARED_ENCODING.match(body)
    # Some producers declare UTF-16 because their strings have it, and save as UTF-8.
    if not match or match[1].lower().startswith(("utf-16", "utf16")):
        return "utf-8"
    if _KNOWN_ENCODING.fullmatch(match[1]):
        with contextlib.suppress(LookupError):
            return codecs.lookup(match[1]).name
    raise IntakeError("unknown_format", f"encoding {match[1][:40]}")


def _begin(text, is_whole):
    """Return the beginning of a document without blanks and declaration before it.

    Blanks before the XML declaration are forbidden, yet senders write them.
    """
    body = text.lstrip(_BLANKS)
    if not body:
        raise IntakeError("empty")
    if not body.startswith("<"):
        raise IntakeError("unknown_format")
    rest = body[_PROLOG.match(body).end() :]
    if rest[:9].upper() == "<!DOCTYPE":
        raise IntakeError("hostile", "DOCTYPE")
    # A root that does not begin within the first chunk hides something or is no root.
    if not is_whole and (not rest or rest.startswith(("<!", "<?"))):
        raise IntakeError("hostile", "prolog")
    return _DECLARATION.sub("", body, count=1)


def _count_quotes(text, carried):
    """Return the quotes since the last "<", refusing tags with too many attributes."""
    if carried + _quotes(text) <= QUOTE_LIMIT:
        _before, mark, after = text.rpartition("<")
        return _quotes(after) + (0 if mark else carried)
    for number, segment in enumerate(text.split("<")):
        carried = _quotes(segment) + (0 if number else carried)
        if carried > QUOTE_LIMIT:
            raise IntakeError("hostile", "attributes")
    return carried


def _quotes(text):
    return text.count('"') + text.count("'")


def _without_namespaces(element):
    for node in element.iter(etree.Element):
        if node.tag.startswith("{"):
            node.tag = local_name(node)
    return element


def _free(element):
    """Empty a finished element and drop what stands before it.

    The element itself stays in its parent: the parser still appends to it.
    """
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
