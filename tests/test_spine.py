"""The whole way of one listing: from the file to the owner's report."""

import base64
from email.message import EmailMessage

from odoo.fields import Command
from odoo.tests import Form, freeze_time

from .common import EstateCase
from .openimmo_files import build_file

WEDNESDAY_TEN = "2026-03-04 09:00:00"  # 10:00 in Prague


class TestFromListingToReport(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].search([], limit=1)
        domain = domain or domain.create({"name": "agency.example.com"})
        cls.company.alias_domain_id = domain
        cls.listings = cls.env["estate.intake.source"].create(
            {
                "name": "Owners",
                "kind": "openimmo",
                "contact_role": "owner",
                "team_id": cls.call_centre.id,
            }
        )
        cls.enquiries = cls.env["estate.intake.source"].create(
            {"name": "Mails", "kind": "mail", "team_id": cls.office.id}
        )
        cls.office.write({"alias_name": "spine", "alias_domain_id": domain.id})
        cls.office.intake_source_id = cls.enquiries

    @freeze_time(WEDNESDAY_TEN)
    def test_a_listing_is_won_shown_and_reported(self):
        prop = self._receive_listing()
        owner_lead = prop.lead_ids
        self._ring_until_agreed(owner_lead)
        self.assertEqual(
            (owner_lead.phase_number, owner_lead.user_id), (4, prop.agent_id)
        )
        prop.with_user(self.manager).action_put_on_market()
        lead = self._receive_enquiry(prop)
        self.assertEqual((lead.phase_number, lead.user_id), (2, prop.agent_id))
        self._answer(lead)
        self.assertEqual(lead.phase_number, 3)
        self._send_documentation(lead)
        self.assertEqual(lead.phase_number, 4)
        self._show(lead)
        self.assertEqual(lead.phase_number, 5)
        report = self._report(prop)
        told = report.line_ids.mapped("text")
        self.assertIn("They liked the light.", told)
        self.assertIn("We suggest to keep the price.", told)

    # === STEPS, EACH THROUGH ITS DOOR ===

    def _receive_listing(self):
        incomplete = {0: {"living_area": "", "title": "Apartment by the park"}}
        wizard = (
            self.env["estate.intake.upload"]
            .with_user(self.manager)
            .create(
                {
                    "source_id": self.listings.id,
                    "content": base64.b64encode(
                        build_file(objects=1, overrides=incomplete)
                    ),
                    "file_name": "listings.xml",
                }
            )
        )
        action = wizard.action_store()
        message = self.env["estate.intake.message"].browse(
            action["params"]["message_id"]
        )
        message.with_user(self.manager).action_process()
        return (
            self.env["estate.property"]
            .search([("intake_message_id", "=", message.id)])
            .ensure_one()
        )

    def _ring_until_agreed(self, lead):
        operator = lead.user_id
        lead.with_user(operator).action_call_outcome("no_answer", seen_count=0)
        self.assertTrue(lead.next_call_at)
        self.assertEqual(len(lead.activity_ids), 1)
        action = lead.with_user(operator).action_call_outcome("agreed", seen_count=1)
        self.assertEqual(action["res_model"], "estate.call.card")
        card = Form(
            self.env["estate.call.card"]
            .with_user(operator)
            .with_context(**action["context"])
        )
        card.living_area = 71
        card.note = "Wants to sell before summer"
        card.save().action_finish()

    def _receive_enquiry(self, prop):
        mail = EmailMessage()
        mail["From"] = "Sam Seeker <sam@example.com>"
        mail["To"] = self.office.alias_id.alias_full_name
        mail["Subject"] = f"Your offer {prop.reference}"
        mail["Message-ID"] = "<spine@example.com>"
        mail.set_content(
            f"Is {prop.reference} still free?\n\nSam Seeker, +420 777 555 111"
        )
        self.env["mail.thread"].message_process("crm.lead", bytes(mail))
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_real_estate.ir_cron_process_intake"
            ).method_direct_trigger()
        return prop.lead_ids.filtered(
            lambda lead: lead.lead_role == "seeker"
        ).ensure_one()

    def _compose(self, lead, action):
        composer = Form(
            self.env["mail.compose.message"]
            .with_user(lead.user_id)
            .with_context(**action["context"])
        ).save()
        composer.action_send_mail()

    def _answer(self, lead):
        self._compose(lead, lead.with_user(lead.user_id).action_answer())

    def _send_documentation(self, lead):
        lead.property_id.documentation_ids = [
            Command.create({"name": "brochure.pdf", "raw": b"%PDF-1.4 brochure"})
        ]
        self._compose(lead, lead.with_user(lead.user_id).action_send_documentation())
        sent = lead.message_ids.filtered("attachment_ids")
        self.assertEqual(sent.attachment_ids.mapped("name"), ["brochure.pdf"])

    def _show(self, lead):
        action = lead.with_user(lead.user_id).action_plan_viewing()
        form = Form(
            self.env["estate.viewing"]
            .with_user(lead.user_id)
            .with_context(**action["context"]),
            view="crm_real_estate.estate_viewing_view_form_quick",
        )
        form.start = "2026-03-04 10:00:00"
        viewing = form.save()
        self.assertTrue(viewing.calendar_event_id)
        outcome = Form(
            self.env["estate.viewing.outcome"]
            .with_user(lead.user_id)
            .with_context(default_viewing_id=viewing.id, default_state="done")
        )
        outcome.feedback = "They liked the light."
        outcome.owner_comment = "We suggest to keep the price."
        outcome.save().action_apply()

    def _report(self, prop):
        plan = self.env["estate.report.plan"].search(
            [("partner_id", "in", prop.owner_ids.ids)]
        )
        self.assertEqual(
            len(plan), 1, "the property on the market gave its owner a plan"
        )
        with freeze_time("2026-03-11 09:00:00"), self.enter_registry_test_mode():
            cron = self.env.ref("crm_real_estate.ir_cron_send_activity_reports")
            with self.allow_pdf_render():
                cron.with_context(force_report_rendering=True).method_direct_trigger()
        report = plan.report_ids.ensure_one()
        self.assertEqual(report.state, "sent")
        return report
