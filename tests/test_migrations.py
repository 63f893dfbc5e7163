"""An update brings what is new, and nothing that an admin has changed breaks it."""

from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from .common import EstateCase

MODULE = "crm_real_estate"
AUTOMATIONS = ("opt_out", "responder", "feedback", "closed_news")


@tagged("post_install", "-at_install")
class TestUpdate(EstateCase):
    def _migrate(self, script):
        """Run a script of the update to 19.0.1.2.0 as Odoo does."""
        path = file_path(f"{MODULE}/migrations/19.0.1.2.0/{script}.py")
        load_script(path, script.replace("-", "_")).migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()

    def _find(self, name):
        return self.env.ref(f"{MODULE}.{name}", raise_if_not_found=False)

    def test_new_rules_come_though_an_admin_deleted_a_phase(self):
        for name in AUTOMATIONS:
            self._find(f"automation_{name}").unlink()
        for name in ("price_news", "similar_news"):
            self._find(f"automation_{name}").unlink()
        self._find("crm_stage_sale_7").unlink()
        self._migrate("post-shipped")
        for name in AUTOMATIONS:
            self.assertTrue(self._find(f"automation_{name}").action_server_ids, name)
        self.assertTrue(self._find("automation_feedback").active)
        closed = self._find("automation_closed_news_action")
        phases = closed.estate_audience_stage_ids
        self.assertEqual(sorted(phases.mapped("pipeline")), ["rent"] * 7 + ["sale"] * 5)

    def test_mails_and_required_data_come_where_there_were_none(self):
        names = (
            *("mail_template_alert", "mail_template_event", "digest_digest_steering"),
            *(
                "estate_refusal_reason_place",
                "estate_contact_requirement_verified_name",
            ),
        )
        for model in {self._find(name)._name for name in names}:
            ours = self.env["ir.model.data"].search(
                [("module", "=", MODULE), ("model", "=", model)]
            )
            self.env[model].browse(ours.mapped("res_id")).unlink()
        self._migrate("post-shipped")
        for name in names:
            self.assertTrue(self._find(name), name)

    def test_rules_that_are_there_stay_as_an_admin_left_them(self):
        rule = self._find("automation_closed_news")
        rule.name = "Tell them all"
        self._find("automation_price_news").unlink()
        self._migrate("post-shipped")
        self.assertEqual(rule.name, "Tell them all")
        self.assertFalse(self._find("automation_price_news"))

    def test_record_rules_are_those_of_this_version(self):
        rule = self._find("estate_call_rule_company")
        domain = rule.domain_force
        rule.domain_force = "[(0, '=', 1)]"
        self._migrate("post-rules")
        self.assertEqual(rule.domain_force, domain)

    def test_what_is_new_is_hidden_in_the_list_that_an_admin_made(self):
        rule = self._find("mail_template_rule_members")
        answer = self._find("mail_template_answer").id
        mine = f"[('id', 'not in', [{answer}, 987654])] if user.share else []"
        rule.domain_force = mine
        self._find("crm_lost_reason_refused").unlink()
        self._migrate("end-members")
        new = [
            self._find("mail_template_offer").id,
            self._find("mail_template_alert").id,
        ]
        self.assertTrue(rule.domain_force.startswith(f"[('id', 'not in', [{answer}, "))
        self.assertTrue(rule.domain_force.endswith("])] if user.share else []"))
        for number in (987654, *new):
            self.assertIn(f" {number}", rule.domain_force)
        reports = self._find("mail_template_activity_report").id
        self.assertNotIn(f" {reports},", rule.domain_force)
        before = rule.domain_force
        self._migrate("end-members")
        self.assertEqual(rule.domain_force, before)

    def test_a_rule_without_our_list_stays_as_it_is(self):
        rule = self._find("mail_template_rule_members")
        rule.domain_force = "[('id', 'in', [1, 2])]"
        self._migrate("end-members")
        self.assertEqual(rule.domain_force, "[('id', 'in', [1, 2])]")

    def test_shipped_lists_hide_all_that_is_ours(self):
        for model, name in (
            ("crm.lost.reason", "crm_lost_reason_rule_members"),
            ("mail.activity.type", "mail_activity_type_rule_members"),
            ("mail.template", "mail_template_rule_members"),
        ):
            ours = self.env["ir.model.data"].search(
                [("module", "=", MODULE), ("model", "=", model)]
            )
            hidden = self._find(name).domain_force
            for record in ours:
                self.assertRegex(hidden, rf"\b{record.res_id}\b", record.name)
