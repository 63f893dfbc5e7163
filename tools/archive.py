"""What an upload holds: one XML document, or a ZIP with documents and pictures.

The content decides, never a name or a MIME type. What a ZIP says about sizes is only
believed when it is too much; everything that is read is counted.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from .neutral import IntakeError

FILE_LIMIT = 1_000
TOTAL_LIMIT = 200 * 2**20
XML_LIMIT = 100 * 2**20
MEMBER_LIMIT = 40 * 2**20
RATIO_LIMIT = 100
# Texts of a few kilobytes may repeat themselves as much as they like.
RATIO_FREE_BYTES = 2**20

_ENTRY_SIGNATURE = b"PK\x01\x02"
_ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000
# The other methods of zipfile unpack without a bound on memory.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_FILE_KINDS = frozenset({0, stat.S_IFREG, stat.S_IFDIR})
_XML_START = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[ \t\r\n\0]*<\0?[a-zA-Z_:!?\0\x80-\xff]"
)
# Python's zipfile raises nearly anything on damaged bytes.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Document:
    """An XML document of an upload: its name, empty outside a ZIP, and its bytes.

    The stream is binary, seekable, and unpacks while it is read.
    """

    name: str
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a ZIP that is no XML document, with the size the ZIP claims."""

    name: str
    size: int


def sniff(data):
    """Return ``zip``, ``xml`` or an empty text for what the first bytes show."""
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "zip"
    return "xml" if _XML_START.match(data[:200]) else ""


def open_documents(
    data,
    *,
    file_limit=FILE_LIMIT,
    total_limit=TOTAL_LIMIT,
    xml_limit=XML_LIMIT,
    ratio_limit=RATIO_LIMIT,
):
    """Return the XML documents in an upload, in the order of their names.

    :param data: bytes of the upload.
    :param file_limit: most files in a ZIP.
    :param total_limit: most bytes of all unpacked files together.
    :param xml_limit: most bytes of one XML document.
    :param ratio_limit: most unpacked bytes for a packed one.
    :return: tuple of `Document`, at least one.
    :raises IntakeError: ``empty``, ``too_large``, ``broken``, ``hostile`` or
        ``unknown_format``; reading a stream raises them too.
    """
    kind = sniff(data)
    if kind == "xml":
        if len(data) > xml_limit:
            raise IntakeError("too_large", f"more than {xml_limit} bytes")
        return (Document("", io.BytesIO(data)),)
    if kind != "zip":
        raise IntakeError("unknown_format" if data.strip() else "empty")
    archive, entries = _open(data, file_limit, total_limit, ratio_limit)
    budget = _Budget(total_limit)
    documents = tuple(
        Document(
            entry.filename, _Unpacking(archive, entry, xml_limit, ratio_limit, budget)
        )
        for entry in sorted(entries, key=lambda entry: entry.filename)
        if _is_document(entry)
    )
    if not documents:
        raise IntakeError("unknown_format" if entries else "empty", "no XML")
    return documents


def list_members(data):
    """Return the files of a ZIP that are no XML documents, as a tuple of `Member`.

    :param data: bytes of the upload; what is no ZIP has none.
    :raises IntakeError: as `open_documents`.
    """
    if sniff(data) != "zip":
        return ()
    _archive, entries = _open(data, FILE_LIMIT, TOTAL_LIMIT, RATIO_LIMIT)
    return tuple(
        Member(entry.filename, entry.file_size)
        for entry in entries
        if not _is_document(entry)
    )


def read_member(data, name, limit=MEMBER_LIMIT):
    """Return the bytes of one file of a ZIP.

    :param data: bytes of the upload.
    :param name: name of a `Member`.
    :param limit: most bytes of the file.
    :raises IntakeError: as `open_documents`; ``unknown_format`` when there is no such
        file.
    """
    if sniff(data) == "zip":
        archive, entries = _open(data, FILE_LIMIT, TOTAL_LIMIT, RATIO_LIMIT)
        for entry in entries:
            if entry.filename == name:
                budget = _Budget(limit)
                return _Unpacking(archive, entry, limit, RATIO_LIMIT, budget).read()
    raise IntakeError("unknown_format", f"no file {name[:100]}")


def _open(data, file_limit, total_limit, ratio_limit):
    # Each entry has its signature: without this look zipfile would first build a record
    # for every one of millions.
    if data.count(_ENTRY_SIGNATURE) > 2 * file_limit:
        raise IntakeError("too_large", f"more than {file_limit} files")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as error:
        raise IntakeError("broken", type(error).__name__) from error
    entries = archive.infolist()
    if len(entries) > file_limit:
        raise IntakeError("too_large", f"more than {file_limit} files")
    names = set()
    for entry in entries:
        _check_entry(entry, ratio_limit)
        if entry.filename in names:
            raise IntakeError("hostile", f"{entry.filename[:100]} twice")
        names.add(entry.filename)
    total = sum(entry.file_size for entry in entries)
    if total > total_limit:
        raise IntakeError("too_large", f"more than {total_limit} bytes")
    # Entries that share their packed bytes are each within the ratio.
    if total > RATIO_FREE_BYTES and total > ratio_limit * len(data):
        raise IntakeError("hostile", f"ratio over {ratio_limit}")
    return archive, [entry for entry in entries if not entry.is_dir()]


def _check_entry(entry, ratio_limit):
    name = entry.orig_filename
    if entry.flag_bits & _ENCRYPTED_FLAGS:
        raise IntakeError("unknown_format", f"{name[:100]} encrypted")
    if entry.compress_type not in _METHODS:
        raise IntakeError("unknown_format", f"{name[:100]} method")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if _leaves_folder(name) or kind not in _FILE_KINDS:
        raise IntakeError("hostile", name[:100])
    _check_ratio(entry, entry.file_size, ratio_limit)


def _leaves_folder(name):
    has_odd_sign = "\\" in name or "\0" in name or re.match("[a-zA-Z]:", name)
    return has_odd_sign or name.startswith("/") or ".." in name.split("/")


def _check_ratio(entry, size, ratio_limit):
    if size > RATIO_FREE_BYTES and size > ratio_limit * entry.compress_size:
        raise IntakeError("hostile", f"{entry.filename[:100]} ratio over {ratio_limit}")


def _is_document(entry):
    # "__MACOSX/._export.xml" are a Mac's notes about "export.xml".
    name = entry.filename.rpartition("/")[2]
    return name.lower().endswith(".xml") and not name.startswith("._")


class _Budget:
    """The bytes that all files of a ZIP may still unpack to."""

    def __init__(self, limit):
        self.limit = limit
        self.left = limit

    def spend(self, count):
        self.left -= count
        if self.left < 0:
            raise IntakeError("too_large", f"more than {self.limit} bytes")


class _Unpacking(io.RawIOBase):
    """A file of a ZIP, unpacked and counted while it is read; it may be read again."""

    def __init__(self, archive, entry, limit, ratio_limit, budget):
        super().__init__()
        self._archive = archive
        self._entry = entry
        self._limit = limit
        self._ratio_limit = ratio_limit
        self._budget = budget
        self._file = None
        self._farthest = 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self._file.tell() if self._file else 0

    def seek(self, offset, whence=io.SEEK_SET):
        return self._call("seek", offset, whence)

    def readinto(self, buffer):
        chunk = self._call("read", len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _call(self, method, *arguments):
        try:
            if self._file is None:
                self._file = self._archive.open(self._entry)
            result = getattr(self._file, method)(*arguments)
        except _DAMAGE as error:
            detail = f"{self._entry.filename[:100]} {type(error).__name__}"
            raise IntakeError("broken", detail) from error
        self._count(self._file.tell())
        return result

    def _count(self, position):
        if position <= self._farthest:
            return
        self._budget.spend(position - self._farthest)
        self._farthest = position
        if position > self._limit:
            raise IntakeError("too_large", f"more than {self._limit} bytes")
        _check_ratio(self._entry, position, self._ratio_limit)
