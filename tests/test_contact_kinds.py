"""Each kind of contact has its data, and the agency says which."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time

from ..tools.neutral import Contact
from .common import NOW, EstateCase

COMPLETE = {
    "name": "Vera Verified",
    "street": "Dlouhá 1",
    "city": "Praha",
    "phone": "+420 777 555 444",
    "email": "vera@example.com",
    "identity_checked_how": "id_card",
}


@freeze_time(NOW)
class TestContactKinds(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].with_user(cls.agent)

    def _import(self, *rows):
        names = list(rows[0])
        return self.partners.load(names, [list(row.values()) for row in rows])

    def test_four_kinds_and_a_draft_is_nearly_empty(self):
        """M84: draft, standard, verified, agency; a draft needs a name alone."""
        kinds = dict(self.partners._fields["estate_kind"].selection)
        self.assertEqual(list(kinds), ["draft", "standard", "verified", "agency"])
        with Form(self.partners) as form:
            form.name = "Somebody"
            form.estate_kind = "draft"
        self.assertEqual(form.record.estate_kind, "draft")

    def test_an_agency_needs_a_name_and_a_way_to_reach_it(self):
        """M85: with name and mobile it saves, with the name alone it is refused."""
        for values in ({"phone": "+420 777 000 111"}, {"email": "a@example.com"}):
            self.partners.create({"name": "A", "estate_kind": "agency", **values})
        self.partners.create(
            {"name": "A", "estate_kind": "agency", "second_phone": "777 000 111"}
        )
        with self.assertRaisesRegex(ValidationError, "Agency.*Missing: phone or mail"):
            self.partners.create({"name": "A", "estate_kind": "agency"})

    def test_a_verified_client_needs_more_than_a_standard_contact(self):
        """M85: every single thing that is missing is named."""
        needed = {
            "name": "name",
            "street": r"address \(street and city\)",
            "city": r"address \(street and city\)",
            "phone": "phone",
            "email": "mail",
            "identity_checked_how": r"identity checked \(how, when, by whom\)",
        }
        self.assertEqual(set(needed), set(COMPLETE))
        for name, words in needed.items():
            values = {**COMPLETE, name: False, "estate_kind": "verified"}
            if name == "name":
                # Odoo itself asks for it of everything but a further address.
                values |= {"type": "other"}
            with (
                self.subTest(name),
                self.cr.savepoint(),
                self.assertRaisesRegex(ValidationError, f"Missing: {words}. Fill"),
            ):
                self.partners.create(values)
        contact = self.partners.create({**COMPLETE, "estate_kind": "verified"})
        self.assertEqual(contact.identity_checked_on, NOW.date())
        self.assertEqual(contact.identity_checked_by_id, self.agent)

    def test_form_import_and_rpc_refuse_alike(self):
        form = Form(self.partners)
        form.name = "Nobody"
        form.estate_kind = "standard"
        with self.assertRaisesRegex(ValidationError, "phone or mail"):
            form.save()
        told = self._import({"name": "Nobody", "estate_kind": "Standard contact"})
        self.assertFalse(told["ids"])
        self.assertIn("phone or mail", told["messages"][0]["message"])
        told = self._import(
            {
                "name": "Somebody",
                "estate_kind": "Standard contact",
                "email": "some@example.com",
            }
        )
        self.assertTrue(told["ids"])
        contact = self.partners.browse(told["ids"])
        with self.assertRaisesRegex(ValidationError, "phone or mail"):
            contact.write({"email": False})
        with self.assertRaisesRegex(ValidationError, "identity"):
            contact.write({"estate_kind": "verified"})

    def test_what_is_not_asked_for_is_changed_freely(self):
        """An old contact that lacks something keeps working until it is touched."""
        contact = self._create_contact("Old")
        rules = self.env["estate.contact.requirement"]
        rules.create(
            {"name": "town", "kind": "standard", "field_ids": self._fields_of("city")}
        )
        contact.with_user(self.agent).write({"comment": "Rang"})
        with self.assertRaisesRegex(ValidationError, "town"):
            contact.with_user(self.agent).write({"phone": "+420 777 111 000"})

    def _fields_of(self, *names):
        ids = [
            self.env["ir.model.fields"]._get("res.partner", name).id for name in names
        ]
        return [Command.set(ids)]

    def test_the_agency_changes_what_is_asked_for(self):
        """M85: the rules are data; one for another company asks nothing here."""
        settings = self._create_user("settings", "group_settings")
        rules = self.env["estate.contact.requirement"].with_user(settings)
        contact = {"name": "A", "estate_kind": "agency", "phone": "+420 777 000 111"}
        rule = rules.create(
            {
                "name": "tax number",
                "kind": "agency",
                "field_ids": self._fields_of("vat"),
                "company_id": self.company.id,
            }
        )
        with self.assertRaisesRegex(ValidationError, "tax number"):
            self.partners.create(contact)
        rule.sudo().company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.partners.create(contact)
        rule.sudo().company_id = self.company
        rule.active = False
        self.partners.create(contact)

    def test_contacts_of_other_business_need_nothing(self):
        self.partners.create({"name": "Other business"})

    def test_what_arrives_is_never_refused_for_missing_data(self):
        """Without mail and phone an offering person is a draft, not an error."""
        found = self.env["res.partner"]._find_or_create_estate_contacts(
            [Contact(last_name="Silent")], self.company, {"estate_kind": "standard"}
        )
        (contact,) = found.values()
        self.assertEqual(contact.estate_kind, "draft")

    def test_a_mail_from_the_second_address_is_from_the_same_person(self):
        contact = self._create_contact(
            "Two Addresses", second_email="two@example.org", second_phone="602 888 999"
        )
        for told in (
            Contact(last_name="T", emails=("TWO@example.org",)),
            Contact(last_name="T", phones=("+420 602 888 999",)),
        ):
            found = self.env["res.partner"]._find_or_create_estate_contacts(
                [told], self.company, {"estate_kind": "standard"}
            )
            self.assertEqual(found[told], contact)

    def test_a_number_is_read_the_same_whichever_company_is_ticked(self):
        """Without a country it is that of the company of who made the contact."""
        far = self.env["res.company"].create(
            {"name": "Far", "country_id": self.env.ref("base.fr").id}
        )
        self.agent.company_ids |= far
        contact = self.env["res.partner"].with_user(self.agent)
        contact = contact.create({"name": "Nowhere", "second_phone": "602 888 999"})
        there = contact.with_user(self.agent).with_company(far)
        there.second_phone = "602 888 998"
        self.assertEqual(contact.second_phone_sanitized, "+420602888998")
        # The twin: a contact of that company has its numbers.
        there.create_uid.sudo().company_ids |= far
        there.sudo().company_id = far
        there.second_phone = "01 42 68 53 00"
        self.assertEqual(contact.second_phone_sanitized, "+33142685300")

    def test_who_tells_two_addresses_has_both(self):
        told = Contact(
            last_name="T",
            emails=("a@example.org", "A@example.org", "b@example.org"),
            phones=("602 888 111", "+420602888111", "602 888 222"),
        )
        found = self.env["res.partner"]._find_or_create_estate_contacts(
            [told], self.company, {"estate_kind": "standard"}
        )
        contact = found[told]
        self.assertEqual(
            (contact.email, contact.second_email), ("a@example.org", "b@example.org")
        )
        self.assertEqual(contact.second_phone_sanitized, "+420602888222")
