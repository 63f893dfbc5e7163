"""An upload is what its bytes say: one document or a ZIP, within limits."""

import re
import stat
import struct
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import archive, openimmo
from ..tools.neutral import IntakeError
from .openimmo_files import build_file, build_zip

PROFILE = settings(derandomize=True, deadline=None, database=None)
MEGABYTE = 2**20


def code_of(data, **limits):
    """Return the code with which an upload is refused, None when all of it is read."""
    try:
        for document in archive.open_documents(data, **limits):
            document.stream.read()
    except IntakeError as error:
        return error.code
    return None


def member(name, **attributes):
    """Return the entry of a ZIP with attributes that no writer sets by itself."""
    entry = zipfile.ZipInfo("placeholder")
    entry.filename = name
    entry.compress_type = zipfile.ZIP_DEFLATED
    for key, value in attributes.items():
        setattr(entry, key, value)
    return entry


def link(name):
    return member(name, create_system=3, external_attr=(stat.S_IFLNK | 0o777) << 16)


def patch_entries(data, offset, value):
    """Return a ZIP with a 32-bit value at an offset of its directory's entries."""
    data = bytearray(data)
    for match in re.finditer(b"PK\x01\x02", bytes(data)):
        struct.pack_into("<I", data, match.start() + offset, value)
    return bytes(data)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestArchive(BaseCase):
    def test_the_content_tells_what_an_upload_is(self):
        for data, kind in (
            (b"<openimmo/>", "xml"),
            (b'\xef\xbb\xbf\r\n <?xml version="1.0"?>', "xml"),
            ("<a/>".encode("utf-16"), "xml"),
            ("<a/>".encode("utf-16-be"), "xml"),
            (build_zip(), "zip"),
            (build_zip({}), "zip"),
            (b"%PDF-1.7", ""),
            (b"< 5", ""),
            (b"", ""),
        ):
            with self.subTest(data[:12]):
                self.assertEqual(archive.sniff(data), kind)

    def test_a_bare_document_and_a_zipped_one_read_the_same(self):
        data = build_file(3)
        for upload in (data, build_zip({"x/EXPORT.XML": data}), build_zip(objects=3)):
            (document,) = archive.open_documents(upload)
            transfer = openimmo.check(document.stream)
            self.assertEqual(transfer.listing_count, 3)
            self.assertEqual(len(list(openimmo.Reader(document.stream))), 3)

    def test_documents_come_in_the_order_of_their_names(self):
        files = {
            "b.xml": b"<b/>",
            "a.xml": b"<a/>",
            "__MACOSX/._a.xml": b"\0\5",
            "c.txt": b"",
        }
        documents = archive.open_documents(build_zip(files))
        self.assertEqual(
            [(one.name, one.stream.read()) for one in documents],
            [("a.xml", b"<a/>"), ("b.xml", b"<b/>")],
        )

    def test_pictures_are_listed_and_read_one_by_one(self):
        data = build_zip({"a.xml": b"<a/>", "bild.jpg": b"picture", "leer/": b""})
        self.assertEqual(archive.list_members(data), (archive.Member("bild.jpg", 7),))
        self.assertEqual(archive.read_member(data, "bild.jpg", limit=7), b"picture")
        for name, limit, code in (
            ("bild.jpg", 6, "too_large"),
            ("other.jpg", 7, "unknown_format"),
        ):
            with self.subTest(name), self.assertRaises(IntakeError) as caught:
                archive.read_member(data, name, limit)
            self.assertEqual(caught.exception.code, code)

    def test_a_bare_document_has_no_members(self):
        self.assertEqual(archive.list_members(b"<a/>"), ())

    def test_uploads_without_a_document_are_refused(self):
        for data, code in (
            (b"", "empty"),
            (b" \n", "empty"),
            (build_zip({}), "empty"),
            (build_zip({"a.jpg": b"x"}), "unknown_format"),
            (build_zip({"inner.zip": build_zip()}), "unknown_format"),
            (b"\x89PNG\r\n", "unknown_format"),
            (build_zip()[:-30], "broken"),
            (b"PK\x03\x04", "broken"),
        ):
            with self.subTest(data[:12]):
                self.assertEqual(code_of(data), code)

    def test_names_that_leave_the_folder_are_refused(self):
        for name in (
            "../a.xml",
            "x/../../a.xml",
            "/etc/a.xml",
            "C:/a.xml",
            "..\\a.xml",
            "x\\a.xml",
        ):
            with self.subTest(name):
                self.assertEqual(code_of(build_zip({member(name): b"<a/>"})), "hostile")

    def test_a_name_with_a_zero_byte_is_refused(self):
        data = build_zip({"a.xmlZ.jpg": b"<a/>"}).replace(b"a.xmlZ", b"a.xml\0")
        self.assertEqual(code_of(data), "hostile")

    def test_links_are_refused(self):
        data = build_zip({"a.xml": b"<a/>", link("b.xml"): b"/etc/passwd"})
        self.assertEqual(code_of(data), "hostile")

    def test_the_same_name_twice_is_refused(self):
        data = build_zip({"a.xml": b"<a/>", "b.xml": b"<b/>"})
        self.assertEqual(code_of(data.replace(b"b.xml", b"a.xml")), "hostile")

    def test_an_encrypted_zip_is_refused(self):
        data = bytearray(build_zip())
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            for match in re.finditer(signature, bytes(data)):
                data[match.start() + offset] |= 1
        self.assertEqual(code_of(bytes(data)), "unknown_format")

    def test_odd_ways_of_packing_are_refused(self):
        for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            with self.subTest(method):
                data = build_zip({"a.xml": b"<a/>"}, method=method)
                self.assertEqual(code_of(data), "unknown_format")

    def test_a_bomb_is_refused_before_it_is_unpacked(self):
        bomb = build_zip({"a.xml": b"<a>" + b" " * 8 * MEGABYTE})
        self.assertLess(len(bomb), 10_000)
        self.assertEqual(code_of(bomb), "hostile")

    def test_files_that_share_their_packed_bytes_are_refused(self):
        noise = bytes(range(256)) * 40 * 200
        data = build_zip({"a.xml": noise[: 2 * MEGABYTE]}, method=zipfile.ZIP_STORED)
        start = data.index(b"PK\x01\x02")
        entry = data[start : data.index(b"PK\x05\x06")]
        copies = b"".join(entry.replace(b"a.xml", b"%05d" % n) for n in range(250))
        end = struct.pack(
            "<4sHHHHIIH", b"PK\5\6", 0, 0, 250, 250, len(copies), start, 0
        )
        bomb = data[:start] + copies + end
        self.assertEqual(code_of(bomb, total_limit=1000 * MEGABYTE), "hostile")
        self.assertEqual(code_of(bomb), "too_large")

    def test_limits_of_files_and_bytes_hold(self):
        data = build_zip({f"{n}.xml": b"<a/>" for n in range(10)})
        for limits, code in (
            ({"file_limit": 10, "total_limit": 40, "xml_limit": 4}, None),
            ({"file_limit": 9}, "too_large"),
            ({"total_limit": 39}, "too_large"),
            ({"xml_limit": 3}, "too_large"),
        ):
            with self.subTest(limits):
                self.assertEqual(code_of(data, **limits), code)
        self.assertIsNone(code_of(b"<a/>", xml_limit=4))
        self.assertEqual(code_of(b"<a/>", xml_limit=3), "too_large")

    def test_a_small_text_may_repeat_itself(self):
        self.assertIsNone(code_of(build_zip({"a.xml": b"<a>" + b" " * 900_000})))

    def test_thousands_of_entries_are_not_even_opened(self):
        self.assertEqual(code_of(b"PK\x03\x04" + b"PK\x01\x02" * 2001), "too_large")

    def test_a_size_that_lies_does_not_pass(self):
        # Offset 24 of an entry is the size that the file claims to unpack to.
        honest = build_zip({"a.xml": b"<a>" + b"text" * 5000 + b"</a>"})
        for claimed, code in ((3, "broken"), (300 * MEGABYTE, "hostile")):
            with self.subTest(claimed):
                self.assertEqual(code_of(patch_entries(honest, 24, claimed)), code)

    def test_damaged_content_is_refused_while_it_is_read(self):
        data = build_zip({"a.xml": b"<a>text</a>"}, method=zipfile.ZIP_STORED)
        self.assertEqual(code_of(data.replace(b"text", b"tent")), "broken")

    def test_a_document_may_be_read_twice(self):
        (document,) = archive.open_documents(build_zip(objects=30))
        self.assertEqual(
            (document.stream.tell(), document.stream.seekable()), (0, True)
        )
        first = document.stream.read()
        document.stream.seek(0)
        self.assertEqual(document.stream.read(), first)

    @settings(PROFILE, max_examples=300)
    @given(st.integers(0, 900), st.binary(max_size=5), st.integers(0, 12))
    def test_damaged_zips_are_read_or_refused(self, position, replacement, width):
        data = build_zip({"a.xml": b"<a>text</a>", "b.jpg": b"x"})
        position %= len(data)
        code_of(data[:position] + replacement + data[position + width :])
