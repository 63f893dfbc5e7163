"""Existing contacts become clients when the agency says so, and can be given back."""

import io
from contextlib import contextmanager
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase
from odoo.tools import mute_logger

from ..models.party import estate_contact_run, estate_contact_run_line
from .common import EstateCase

REFUSAL = "Its debts are not paid."


class TestUseContacts(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["res.partner"].create(
            [
                {
                    "name": f"Old Client {n}",
                    "email": f"old{n}@example.com",
                    "ref": "old",
                }
                for n in range(5)
            ]
            + [{"name": f"Silent Client {n}", "ref": "old"} for n in range(2)]
        )
        cls.complete, cls.silent = cls.people[:5], cls.people[5:]
        cls.known = cls._create_contact("Known", ref="old")

    def _open(self, user=None, **values):
        wizards = self.env["estate.use.contacts"].with_user(user or self.manager)
        with Form(wizards) as form:
            form.domain = "[('ref', '=', 'old')]"
            for name, value in values.items():
                setattr(form, name, value)
        return form.record

    def _apply(self, wizard):
        action = wizard.action_apply()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_real_estate.ir_cron_work_contact_runs"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_a_preview_tells_how_many_and_what_they_lack(self):
        """M145: filter, kind, preview with counts and those whose data are missing."""
        wizard = self._open()
        self.assertEqual(
            (wizard.total_count, wizard.complete_count, wizard.missing_count), (7, 5, 2)
        )
        self.assertEqual(wizard.missing_text, "2 without phone or mail")
        shown = wizard.action_show_missing()
        self.assertEqual(self.env["res.partner"].search(shown["domain"]), self.silent)
        wizard = self._open(kind="verified")
        self.assertEqual(wizard.complete_count, 0)
        self.assertIn("7 without identity checked", wizard.missing_text)
        self.assertFalse(self.people.filtered("estate_kind"))

    def test_they_become_clients_and_are_given_back(self):
        """M145: the run tells what it set; undo leaves those at work alone."""
        run = self._apply(self._open())
        self.assertEqual(run.state, "done")
        self.assertEqual((run.done_count, run.left_out_count), (5, 2))
        self.assertEqual(set(self.complete.mapped("estate_kind")), {"standard"})
        self.assertFalse(self.silent.filtered("estate_kind"))
        self._create_seeker_lead(partner=self.complete[0])
        self.complete[1].estate_kind = "draft"
        run.with_user(self.manager).action_undo()
        self.assertEqual((run.state, run.undone_count), ("undone", 3))
        self.assertEqual(
            self.complete.mapped("estate_kind"),
            ["standard", "draft", False, False, False],
        )
        self.assertEqual(self.known.estate_kind, "standard")

    def test_who_lacks_data_may_become_a_draft(self):
        run = self._apply(self._open(if_missing="draft"))
        self.assertEqual(set(self.silent.mapped("estate_kind")), {"draft"})
        run.with_user(self.manager).action_undo()
        self.assertFalse(self.people.filtered("estate_kind"))

    def test_many_are_worked_in_batches_by_a_job(self):
        """The first batch at once, the rest by the job, which runs twice."""
        self.patch(estate_contact_run, "BATCH", 2)
        run = self._apply(self._open())
        self.assertEqual((run.state, run.progress), ("running", 28))
        self._run_job()
        self.assertEqual((run.state, run.progress), ("done", 100))
        self._run_job()
        self.assertEqual((run.done_count, run.left_out_count), (5, 2))
        run.with_user(self.manager).action_undo()
        self.assertEqual(run.state, "undoing")
        self._run_job()
        self.assertEqual((run.state, run.undone_count), ("undone", 5))

    def test_an_undone_run_stays_undone(self):
        """Undoing it again, or the job, makes nobody ours anew."""
        run = self._apply(self._open())
        run.with_user(self.manager).action_undo()
        run.with_user(self.manager).action_undo()
        self._run_job()
        self.assertEqual((run.state, run.undone_count), ("undone", 5))
        self.assertFalse(self.people.filtered("estate_kind"))

    @contextmanager
    def _refusing(self, name, method="_get_fitting_kind"):
        """Somebody else's rule refuses one contact."""
        partners = self.env.registry["res.partner"]
        original = getattr(partners, method)

        def refuse(self, *args):
            if name in self.mapped("name"):
                raise UserError(REFUSAL)
            return original(self, *args)

        loggers = mute_logger(estate_contact_run_line.__name__)
        with patch.object(partners, method, refuse), loggers:
            yield

    def test_who_fails_stops_nobody_else_and_is_tried_again(self):
        """M145: record, obstacle and next step are told; the rest goes on."""
        with self._refusing("Old Client 1"):
            run = self._apply(self._open())
        self.assertEqual(
            (run.state, run.done_count, run.left_out_count, run.failed_count),
            ("done", 4, 2, 1),
        )
        failed = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(
            failed.note,
            "Old Client 1: Its debts are not paid. Put it right on the contact, then "
            "press “Try the failed again” here.",
        )
        run.with_user(self.manager).action_retry()
        self.assertEqual((run.done_count, run.failed_count), (5, 0))
        self.assertFalse(failed.note)
        with self._refusing("Old Client 2", "_get_estate_used"):
            run.with_user(self.manager).action_undo()
        self.assertEqual((run.undone_count, run.failed_count), (4, 1))
        run.with_user(self.manager).action_retry()
        self.assertEqual(
            (run.state, run.undone_count, run.failed_count), ("undone", 5, 0)
        )
        self.assertFalse(self.people.filtered("estate_kind"))

    def test_what_was_told_of_a_failure_is_erased_with_the_person(self):
        with self._refusing("Old Client 1"):
            run = self._apply(self._open())
        self.complete[1].estate_kind = "standard"
        self.complete[1]._erase_personal_data("Asked by mail")
        self.assertNotIn("Old Client", run.line_ids.filtered("note").note)

    def test_colleagues_and_own_companies_are_no_clients(self):
        wizard = self._open(domain="[]")
        run = self._apply(wizard)
        self.assertFalse(self.agent.partner_id.estate_kind)
        self.assertFalse(self.company.partner_id.estate_kind)
        self.assertNotIn(self.agent.partner_id, run.line_ids.partner_id)

    def test_chosen_in_the_list_they_are_the_filter(self):
        chosen = self.complete[:2]
        wizards = (
            self.env["estate.use.contacts"]
            .with_user(self.manager)
            .with_context(active_model="res.partner", active_ids=chosen.ids)
        )
        self._apply(Form(wizards).save())
        self.assertEqual(self.people.filtered("estate_kind"), chosen)

    def test_nothing_leaves_and_no_message_is_written(self):
        before = self.env["mail.message"].search_count([])
        mails = self.env["mail.mail"].search_count([])
        self._apply(self._open())
        self.assertEqual(self.env["mail.message"].search_count([]), before)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_an_odd_filter_is_refused_with_a_way_out(self):
        wizards = self.env["estate.use.contacts"].with_user(self.manager)
        with self.assertRaisesRegex(UserError, "fixed values"):
            wizards.create({"domain": "[('id', '=', uid)]"}).action_apply()
        with self.assertRaisesRegex(UserError, "No contact fits"):
            wizards.create({"domain": "[('ref', '=', 'nobody')]"}).action_apply()

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_agents_do_not_decide_for_the_agency(self):
        with self.assertRaises(AccessError):
            self._open(self.agent)


class TestImportTemplates(EstateCase, HttpCase):
    """The tables that Odoo's import offers are filled in and imported."""

    def _load_template(self, model):
        templates = self.env[model].with_user(self.agent).get_import_templates()
        self.authenticate(self.agent.login, self.agent.login)
        answer = self.url_open(templates[-1]["template"])
        answer.raise_for_status()
        return load_workbook(io.BytesIO(answer.content))

    def _import(self, model, book):
        stream = io.BytesIO()
        book.save(stream)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        wizard = (
            self.env["base_import.import"]
            .with_user(self.agent)
            .create(
                {
                    "res_model": model,
                    "file": stream.getvalue(),
                    "file_name": "filled.xlsx",
                    "file_type": kind,
                }
            )
        )
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        preview = wizard.parse_preview(options)
        self.assertNotIn("error", preview)
        columns = [
            "/".join(preview["matches"].get(number, [])) or False
            for number in range(len(preview["headers"]))
        ]
        self.assertTrue(all(columns), preview["headers"])
        result = wizard.execute_import(columns, preview["headers"], options)
        self.assertFalse(result["messages"])
        return self.env[model].browse(result["ids"])

    def test_contacts_and_enquiries_are_imported_by_their_templates(self):
        """M145: two tables; kinds keep their required data, enquiries their contact."""
        book = self._load_template("res.partner")
        contact = self._import("res.partner", book)
        self.assertEqual(contact.estate_kind, "standard")
        self.assertEqual(contact.phone_sanitized, "+420601123456")
        prop = self._create_property(state="on_market", agent_id=self.agent.id)
        book = self._load_template("crm.lead")
        sheet = book.active
        for cell in sheet[1]:
            if cell.value == "Property":
                sheet.cell(2, cell.column).value = prop.name
        lead = self._import("crm.lead", book)
        self.assertEqual(
            (lead.lead_role, lead.property_id, lead.partner_id),
            ("seeker", prop, contact),
        )
        self.assertTrue(lead.received_at)

    def test_other_business_has_the_templates_it_had(self):
        outsider = self._create_user("outsider")
        for model in ("res.partner", "crm.lead"):
            templates = self.env[model].with_user(outsider).get_import_templates()
            self.assertEqual(len(templates), 1)
        self.authenticate(outsider.login, outsider.login)
        answer = self.url_open("/estate/import_template/res.partner")
        self.assertEqual(answer.status_code, 404)

    def test_only_our_two_tables_can_be_asked_for(self):
        self.authenticate(self.agent.login, self.agent.login)
        answer = self.url_open("/estate/import_template/res.users")
        self.assertEqual(answer.status_code, 404)
