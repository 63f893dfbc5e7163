"""Listings come in: stored first, then read, each exactly once."""

import base64
from unittest.mock import patch

from odoo.exceptions import UserError

from ..tools import openimmo
from .common import EstateCase
from .openimmo_files import build_file, build_zip

HOSTILE = {
    "entity": b'<!DOCTYPE openimmo [<!ENTITY x "y">]><openimmo>&x;</openimmo>',
    "external DTD": b'<!DOCTYPE openimmo SYSTEM "file:///nowhere.dtd"><openimmo/>',
    "path outside": build_zip({"../../outside.xml": build_file(objects=1)}),
}


class IntakeListingCase(EstateCase):
    """An agency with a source of owners' listings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls._create_source()

    @classmethod
    def _create_source(cls, **values):
        return cls.env["estate.intake.source"].create(
            {
                "name": "Owners' portal",
                "kind": "openimmo",
                "contact_role": "owner",
                "team_id": cls.call_centre.id,
                **values,
            }
        )

    def _upload(self, content, name="listings.xml", source=None, process=True):
        """Upload a file by the wizard and, as the screen does, have it worked off."""
        wizard = (
            self.env["estate.intake.upload"]
            .with_user(self.manager)
            .create(
                {
                    "source_id": (source or self.source).id,
                    "content": base64.b64encode(content),
                    "file_name": name,
                }
            )
        )
        action = wizard.action_store()
        message = self.env["estate.intake.message"].browse(
            action["params"]["message_id"]
        )
        if process:
            message.with_user(self.manager).action_process()
        return message

    def _properties(self, source=None):
        return self.env["estate.property"].search(
            [("intake_source_id", "=", (source or self.source).id)], order="id"
        )

    def _outcomes(self, message):
        return message.item_ids.mapped("outcome")


class TestListingsComeIn(IntakeListingCase):
    def test_a_listing_becomes_property_owner_and_lead(self):
        """M20: one listing brought to a source gives object, owner contact and lead."""
        self._upload(build_file(objects=1))
        prop = self._properties()
        self.assertEqual(len(prop), 1)
        self.assertTrue(prop.owner_ids.email or prop.owner_ids.phone)
        lead = prop.lead_ids
        self.assertEqual(
            (lead.lead_role, lead.pipeline, lead.partner_id),
            ("owner", "acquisition", prop.owner_ids),
        )

    def test_an_owner_listing_is_rung_at_once(self):
        """M21: the new object gives one operator a first-call task with a deadline."""
        self._upload(build_file(objects=1))
        activity = self._properties().lead_ids.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertIn(activity.user_id, self.operator | self.second_operator)
        self.assertTrue(activity.date_deadline)

    def test_the_file_is_stored_before_it_is_read(self):
        message = self._upload(build_file(objects=1), process=False)
        self.assertEqual((message.state, self._properties().ids), ("received", []))

    def test_what_a_broker_lists_is_never_rung(self):
        source = self._create_source(contact_role="broker")
        self._upload(build_file(objects=2), source=source)
        properties = self._properties(source)
        self.assertEqual(properties.broker_id.mapped("estate_kind"), ["agency"] * 2)
        self.assertFalse(properties.lead_ids)

    def test_sale_and_rent_in_one_object_are_two_properties(self):
        both = {0: {"flags": {"KAUF": True, "MIETE_PACHT": True}, "net_rent": "900.00"}}
        self._upload(build_file(objects=1, overrides=both))
        self.assertEqual(
            sorted(self._properties().mapped("deal_type")), ["rent", "sale"]
        )

    def test_an_object_without_deal_waits_for_a_person(self):
        message = self._upload(build_file(objects=1, overrides={0: {"flags": {}}}))
        prop = self._properties()
        self.assertEqual((message.state, prop.state), ("to_check", "draft"))
        self.assertFalse(prop.lead_ids)
        self.assertTrue(prop.intake_problems)

    def test_checking_an_open_object_begins_the_calls(self):
        self._upload(build_file(objects=1, overrides={0: {"flags": {}}}))
        prop = self._properties().with_user(self.manager)
        with self.assertRaisesRegex(UserError, "has no deal"):
            prop.action_checked()
        prop.deal_type = "sale"
        prop.action_checked()
        self.assertEqual(prop.lead_ids.lead_role, "owner")

    def test_an_unreadable_phone_is_kept_as_it_came(self):
        bad = {"phone": "4", "mobile": "", "company_phone": "", "email": ""}
        self._upload(build_file(objects=1, overrides={0: bad}))
        prop = self._properties()
        self.assertEqual(prop.owner_ids.phone, "4")
        self.assertIn("4", prop.intake_problems)

    def test_every_kind_of_file_brings_all_objects(self):
        kinds = {
            "namespace": build_file(objects=12, namespace=True),
            "no namespace": build_file(objects=12, namespace=False),
            "latin": build_file(objects=12, encoding="ISO-8859-1"),
            "partial": build_file(objects=12, umfang="TEIL"),
            "zip": build_zip({"openimmo.xml": build_file(objects=12)}),
        }
        for kind, content in kinds.items():
            with self.subTest(kind=kind):
                source = self._create_source(name=kind)
                self._upload(content, source=source)
                self.assertEqual(len(self._properties(source)), 12)

    def test_a_mail_with_a_file_brings_its_objects(self):
        source = self._create_source(name="By mail")
        message = source._store(
            "mail", "Listings", self._mail_with(build_file(objects=2))
        )
        message.with_user(self.manager).action_process()
        self.assertEqual(len(self._properties(source)), 2)

    def _mail_with(self, content):
        from email.message import EmailMessage

        mail = EmailMessage()
        mail["From"], mail["To"] = "sender@linde.example", "in@agency.example.com"
        mail["Subject"] = "Our listings"
        mail.set_content("See the file.")
        mail.add_attachment(
            content, maintype="application", subtype="octet-stream", filename="a.xml"
        )
        return bytes(mail)


class TestListingsComeAgain(IntakeListingCase):
    def test_importing_again_changes_nothing(self):
        self._upload(build_file(objects=12))
        properties = self._properties()
        before = properties.read(), len(properties.interaction_ids)
        message = self._upload(build_file(objects=12), name="again.xml")
        self.assertEqual(message.state, "done")
        self.assertEqual(
            (self._properties().read(), len(properties.interaction_ids)), before
        )
        self.assertEqual(len(properties.lead_ids), 12)

    def test_a_changed_price_changes_one_field_and_writes_the_journal(self):
        self._upload(build_file(objects=3))
        prop = self._properties()[0]
        before = prop.read()[0]
        self._upload(build_file(objects=3, overrides={0: {"price": "250000.00"}}))
        after = prop.read()[0]
        ignored = {
            "write_date",
            "write_uid",
            "intake_values",
            "__last_update",
            "message_ids",
            "interaction_ids",
        }
        changed = {name for name in after if after[name] != before[name]} - ignored
        self.assertEqual(changed, {"price"})
        self.assertEqual(self._codes(prop)[-1], "price_change")

    def test_what_a_person_corrected_stays_until_the_source_changes_it(self):
        self._upload(build_file(objects=1))
        prop = self._properties()
        prop.with_user(self.manager).name = "Corrected by hand"
        self._upload(build_file(objects=1, overrides={0: {"price": "250000.00"}}))
        self.assertEqual((prop.name, prop.price), ("Corrected by hand", 250000))
        self._upload(build_file(objects=1, overrides={0: {"title": "New title"}}))
        self.assertEqual(prop.name, "New title")

    def test_a_full_list_withdraws_what_it_no_longer_holds(self):
        self._upload(build_file(objects=4, umfang="VOLL"))
        self._upload(build_file(objects=3, umfang="VOLL"))
        self.assertEqual(self._properties().mapped("state").count("withdrawn"), 1)

    def test_a_partial_list_withdraws_nothing(self):
        self._upload(build_file(objects=4, umfang="VOLL"))
        self._upload(build_file(objects=3, umfang="TEIL"))
        self.assertNotIn("withdrawn", self._properties().mapped("state"))

    def test_a_deletion_withdraws_and_keeps_the_property(self):
        self._upload(build_file(objects=2, umfang="TEIL"))
        gone = {1: {"action": "DELETE"}}
        self._upload(build_file(objects=2, umfang="TEIL", overrides=gone))
        self.assertEqual(
            self._properties().mapped("state"), ["acquisition", "withdrawn"]
        )

    def test_two_sources_may_use_the_same_numbers(self):
        other = self._create_source(name="Other")
        self._upload(build_file(objects=1))
        self._upload(build_file(objects=1), source=other)
        self.assertEqual(
            (len(self._properties()), len(self._properties(other))), (1, 1)
        )


class TestBadFiles(IntakeListingCase):
    def test_a_bad_file_is_refused_kept_and_deletes_nothing(self):
        """T9: hostile, torn, empty or foreign: refused with a sentence, kept."""
        self._upload(build_file(objects=3, umfang="VOLL"))
        good = build_file(objects=3, umfang="VOLL")
        bad = {
            **HOSTILE,
            "torn": good[:-40],
            "empty": b"\n",
            "foreign": b"<rss/>",
            "empty list": build_file(objects=0, umfang="VOLL"),
        }
        for kind, content in bad.items():
            with self.subTest(kind=kind):
                message = self._upload(content, name=f"{kind}.xml")
                self.assertNotIn("withdrawn", self._properties().mapped("state"))
                if kind != "empty list":
                    self.assertEqual(message.state, "refused")
                    self.assertTrue(message.error)
                self.assertEqual(base64.b64decode(message.raw or b""), content)

    def test_one_bad_object_does_not_stop_the_others(self):
        create = type(self.env["estate.property"]).create

        def refuse_one(model, vals_list):
            if any(vals.get("name") == "Poison" for vals in vals_list):
                raise ValueError("boom")
            return create(model, vals_list)

        with patch.object(type(self.env["estate.property"]), "create", refuse_one):
            message = self._upload(
                build_file(objects=12, overrides={5: {"title": "Poison"}})
            )
        self.assertEqual(len(self._properties()), 11)
        self.assertEqual(self._outcomes(message).count("failed"), 1)
        message.with_user(self.manager).action_replay()
        self.assertEqual(len(self._properties()), 12)

    def test_an_error_at_any_step_loses_nothing_and_a_replay_makes_it_once(self):
        """T2: whatever breaks, the file stays and a replay brings each object once."""
        steps = [
            (openimmo, "check"),
            (openimmo.Reader, "__iter__"),
            (type(self.env["estate.property"]), "_get_intake_lookups"),
            (type(self.env["estate.intake.message"]), "_get_known_properties"),
            (type(self.env["estate.intake.message"]), "_get_final_state"),
        ]
        message = self._upload(build_file(objects=4), process=False)
        for target, name in steps:
            with (
                self.subTest(step=name),
                patch.object(target, name, side_effect=ValueError("boom")),
                self.assertLogs("odoo.addons.crm_real_estate", "ERROR"),
            ):
                message.with_user(self.manager).action_process()
            self.assertEqual(
                (message.state, self._properties().ids), ("failed", []), name
            )
        message.with_user(self.manager).action_replay()
        self.assertEqual(len(self._properties()), 4)
        self.assertEqual(len(self._properties().lead_ids), 4)

    def test_a_message_that_fails_again_and_again_is_left_to_a_person(self):
        message = self._upload(build_file(objects=1), process=False)
        with (
            patch.object(openimmo, "check", side_effect=ValueError("boom")),
            self.assertLogs("odoo.addons.crm_real_estate", "ERROR") as logs,
        ):
            for _run in range(8):
                with self.enter_registry_test_mode():
                    cron = self.env.ref("crm_real_estate.ir_cron_process_intake")
                    cron.method_direct_trigger()
        self.assertEqual((message.state, message.attempts), ("failed", 5))
        self.assertEqual(len(logs.records), 5)

    def test_what_a_killed_worker_left_half_done_is_finished_once(self):
        """T2: a worker killed between two batches: the rest follows, nothing twice."""
        message = self._upload(build_file(objects=120), process=False)
        apply = type(message)._apply_listing_batch
        calls = []

        def die_on_the_second(model, listings, lookups):
            calls.append(len(listings))
            if len(calls) == 2:
                raise KeyboardInterrupt
            return apply(model, listings, lookups)

        with (
            patch.object(type(message), "_apply_listing_batch", die_on_the_second),
            self.assertRaises(KeyboardInterrupt),
        ):
            message._process(commit=lambda: None)
        message._process()
        self.assertEqual((message.state, len(self._properties())), ("done", 120))
        self.assertEqual(len(self._properties().lead_ids), 120)
