"""Who calls is known before he has said why, or is a new contact at once."""

from datetime import timedelta
from unittest.mock import patch

import phonenumbers

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time

from .common import NOW, EstateCase
from .test_tools_caller import COUNTRIES, spell


class CallerCase(EstateCase):
    def _get(self, text, user=None):
        desk = self.env["estate.caller"].with_user(user or self.agent)
        return desk.get_hits(text)

    def _find(self, text, user=None):
        """Return the names that are shown for a typed line."""
        return [hit["name"] for hit in self._get(text, user)["hits"]]


@freeze_time(NOW)
class TestWhoCalls(CallerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls._create_contact(
            "Jan Dvořák",
            phone="+420 777 123 456",
            email="jan.dvorak@example.com",
            second_phone="+49 30 23125000",
            second_email="kancelar@example.org",
            user_id=cls.agent.id,
        )
        cls.other = cls._create_contact(
            "Dvorský Jan", phone="+420 601 200 300", email="other@example.com"
        )

    def test_every_spelling_finds_the_client(self):
        """M79: phone in any spelling, part of the name, mail, last digits."""
        for text in (
            *("+420 777 123 456", "777123456", "00420777123456", "777-123-456"),
            *("3456", "777 123", "030 23125000", "0049 30 231 25 000", "125000"),
            *("Dvořák", "dvorak", "DVORAK jan", "jan dvorak", "Дворжак", "vořá"),
            *("jan.dvorak@example.com", "JAN.DVORAK@", "kancelar", "kancelar@example"),
        ):
            with self.subTest(text):
                self.assertIn("Jan Dvořák", self._find(text))
                self.assertNotEqual(self._find(text)[0], "Dvorský Jan")

    def test_49_of_49_spellings_meet_in_the_database(self):
        """T6: one number, seven spellings to save it and seven to look for it."""
        found = asked = 0
        for country in COUNTRIES[::8]:
            self.company.country_id = self.env["res.country"].search(
                [("code", "=", country)]
            )
            number = phonenumbers.example_number_for_type(
                country, phonenumbers.PhoneNumberType.MOBILE
            )
            for stored in spell(number):
                self.client.write(
                    {"phone": stored, "country_id": self.company.country_id.id}
                )
                for typed in spell(number):
                    asked += 1
                    found += self._find(typed)[:1] == ["Jan Dvořák"]
        self.assertEqual((found, asked), (3 * 49, 3 * 49))

    def test_a_number_that_is_none_is_found_in_each_spelling(self):
        """What is saved need not be valid, nor what is typed."""
        self.client.phone = "+420 621 249 323"
        for text in ("00420621249323", "+420 621249323", "621 249 323", "9323"):
            with self.subTest(text):
                self.assertEqual(self._find(text), ["Jan Dvořák"])

    def test_the_same_number_of_another_country_is_shown_after_ones_own(self):
        twin = self._create_contact("Slovak", phone="+421 777 123 456")
        hits = [hit["id"] for hit in self._get("777 123 456")["hits"]]
        self.assertEqual([abs(hit) for hit in hits], [self.client.id, twin.id])
        self.assertEqual(self._find("+420777123456"), ["Jan Dvořák"])

    def test_last_digits_of_many_are_looked_up_by_their_index_alone(self):
        """M79: parts of numbers are looked for only when too few end so."""
        self.env["res.partner"].create(
            [
                {
                    "name": f"Many {n}",
                    "phone": f"+420601{n}7788",
                    "estate_kind": "standard",
                    "user_id": self.agent.id,
                }
                for n in range(10, 31)
            ]
        )
        partners = self.env.registry["res.partner"]
        with patch.object(partners, "_get_part_tiers", side_effect=AssertionError):
            self.assertEqual(len(self._find("7788")), 20)
        self.assertIn("Many 11", self._find("6011177"))

    def test_more_that_fits_comes_first(self):
        twin = self._create_contact(
            "Jan Dvořák", phone="+420 602 111 222", user_id=self.agent.id
        )
        hits = self._get("jan dvorak 602 111 222")["hits"]
        self.assertEqual([hit["id"] for hit in hits[:2]], [twin.id, self.client.id])

    def test_a_sign_of_the_database_is_a_sign_as_any_other(self):
        self._create_contact("Odd", email="a_b%c@example.com")
        self.assertEqual(self._find("a_b%c@example.com"), ["Odd"])
        self.assertEqual(self._find("a%c@example.com"), [])

    def test_one_look_up_takes_the_same_queries_for_many_as_for_one(self):
        counts = []
        for number in (1, 8):
            people = self.env["res.partner"].create(
                [
                    {
                        "name": f"Zuzana{number} Quick{n}",
                        "email": f"q{number}{n}@example.com",
                        "estate_kind": "standard",
                    }
                    for n in range(number)
                ]
            )
            for person in people:
                lead = self._create_seeker_lead(partner=person, user_id=self.agent.id)
                self._create_viewing(lead, start=NOW + timedelta(days=2))
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assertEqual(len(self._find(f"zuzana{number}")), number)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_archived_contacts_and_colleagues_do_not_call(self):
        self.client.active = False
        self.assertNotIn("Jan Dvořák", self._find("dvorak"))
        self.assertEqual(self._find("Agent2"), [])

    def test_a_changed_name_or_phone_is_found_at_once(self):
        self.client.write({"name": "Jan Novotný", "second_phone": "+420 602 999 888"})
        self.assertEqual(self._find("novotny"), ["Jan Novotný"])
        self.assertEqual(self._find("999 888"), ["Jan Novotný"])
        self.assertEqual(self._find("23125000"), [])

    def test_outsiders_are_told_nothing(self):
        outsider = self._create_user("outsider")
        with self.assertRaises(AccessError):
            self._get("dvorak", outsider)

    # === WHAT IS SHOWN ===

    def test_a_hit_tells_the_earlier_dealings(self):
        """M80: last contact, open enquiries, viewings, promises, the responsible."""
        prop = self._create_property(state="on_market", agent_id=self.agent.id)
        lead = self._create_seeker_lead(prop, self.client, user_id=self.agent.id)
        start = NOW + timedelta(days=1)
        self._create_viewing(lead, start=start)
        self._log(lead, "note", summary="Wants a balcony\nand a cellar")
        task = self.client.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=fields.Date.today() + timedelta(days=3),
            summary="Ring back about the price",
            user_id=self.agent.id,
        )
        hit = self._get("dvorak")["hits"][0]
        self.assertEqual(hit["responsible"], "Agent")
        self.assertEqual(hit["last_contact"]["summary"], "Wants a balcony")
        self.assertEqual(hit["leads"][0]["title"], prop.name)
        self.assertTrue(hit["leads"][0]["is_open"])
        self.assertEqual(hit["viewing_count"], 1)
        self.assertEqual(hit["viewings"][0]["at"], start)
        promises = {promise["id"]: promise for promise in hit["promises"]}
        self.assertEqual(promises[task.id]["name"], "Ring back about the price")
        self.assertEqual(hit["searches"], [])

    def test_a_hit_tells_what_he_searches_for(self):
        """M80: open searches stand on the hit, ended ones do not."""
        searches = self.env["estate.search"]
        search = searches.create({"partner_id": self.client.id, "name": "Two rooms"})
        searches.create(
            {"partner_id": self.client.id, "name": "Old wish", "active": False}
        )
        hit = self._get("dvorak")["hits"][0]
        self.assertEqual([one["id"] for one in hit["searches"]], [search.id])
        self.assertIn("Two rooms", hit["searches"][0]["name"])

    def test_a_hit_tells_what_he_was_shown(self):
        """M80: the last viewings and whether he came; who was not there is not told."""
        prop = self._create_property(state="on_market", agent_id=self.agent.id)
        lead = self._create_seeker_lead(prop, self.client, user_id=self.agent.id)
        ended = ("done", "cancelled", "no_show", "done")
        for days, state in enumerate(ended, start=1):
            viewing = self._create_viewing(lead, start=NOW - timedelta(days=days))
            by = "seeker" if state == "cancelled" else False
            viewing.write({"state": state, "cancelled_by": by})
        hit = self._get("dvorak")["hits"][0]
        self.assertEqual(hit["viewing_count"], 4)
        self.assertEqual(
            [(one["outcome"], one["property"]) for one in hit["earlier_viewings"]],
            [("Carried out", prop.name), ("No-show", prop.name)],
        )
        self.assertEqual(hit["viewings"], [])

    def test_what_is_promised_about_his_property_is_shown_to_its_owner(self):
        prop = self._create_property(owner_ids=self.client, agent_id=self.agent.id)
        prop.activity_schedule(
            "mail.mail_activity_data_todo",
            summary="Send the photos",
            user_id=self.agent.id,
        )
        promises = self._get("dvorak")["hits"][0]["promises"]
        self.assertIn("Send the photos", [promise["name"] for promise in promises])

    def test_another_agency_is_unmistakable(self):
        """M81: its number brings up a hit of the kind agency."""
        agency = self._create_contact(
            "Morava Estates",
            estate_kind="agency",
            is_company=True,
            phone="+420 543 210 100",
        )
        hit = self._get("543 210 100", self.operator)["hits"][0]
        self.assertEqual((hit["kind"], hit["kind_name"]), ("agency", "Agency"))
        self.assertTrue(hit["is_agency"])
        # Who works there rings from a phone of his own.
        self._create_contact("Bob", parent_id=agency.id, phone="+420 777 321 321")
        self.assertTrue(self._get("777 321 321")["hits"][0]["is_agency"])
        self.assertFalse(self._get("dvorak")["hits"][0]["is_agency"])

    def test_a_contact_of_other_business_is_shown_as_such(self):
        self._create_contact("Petra Printer", estate_kind=False)
        self.assertFalse(self._get("printer")["hits"][0]["kind"])

    def test_a_contact_that_may_not_be_read_only_exists_and_is_somebodys(self):
        self.env["ir.rule"].create(
            {
                "name": "Hide it",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', 'not in', {self.client.ids})]",
                "groups": [Command.set(self.env.ref("base.group_user").ids)],
                "perm_write": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
        # Odoo's own rules for everybody would let him in again.
        with self.debug_rules():
            hit = self._get("777 123 456", self.second_agent)["hits"][0]
        self.assertEqual(
            hit,
            {
                "id": -self.client.id,
                "is_hidden": True,
                "name": "Jan Dvořák",
                "kind": "standard",
                "is_agency": False,
                "responsible": "Agent",
            },
        )

    def debug_rules(self):
        """Leave the rule of the test alone."""
        rules = self.env["ir.rule"].search(
            [
                ("model_id", "=", self.env.ref("base.model_res_partner").id),
                ("name", "!=", "Hide it"),
                ("groups", "!=", False),
            ]
        )
        rules.active = False
        return self.env.cr.savepoint()

    def test_whom_the_levels_of_an_agent_hide_is_told_of_by_his_person_alone(self):
        """M79, M87: the client of a colleague is found, and nothing of him is told."""
        loner = self._create_user("loner", "group_agent", levels=("none", "none"))
        lead = self._create_seeker_lead(partner=self.client, user_id=self.agent.id)
        self._create_viewing(lead, start=NOW + timedelta(days=1))
        self._log(lead, "note", summary="Wants a balcony")
        for text in ("777 123 456", "dvorak", "kancelar@example.org"):
            (hit, *_others) = self._get(text, loner)["hits"]
            with self.subTest(text):
                self.assertEqual(
                    {k: v for k, v in hit.items() if k not in ("id", "name")},
                    {
                        "is_hidden": True,
                        "kind": "standard",
                        "is_agency": False,
                        "responsible": "Agent",
                    },
                )
        # The twin: who sees the seekers of the company is told all.
        self.assertEqual(self._get("dvorak")["hits"][0]["viewing_count"], 1)

    def test_contacts_of_another_company_do_not_exist(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.client.company_id = company
        self.assertEqual(self._find("777 123 456"), [])

    # === NOBODY ===

    def test_everything_typed_stands_in_the_form_of_a_new_contact(self):
        """M82: name, phone and mail in their fields, the phone normalised."""
        answer = self._get("eva malá 00420602333444 Eva.Mala@example.com")
        self.assertEqual(answer["hits"], [])
        partners = self.env["res.partner"].with_user(self.agent)
        form = Form(partners.with_context(**answer["new_contact"]))
        contact = form.save()
        self.assertEqual(contact.name, "Eva Malá")
        self.assertEqual(contact.phone, "+420 602 333 444")
        self.assertEqual(contact.phone_sanitized, "+420602333444")
        self.assertEqual(contact.email, "eva.mala@example.com")
        self.assertEqual(contact.estate_kind, "standard")
        self.assertEqual(self._find("602333444"), ["Eva Malá"])


@freeze_time(NOW)
class TestOldContactsAreFound(CallerCase):
    def test_contacts_from_before_us_get_their_key_in_batches(self):
        """The job fills in keys alone: nobody's contact looks changed."""
        contact = self._create_contact("Věra Dávná", phone="+420 602 555 666")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET estate_search_key = NULL,"
            " write_date = '2020-01-01' WHERE id = %s",
            (contact.id,),
        )
        self.env.invalidate_all()
        self.assertEqual(self._find("davna"), [])
        for _run in range(2):
            with self.enter_registry_test_mode():
                self.env.ref(
                    "crm_real_estate.ir_cron_fill_search_keys"
                ).method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(self._find("davna"), ["Věra Dávná"])
            self.assertEqual(contact.write_date.year, 2020)


class TestCallerAddress(CallerCase, HttpCase):
    def test_a_telephone_system_opens_the_desk_with_the_number(self):
        self.authenticate(self.agent.login, self.agent.login)
        answer = self.url_open(
            "/estate/caller?number=%2B420777123456", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(
            answer.headers["Location"].endswith(
                "/odoo/client-calls?number=tel%3A%2B420777123456"
            )
        )

    def test_without_a_login_there_is_no_desk(self):
        answer = self.url_open("/estate/caller?number=777", allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_people_of_other_business_are_shown_their_own_start(self):
        outsider = self._create_user("outsider")
        self.authenticate(outsider.login, outsider.login)
        answer = self.url_open("/estate/caller?number=777", allow_redirects=False)
        self.assertTrue(answer.headers["Location"].endswith("/odoo"))
