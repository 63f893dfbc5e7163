"""XML comes in strictly: no document type, no entity, no network, within limits."""

import io
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from odoo.tests import BaseCase, tagged

from ..tools import xml
from ..tools.neutral import IntakeError

PROFILE = settings(derandomize=True, deadline=None, database=None)
ENTITY = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    + "]><a>&l9;</a>"
)
HOSTILE = {
    "internal entity": '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
    "external entity": ENTITY,
    "external document type": '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>',
    "parameter entity": '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/hosts">%p;]><a/>',
    "billion laughs": LAUGHS,
    "behind a comment": f"<!-- c -->\n<?p i?>\n{ENTITY}",
    "behind blanks": f" \r\n\t{ENTITY}",
    "lower case": ENTITY.replace("DOCTYPE", "doctype"),
    "behind a long comment": f"<!--{'x' * xml.CHUNK_SIZE}-->{ENTITY}",
    "nested deeply": "<a>" * 5000 + "</a>" * 5000,
    "nested beyond the limit": "<a>" * 65 + "</a>" * 65,
    "many attributes": "<a " + " ".join(f"a{n}=''" for n in range(50_000)) + "/>",
    "many elements": f"<a>{'<b/>' * 100_001}</a>",
}


def code_of(function, *arguments, **options):
    """Return the code with which a call is refused, or None."""
    try:
        function(*arguments, **options)
    except IntakeError as error:
        return error.code
    return None


def consume(*arguments, **options):
    for _item in xml.iterate(*arguments, **options):
        pass


@tagged("post_install", "-at_install", "crm_real_estate")
class TestStrictXml(BaseCase):
    def test_hostile_documents_are_refused_in_every_encoding(self):
        for name, text in HOSTILE.items():
            for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
                with self.subTest(name, encoding=encoding):
                    data = text.encode(encoding)
                    self.assertEqual(code_of(xml.parse, data), "hostile")
                    self.assertEqual(code_of(consume, data, {"a"}), "hostile")

    def test_the_second_look_finds_a_document_type_that_the_first_one_missed(self):
        with patch.object(xml, "_begin", lambda text, is_whole: text):
            for text in (ENTITY, LAUGHS, HOSTILE["external document type"]):
                with self.subTest(text[:40]):
                    self.assertEqual(code_of(xml.parse, text.encode()), "hostile")

    def test_the_parser_itself_resolves_no_entity(self):
        parser = xml.make_parser()
        parser.feed(HOSTILE["internal entity"])
        self.assertIsNone(parser.close().text)

    def test_the_parser_itself_limits_a_text(self):
        data = b"<a>" + b"x" * 11 * 2**20 + b"</a>"
        self.assertEqual(code_of(consume, data, {"a"}), "too_large")

    def test_an_encoding_that_hides_signs_is_refused(self):
        data = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>'
        self.assertEqual(code_of(xml.parse, data), "unknown_format")
        self.assertEqual(code_of(xml.parse, "<a/>".encode("utf-32")), "unknown_format")

    def test_each_refusal_has_its_code(self):
        for data, code in (
            (b"", "empty"),
            (b" \r\n", "empty"),
            (b"\xef\xbb\xbf", "empty"),
            (b"%PDF-1.7", "unknown_format"),
            (b'{"a": 1}', "unknown_format"),
            (b"<b/>", "unknown_format"),
            (b"<a>", "broken"),
            (b"<a></b>", "broken"),
            (b"<a/><a/>", "broken"),
            (b"<a>&nbsp;</a>", "broken"),
            (b"<a>\xff</a>", "broken"),
            (b"<a>\x00</a>", "broken"),
            (b'<?xml version="1.0" encoding="klingon"?><a/>', "unknown_format"),
        ):
            with self.subTest(data):
                self.assertEqual(code_of(xml.parse, data, roots={"a"}), code)

    def test_the_detail_names_the_line(self):
        for data in (b"<a>\n<b></a>", b"<a>\n&nbsp;</a>"):
            with self.subTest(data), self.assertRaises(IntakeError) as caught:
                xml.parse(data)
            self.assertIn("line 2", caught.exception.detail)

    def test_limits_are_counted_not_believed(self):
        data = b"<a>" + b"<b>text</b>" * 100 + b"</a>"
        limits = {"byte_limit": len(data), "depth_limit": 2, "element_limit": 100}
        self.assertIsNone(code_of(consume, data, {"a"}, **limits))
        for limits, code in (
            ({"byte_limit": 500}, "too_large"),
            ({"depth_limit": 1}, "hostile"),
            ({"element_limit": 99}, "hostile"),
        ):
            with self.subTest(limits):
                self.assertEqual(code_of(consume, data, {"a"}, **limits), code)

    def test_elements_nobody_asked_for_are_freed_too(self):
        data = b"<r>" + b"<x><y/></x>" * 40_000 + b"<a/></r>"
        ((_path, count),) = [
            (path, sum(1 for _node in element.getroottree().iter()))
            for path, element in xml.iterate(data, {"a"})
        ]
        self.assertLess(count, 10)

    def test_the_declaration_or_the_bytes_tell_the_encoding(self):
        for declared, written in (
            ("UTF-8", "utf-8"),
            ("ISO-8859-1", "iso-8859-1"),
            ("ISO-8859-15", "iso-8859-15"),
            ("windows-1252", "cp1252"),
            ("UTF-16", "utf-16"),
            ("UTF-16", "utf-8"),
            ("ISO-8859-1", "utf-8-sig"),
        ):
            with self.subTest(declared=declared, written=written):
                text = f'<?xml version="1.0" encoding="{declared}"?>\n<a>Größe</a>'
                self.assertEqual(xml.parse(text.encode(written)).text, "Größe")

    def test_blanks_before_the_declaration_are_tolerated(self):
        self.assertEqual(xml.parse(b'\n <?xml version="1.0"?><a>x</a>').text, "x")

    def test_comments_and_instructions_do_not_part_a_text(self):
        data = "<a>Grö<!-- x --><?y z?>ße</a>".encode()
        self.assertEqual((xml.parse(data).text, len(xml.parse(data))), ("Größe", 0))

    def test_names_come_without_namespaces(self):
        data = b'<a xmlns="u"><n:b xmlns:n="v"><n:c/></n:b></a>'
        self.assertEqual([node.tag for node in xml.parse(data).iter()], ["a", "b", "c"])
        ((path, element),) = [
            (path, [node.tag for node in element.iter()])
            for path, element in xml.iterate(data, {"b"})
        ]
        self.assertEqual((path, element), (("a", "b"), ["b", "c"]))

    def test_only_outermost_elements_come_each_with_its_path(self):
        data = b"<r><a><x><a/></x></a><s>stray<a/></s>tail<b/></r>"
        paths = [path for path, _element in xml.iterate(data, {"a", "b"})]
        self.assertEqual(paths, [("r", "a"), ("r", "s", "a"), ("r", "b")])

    def test_elements_come_whole_whatever_the_chunks(self):
        item = b"<i><t>" + b"long text " * 9000 + b"</t><u/></i>"
        stream = io.BytesIO(b"<r>" + item * 3 + b"</r>")
        found = [etree.tostring(node) for _path, node in xml.iterate(stream, {"i"})]
        self.assertEqual(found, [item] * 3)

    @settings(PROFILE, max_examples=200)
    @given(st.text("<>/a&;!-?[]\"'= \nxml", max_size=60))
    def test_any_text_is_read_or_refused(self, text):
        code = code_of(xml.parse, text.encode())
        self.assertIn(code, (None, "empty", "broken", "hostile", "unknown_format"))
