"""Who stands in the database twice is found, with the reason, and becomes one."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user

from .common import NOW, EstateCase


@freeze_time(NOW)
class TestDuplicates(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.address = {"street": "Dlouhá 1", "zip": "110 00", "city": "Praha"}
        cls.olga = cls._create_contact(
            "Olga Nováková",
            email="olga@example.com",
            phone="777 100 200",
            **cls.address,
        )

    def _get_pairs(self, contact=None):
        """Return other contact -> (score, reasons) as a manager sees them."""
        contact = contact or self.olga
        action = contact.with_user(self.manager).action_open_duplicates()
        pairs = self.env[action["res_model"]].with_user(self.manager)
        found = pairs.search(action["domain"])
        return {pair.other_id: (pair.score, pair.reasons) for pair in found}

    def _twin(self, name="Somebody Else", **values):
        values = {"email": "else@example.com", "phone": "602 000 111", **values}
        return self._create_contact(name, **values)

    def test_phone_mail_and_address_tell_with_a_score(self):
        """M121: found by phone, mail, name and address, with the reason."""
        cases = (
            ({"phone": "+420 777 100 200"}, 50, "same phone"),
            ({"email": "OLGA@example.com"}, 50, "same mail"),
            ({"second_phone": "00420777100200"}, 50, "same phone"),
            ({"second_email": "olga@EXAMPLE.com"}, 50, "same mail"),
            (
                {"email": "olga@example.com", "phone": "777100200"},
                100,
                "same phone, same mail",
            ),
            (
                {"name": "novakova OLGA", "phone": "777100200"},
                80,
                "same phone, same name",
            ),
            (
                {"name": "Olga Novakova", **self.address, "street": "DLOUHA 1"},
                100,
                "same name and address",
            ),
        )
        for values, score, reasons in cases:
            with self.subTest(values), self.cr.savepoint(flush=False) as savepoint:
                twin = self._twin(**values)
                self.assertEqual(self._get_pairs(), {twin: (score, reasons)})
                self.assertEqual(self._get_pairs(twin), {self.olga: (score, reasons)})
                self.assertEqual(self.olga.with_user(self.manager).duplicate_count, 1)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_who_shares_nothing_telling_is_somebody_else(self):
        cases = (
            {},
            {"name": "Olga Nováková"},
            {**self.address},
            {"name": "Olga Nováková", "city": "Praha"},
            {"phone": "777100200", "active": False},
            {"phone": "777100200", "parent_id": self.olga.id},
        )
        for values in cases:
            with self.subTest(values), self.cr.savepoint(flush=False) as savepoint:
                self._twin(**values)
                self.assertEqual(self._get_pairs(), {})
                savepoint.rollback()
                self.env.invalidate_all()

    def test_of_two_companies_nobody_is_the_same(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.olga.company_id = self.company
        self._twin(phone="777100200", company_id=company.id)
        self.assertEqual(self._get_pairs(), {})

    def test_other_business_alone_is_not_ours_to_clean(self):
        one = self._twin("A", estate_kind=False, phone="603 111 222")
        self._twin("B", estate_kind=False, phone="603 111 222")
        self.assertEqual(self._get_pairs(one), {})

    def test_the_list_names_each_pair_once_and_merges_it(self):
        """From the list through Odoo's own wizard to one contact with both phones."""
        twin = self._twin("Olga Nováková", email="olga@example.com")
        lead = self._create_seeker_lead(partner=twin)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_real_estate.estate_contact_duplicate_action"
        )
        self.assertEqual(action["domain"], "[('is_first', '=', True)]")
        pairs = self.env["estate.contact.duplicate"].search(
            [("is_first", "=", True), ("partner_id", "in", (self.olga | twin).ids)]
        )
        self.assertEqual(len(pairs), 1)
        self._merge(pairs)
        self.env.invalidate_all()
        (kept,) = (self.olga | twin).exists()
        self.assertEqual(lead.partner_id, kept)
        phones = {kept.phone_sanitized, kept.second_phone_sanitized}
        self.assertEqual(phones, {"+420777100200", "+420602000111"})
        desk = self.env["estate.caller"].with_user(self.agent)
        for number in ("777100200", "602000111"):
            hits = desk.get_hits(number)["hits"]
            self.assertEqual([hit["id"] for hit in hits], [kept.id])
        self.assertEqual(self._get_pairs(kept), {})

    def _merge(self, pair, roles="crm_real_estate.group_office_manager"):
        """Press the button of a line, and Odoo's own in the wizard that opens."""
        merger = new_test_user(self.env, f"merger-{roles[:4]}", roles)
        action = self.env["estate.contact.duplicate"].browse(pair.id)
        action = action.with_user(self.manager).action_merge()
        wizards = self.env[action["res_model"]].with_user(merger)
        Form(wizards.with_context(**action["context"])).save().action_merge()

    def test_both_are_compared_before_they_become_one(self):
        twin = self._twin(phone="777100200")
        action = self._get_pair(twin).with_user(self.manager).action_compare()
        people = self.env[action["res_model"]].with_user(self.manager)
        self.assertEqual(people.search(action["domain"]), self.olga | twin)

    def _get_pair(self, twin):
        self.env.flush_all()
        return self.env["estate.contact.duplicate"].search(
            [("partner_id", "=", self.olga.id), ("other_id", "=", twin.id)]
        )

    def test_twins_with_two_mails_become_one_that_has_both(self):
        """M121: told by the phone; that their mails differ stops no manager."""
        twin = self._twin(phone="777100200")
        self._merge(self._get_pair(twin))
        self.env.invalidate_all()
        (kept,) = (self.olga | twin).exists()
        mails = {kept.email, kept.second_email}
        self.assertEqual(mails, {"olga@example.com", "else@example.com"})

    def test_two_mails_stop_who_is_no_manager_and_who_logs_in_by_one(self):
        """The blocked twins: Odoo's own check stands."""
        twin = self._twin(phone="777100200")
        pair = self._get_pair(twin)
        with self.assertRaisesRegex(UserError, "same email"):
            self._merge(pair, "base.group_user,base.group_partner_manager")
        new_test_user(self.env, "olga", "base.group_portal", partner_id=twin.id)
        with self.assertRaisesRegex(UserError, "same email"):
            self._merge(pair)

    def test_agents_clean_nothing(self):
        with self.assertRaises(AccessError):
            self.env["estate.contact.duplicate"].with_user(self.agent).search([])
