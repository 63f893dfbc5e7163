"""What came from the Internet is text in every export, never a formula."""

import csv
import io
import json
import zipfile

from odoo import http
from odoo.tests import HttpCase

from .common import EstateCase

PREFIXES = ("=", "+", "-", "@", "\t=", "\r=", "=HYPERLINK(", "=cmd|", "+1+", "@SUM(")
PAYLOAD = '{}1+1,"http://example.com")'


class TestExports(EstateCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.group_ids += cls.env.ref("base.group_allow_export")
        prop = cls._create_property(state="on_market", agent_id=cls.agent.id)
        cls.names = [PAYLOAD.format(prefix) for prefix in PREFIXES]
        cls.leads = cls.env["crm.lead"]
        for name in cls.names:
            person = cls._create_contact(name, user_id=cls.agent.id)
            cls.leads |= cls._create_seeker_lead(
                prop, person, name=name, user_id=cls.agent.id
            )

    def _export(self, kind, model, ids, names, groupby=()):
        self.authenticate(self.agent.login, self.agent.login)
        fields = [{"name": n, "label": n, "type": "char"} for n in names]
        data = {
            "model": model,
            "fields": fields,
            "ids": ids,
            "domain": [],
            "groupby": list(groupby),
            "import_compat": False,
        }
        answer = self.url_open(
            f"/web/export/{kind}",
            data={
                "data": json.dumps(data),
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        answer.raise_for_status()
        return answer.content

    def _get_sheet(self, content):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return book.read("xl/worksheets/sheet1.xml").decode()

    def test_no_export_holds_a_formula(self):
        """T8: ten prefixes, leads and contacts, flat and grouped: 0 formula cells."""
        for records in (self.leads, self.leads.partner_id):
            for groupby in ((), ("user_id",), ("name",)):
                with self.subTest(model=records._name, groupby=groupby):
                    content = self._export(
                        "xlsx", records._name, records.ids, ["name"], groupby
                    )
                    self.assertNotIn("<f>", self._get_sheet(content))

    def test_no_line_of_a_csv_begins_with_a_formula(self):
        content = self._export("csv", "crm.lead", self.leads.ids, ["name"])
        rows = list(csv.reader(io.StringIO(content.decode())))[1:]
        self.assertEqual(len(rows), len(self.leads))
        for (name,) in rows:
            self.assertNotIn(name[:1], "=+-@\t\r")
