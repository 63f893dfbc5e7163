"""A client may send any context; what only our own code may say by it is not heard."""

import ast
import json
from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.fields import Command, Datetime
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..models import inner
from .journal import JournalCase
from .sources import PROGRAMS, find_files, parse


def get_inner_words():
    """Return every word that our code listens to, as the sources tell."""
    return {
        node.args[1].value
        for path in find_files(*PROGRAMS)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "inner.hear"
    }


class ForgingCase(JournalCase):
    def _call(self, record, method, context, *arguments, **named):
        """Call a method as the web client does: all it sends went through JSON."""
        context = json.loads(json.dumps(context))
        with self.mock_mail_gateway():
            return call_kw(
                record.with_user(self.agent),
                method,
                [*([record.ids] if record else []), *arguments],
                {**named, "context": context},
            )

    def _write_to_seeker(self, **context):
        """Write to the seeker in the chatter; return what the journal tells of it."""
        before = self.env["estate.interaction"].search([])
        self._call(
            self.lead,
            "message_post",
            context,
            body="Good day",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.seeker.ids,
        )
        return self.env["estate.interaction"].search([]) - before


@tagged("post_install", "-at_install")
class TestNoClientTellsTheJournalWhatHappened(ForgingCase):
    def test_a_mail_is_a_mail_whatever_its_sender_calls_it(self):
        for code in (
            "erasure",
            "phase_move",
            "report_sent",
            "viewing_done",
            "reservation",
            "correction",
            "no such code",
            ["erasure"],
            {"erasure": 1},
        ):
            with self.subTest(code=code):
                phase = self.lead.stage_id
                rows = self._write_to_seeker(estate_interaction_code=code)
                told = rows.filtered(lambda row: row.type_code != "phase_move")
                self.assertEqual(told.mapped("type_code"), ["mail_sent"])
                if code == "reservation":
                    self.assertEqual(self.lead.stage_id, phase)

    def test_a_mass_mail_is_a_mail_whatever_its_sender_calls_it(self):
        wizard = (
            self.env["mail.compose.message"]
            .with_user(self.agent)
            .create(
                {
                    "model": "crm.lead",
                    "res_ids": str(self.lead.ids),
                    "composition_mode": "mass_mail",
                    "subject": "News",
                    "body": "Come and see",
                }
            )
        )
        context = {"estate_interaction_code": "erasure"}
        self._call(wizard, "action_send_mail", context)
        self.assertEqual(self._get_new_codes(), ["mail_sent"])

    def test_the_buttons_of_a_lead_still_say_what_is_sent(self):
        for code in ("answer", "documentation_sent"):
            with self.subTest(code=code):
                rows = self._write_to_seeker(estate_interaction_code=code)
                self.assertIn(code, rows.mapped("type_code"))

    def test_a_mail_is_told_though_its_sender_asks_for_silence(self):
        self.assertTrue(self._write_to_seeker(estate_journal_skip=True))

    def test_a_task_is_told_though_its_owner_asks_for_silence(self):
        task = self._plan_task(self.lead)
        self._call(task, "action_feedback", {"estate_journal_skip": True})
        self.assertEqual(self._get_new_codes(), ["todo_done"])

    def test_a_person_does_not_pass_for_the_system(self):
        for context in (
            {"estate_automatic": True},
            {"default_is_automatic": True},
            {"default_estate_automatic": True},
        ):
            with self.subTest(context):
                rows = self._write_to_seeker(**context)
                mail = rows.filtered(lambda row: row.type_code == "mail_sent")
                self.assertEqual(mail.mapped("is_automatic"), [False])

    def test_defaults_of_a_client_add_nothing_to_what_happened(self):
        before = self._write_to_seeker()[:1]
        context = {
            "default_corrects_id": before.id,
            "default_is_automatic": True,
            "default_origin": "estate.viewing,1,done",
        }
        wizard = (
            self.env["estate.interaction.log"]
            .with_user(self.agent)
            .create(
                {
                    "lead_id": self.lead.id,
                    "type_id": self.env["estate.interaction.type"]._get("letter").id,
                }
            )
        )
        self._call(wizard, "action_log", context)
        row = self._get_new_rows().filtered(lambda row: row.type_code == "letter")
        self.assertEqual(len(row), 1)
        self.assertFalse(row.corrects_id or row.is_automatic or row.origin)


@tagged("post_install", "-at_install")
class TestNoClientMovesLeadsInAnothersName(ForgingCase):
    def _move(self, number, **context):
        stage = self._phase("sale", number)
        values = {"stage_id": stage.id}
        context = {
            name: [stage.id, "rule", []] if value is None else value
            for name, value in context.items()
        }
        self._call(self.lead, "write", context, values)
        return self._get_new_rows().filtered(lambda row: row.type_code == "phase_move")

    def test_a_move_by_hand_is_told_as_one_by_hand(self):
        self.assertEqual(self._move(5, estate_move=None).cause, "person")

    def test_nor_is_it_told_as_that_of_a_rule_or_a_merge(self):
        moves = self._move(5, estate_automatic=True, estate_merging=True)
        self.assertEqual(moves.cause, "person")

    def test_a_second_open_lead_is_refused_whatever_the_client_says(self):
        values = {
            "name": "Twin",
            "lead_role": "seeker",
            "property_id": self.prop.id,
            "partner_id": self.seeker.id,
        }
        for context in ({"estate_merging": True}, {"estate_scope": False}):
            with (
                self.subTest(context),
                self.assertRaisesRegex(ValidationError, "already has an open lead"),
            ):
                self._call(self.env["crm.lead"], "create", context, [values])

    def test_a_new_enquiry_is_received_whatever_the_client_says(self):
        values = {
            "name": "Enquiry",
            "lead_role": "seeker",
            "property_id": self.prop.id,
            "partner_id": self._create_contact("Petra").id,
        }
        ids = self._call(
            self.env["crm.lead"], "create", {"estate_matching": True}, [values]
        )
        lead = self.env["crm.lead"].browse(ids)
        self.assertTrue(lead.received_at)
        self.assertEqual(lead.phase_number, 2)

    def test_a_viewing_takes_its_appointment_along_whatever_the_client_says(self):
        viewing = self._create_viewing(self.lead, Datetime.now() + timedelta(days=1))
        moved = Datetime.to_string(viewing.start + timedelta(days=1))
        self._call(viewing, "write", {"estate_viewing_sync": True}, {"start": moved})
        self.assertEqual(viewing.calendar_event_id.start, viewing.start)

    def test_an_opt_out_is_written_and_its_source_is_not_the_clients(self):
        context = {"estate_contact_merge": True, "estate_consent_source": "Forged"}
        values = {"automatic_messages_allowed": False}
        self._call(self.seeker, "write", context, values)
        self.assertFalse(self.seeker.automatic_messages_allowed)
        sources = set(self.seeker.consent_ids.mapped("source"))
        self.assertEqual(sources, {"Contact form"})

    def test_a_report_is_filled_and_open_whatever_the_client_says(self):
        values = {
            "partner_id": self.prop.owner_ids.id,
            "property_ids": [Command.set(self.prop.ids)],
        }
        context = {"estate_fill_later": True, "default_state": "sent"}
        reports = self.env["estate.activity.report"]
        report = reports.browse(self._call(reports, "create", context, [values]))
        self.assertEqual(report.state, "draft")
        self.assertTrue(report.filled_at)


@tagged("post_install", "-at_install")
class TestWords(ForgingCase):
    def test_no_json_is_ever_heard(self):
        words = get_inner_words()
        self.assertIn("merging", words)
        lies = (True, 1, "x", ["x"], {"value": True}, "_Word(value=True)")
        for word in words:
            for lie in lies:
                with self.subTest(word=word, lie=lie):
                    env = self.env(context={f"estate_{word}": lie})
                    self.assertIsNone(inner.hear(env, word))

    def test_what_our_code_says_is_heard_until_it_says_otherwise(self):
        lead = inner.say(self.lead, scope="sale")
        self.assertEqual(inner.hear(lead.env, "scope"), "sale")
        lead = inner.say(lead, scope=False)
        self.assertIs(inner.hear(lead.env, "scope"), False)
        self.assertEqual(inner.hear(lead.env, "merging", "silence"), "silence")
