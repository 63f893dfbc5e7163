"""Two contacts that are one person become one, and nothing about it is lost."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import NOW, EstateCase


@tagged("post_install", "-at_install")
class TestContactsMerge(EstateCase):
    """Merged through Odoo's own wizard, as people who may merge contacts do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls._create_contact("Olga Novák", email="olga@example.com")
        cls.twin = cls._create_contact("Olga Novak", email="olga@example.com")
        cls.prop = cls._create_property(
            state="on_market", owner_ids=cls._create_contact("Jan")
        )
        cls.merger = new_test_user(
            cls.env, "estate-merger", "base.group_user,base.group_partner_manager"
        )

    def _merge(self, user=None, into=None):
        kept = into or self.kept
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(user or self.merger)
            .create(
                {
                    "state": "selection",
                    "partner_ids": [Command.set((self.kept | self.twin).ids)],
                    "dst_partner_id": kept.id,
                }
            )
        )
        wizard.action_merge()
        self.env.invalidate_all()
        return kept

    def _get_latest(self, partner):
        return {
            (channel, purpose): state
            for (_p, channel, purpose), state in partner._get_latest_consents().items()
        }

    def test_everything_hangs_on_the_survivor(self):
        """M121: searches, journal, leads, viewings, calls, consents, reports follow."""
        lead = self._create_seeker_lead(self.prop, self.twin)
        self._log(lead, "note", summary="of the twin")
        viewing = self._create_viewing(lead)
        owner_lead = self._create_owner_lead(self._create_property(owner_ids=self.twin))
        owner_lead._register_call(self.env["estate.call.outcome"]._get("no_answer"))
        self.twin._record_consent("given", "form", ("email",), "matching")
        report = self.env["estate.activity.report"].create(
            {"partner_id": self.twin.id, "property_ids": [Command.set(self.prop.ids)]}
        )
        search = self.env["estate.search"].create({"partner_id": self.twin.id})
        rows = self.twin.interaction_ids
        merged = self._merge()
        self.assertFalse(self.twin.exists())
        self.assertEqual(rows.partner_id, merged)
        calls = owner_lead.call_ids
        for record in (lead, viewing, owner_lead, calls, report, search):
            self.assertEqual(record.partner_id, merged, record._name)
        self.assertEqual(self._get_latest(merged), {("email", "matching"): "given"})

    def test_the_administrator_merges_as_well(self):
        lead = self._create_seeker_lead(self.prop, self.twin)
        self._merge(self.env.ref("base.user_admin"))
        self.assertEqual(lead.partner_id, self.kept)

    def test_a_denial_on_either_side_is_denied_again(self):
        """M121: the stricter consent wins, whoever said yes later."""
        for denier, other in ((self.twin, self.kept), (self.kept, self.twin)):
            with (
                self.subTest(denier=denier.name),
                self.cr.savepoint(flush=False) as savepoint,
            ):
                denier._record_consent("denied", "call", ("email",), "report")
                other._record_consent("given", "form", ("email",), "report")
                merged = self._merge()
                self.assertEqual(self._get_latest(merged)["email", "report"], "denied")
                self.assertEqual(merged.consent_ids.sorted("id")[-1].source, "merge")
                self.assertFalse(merged._may_receive_automatic("email", "report"))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_two_who_said_yes_still_say_yes(self):
        self.kept._record_consent("given", "form", ("email",), "report")
        self.twin._record_consent("given", "form", ("email",), "report")
        self.assertTrue(self._merge()._may_receive_automatic("email", "report"))

    def test_an_opt_out_on_either_side_is_the_survivors(self):
        """Odoo takes any True over; the opt-out is stricter."""
        for denier in (self.twin, self.kept):
            with (
                self.subTest(denier=denier.name),
                self.cr.savepoint(flush=False) as savepoint,
            ):
                denier.automatic_messages_allowed = False
                merged = self._merge()
                self.assertFalse(merged.automatic_messages_allowed)
                self.assertNotIn("given", merged.consent_ids.mapped("state"))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_merge_without_opt_out_writes_no_consent(self):
        merged = self._merge()
        self.assertTrue(merged.automatic_messages_allowed)
        self.assertFalse(merged.consent_ids)

    def test_two_open_leads_about_one_property_become_one(self):
        """M121: the phases of both are told by one journal."""
        first = self._create_seeker_lead(self.prop, self.kept)
        second = self._create_seeker_lead(self.prop, self.twin)
        self._log(second, "documentation_sent")
        merged = self._merge()
        leads = self.env["crm.lead"].search([("partner_id", "=", merged.id)])
        self.assertEqual(len(leads), 1)
        self.assertEqual(leads, (first | second).exists())
        self.assertEqual(leads.phase_number, 4)
        self.assertEqual(merged.phase_ids, leads.stage_id)
        self.assertEqual(merged.interest_property_ids, self.prop)
        codes = self._codes(leads)
        self.assertEqual(codes.count("enquiry"), 2)
        self.assertIn("documentation_sent", codes)

    def test_leads_about_two_properties_stay_two(self):
        self._create_seeker_lead(self.prop, self.kept)
        self._create_seeker_lead(self._create_property(state="on_market"), self.twin)
        merged = self._merge()
        self.assertEqual(len(merged.estate_lead_ids), 2)

    def test_a_cancelled_lead_stays_beside_the_open_one(self):
        cancelled = self._create_seeker_lead(self.prop, self.twin)
        cancelled.action_set_lost()
        running = self._create_seeker_lead(self.prop, self.kept)
        self._merge()
        self.assertTrue(cancelled.exists() and running.exists())
        self.assertEqual((cancelled | running).partner_id, self.kept)

    def test_report_plans_do_not_clash(self):
        """An owner has one plan; what the other one sent is kept."""
        plans = self.env["estate.report.plan"].create(
            [{"partner_id": partner.id} for partner in (self.kept, self.twin)]
        )
        merged = self._merge()
        self.assertEqual(plans.partner_id, merged)
        self.assertEqual(merged.report_plan_ids, plans[0])

    def test_the_only_report_plan_goes_on(self):
        plan = self.env["estate.report.plan"].create({"partner_id": self.twin.id})
        self.assertEqual(self._merge().report_plan_ids, plan)

    def test_a_property_of_both_has_one_owner(self):
        prop = self._create_property(owner_ids=self.kept | self.twin)
        self._merge()
        self.assertEqual(prop.owner_ids, self.kept)

    def test_a_draft_yields_to_a_kind_that_knows_more(self):
        self.kept.estate_kind = "draft"
        self.twin.write(
            {
                "street": "Dlouhá 1",
                "city": "Praha",
                "identity_checked_how": "id_card",
                "estate_kind": "verified",
            }
        )
        self.assertEqual(self._merge().estate_kind, "verified")

    def test_the_chain_of_consents_survives_the_merge(self):
        self.twin.automatic_messages_allowed = False
        self._merge()
        head = self.env["estate.ledger.head"].search(
            [("ledger", "=", "estate.consent")]
        )
        self.assertEqual(self.env["estate.consent"]._find_broken_position(head), 0)


@tagged("post_install", "-at_install")
class TestContactsWithHistoryStay(EstateCase):
    def test_a_contact_without_history_can_be_deleted(self):
        contact = self._create_contact("Nobody yet")
        contact.with_user(self.env.ref("base.user_admin")).unlink()
        self.assertFalse(contact.exists())

    def test_a_contact_with_history_is_refused_with_a_way_out(self):
        admin = self.env.ref("base.user_admin")
        cases = {
            "journal": lambda c: self._log(self._create_seeker_lead(partner=c), "note"),
            "consent": lambda c: c.write({"automatic_messages_allowed": False}),
        }
        for name, happen in cases.items():
            contact = self._create_contact(f"Somebody {name}")
            happen(contact)
            with self.subTest(ledger=name), self.assertRaisesRegex(UserError, "erase"):
                contact.with_user(admin).unlink()
            self.assertTrue(contact.exists())

    def test_a_contact_with_only_a_draft_report_can_be_deleted(self):
        contact = self._create_contact("Olga Owner")
        prop = self._create_property(owner_ids=contact)
        self.env["estate.activity.report"].create(
            {"partner_id": contact.id, "property_ids": [Command.set(prop.ids)]}
        )
        contact.unlink()
        self.assertFalse(contact.exists())


@tagged("post_install", "-at_install")
class TestOneTimelineForAContact(EstateCase):
    def test_notes_on_request_case_and_offer_stand_in_one_timeline(self):
        """M83: two leads and a property, one journal on the contact."""
        contact = self._create_contact("Sam Seeker")
        first = self._create_seeker_lead(partner=contact)
        second = self._create_seeker_lead(
            self._create_property(state="on_market", agent_id=self.agent.id), contact
        )
        offer = self._create_property(state="on_market", agent_id=self.agent.id)
        self._note(lead_id=first, summary="wants a balcony")
        self._note(lead_id=second, summary="asked for the ground plan")
        self._note(
            property_id=offer, partner_id=contact, summary="knows the neighbours"
        )
        self._note(
            property_id=offer,
            partner_id=self._create_contact("Else"),
            summary="not his",
        )
        action = contact.with_user(self.agent).action_open_journal()
        rows = (
            self.env[action["res_model"]].with_user(self.agent).search(action["domain"])
        )
        notes = rows.filtered(lambda row: row.type_code == "note")
        self.assertEqual(
            set(notes.mapped("summary")),
            {"wants a balcony", "asked for the ground plan", "knows the neighbours"},
        )

    def test_what_is_written_and_done_about_a_search_stands_there_too(self):
        """M83: a mail and a done task; what colleagues note for themselves does not."""
        contact = self._create_contact("Sam Seeker")
        search = self.env["estate.search"].with_user(self.agent)
        search = search.create({"partner_id": contact.id, "agent_id": self.agent.id})
        search.message_post(body="He dreams", subtype_xmlid="mail.mt_note")
        search.message_post(
            body="Is a terrace enough?",
            partner_ids=contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        search.message_post(
            body="It is",
            author_id=contact.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        task = search.activity_schedule(
            "mail.mail_activity_data_call", summary="Ask about the price"
        )
        task.action_feedback(feedback="Up to six millions")
        action = contact.with_user(self.agent).action_open_journal()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(rows.search_id, search)
        self.assertEqual(
            {(row.type_code, row.summary) for row in rows},
            {
                ("mail_sent", "Is a terrace enough?"),
                ("mail_received", "It is"),
                ("call_reached", "Ask about the price"),
            },
        )

    def _note(self, **values):
        """Fill in the form "Log an action" as the agent does."""
        log = self.env["estate.interaction.log"].with_user(self.agent)
        with Form(log) as form:
            form.type_id = self.env["estate.interaction.type"]._get("note")
            form.occurred_at = NOW - timedelta(hours=1)
            for name, value in values.items():
                setattr(form, name, value)
        form.record.action_log()
