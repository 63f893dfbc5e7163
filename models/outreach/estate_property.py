from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

REPORT_JOB = "crm_real_estate.ir_cron_send_activity_reports"


class Property(models.Model):
    _inherit = "estate.property"

    report_plan_ids = fields.Many2many(
        "estate.report.plan", compute="_compute_report_plan_ids"
    )

    @api.depends("owner_ids.report_plan_ids")
    def _compute_report_plan_ids(self):
        for prop in self:
            prop.report_plan_ids = prop.owner_ids.report_plan_ids.filtered(
                lambda plan, prop=prop: plan.company_id == prop.company_id
                and (not plan.property_ids or prop in plan.property_ids)
            )

    def _plan_owner_reports(self):
        """Give each owner who never had a report plan the default one."""
        plans = self.env["estate.report.plan"]
        # An archived plan is somebody's word that this owner gets no reports.
        known = {
            (partner, company)
            for partner, company in plans.with_context(active_test=False)._read_group(
                [
                    ("partner_id", "in", self.owner_ids.ids),
                    ("audience", "=", "vendor"),
                ],
                ["partner_id", "company_id"],
            )
        }
        wanted = {
            (owner, prop.company_id): prop.company_id._get_report_rhythm(prop.deal_type)
            for prop in reversed(self)
            for owner in prop.owner_ids
        }
        return plans.create(
            [
                {
                    "partner_id": owner.id,
                    "company_id": company.id,
                    "rhythm": rhythm,
                    "start_date": company._get_report_day(),
                }
                for (owner, company), rhythm in wanted.items()
                if (owner, company) not in known
            ]
        )

    def _report_to_owners(self):
        """Let the next reports to the owners of these go out with the job's next run.

        What happened today is told tomorrow; whom somebody decided to send nothing,
        gets nothing. The rhythm goes on from that day.
        """
        self._plan_owner_reports()
        plans = self.report_plan_ids.filtered(
            lambda plan: plan.active and plan.audience == "vendor"
        )
        for plan in plans:
            day = plan.company_id._get_report_day()
            soon = max(day, plan.start_date + timedelta(days=1))
            if plan.next_date > soon:
                plan.next_date = soon
        cron = self.env.ref(REPORT_JOB, raise_if_not_found=False)
        if cron and plans:
            # sudo: ir.cron - whoever set off a rule wakes the job that sends
            cron.sudo()._trigger()

    def _get_state_words(self, state):
        """Return what an owner reads of a state of this property."""
        is_rent = self.deal_type == "rent"
        words = {
            "acquisition": self.env._("We are preparing the property for the market."),
            "on_market": self.env._("The property is on the market, to let.")
            if is_rent
            else self.env._("The property is on the market, for sale."),
            "reserved": self.env._("The property is reserved."),
            "closed": self.env._("The property is let.")
            if is_rent
            else self.env._("The property is sold."),
            "withdrawn": self.env._("The property was taken off the market."),
        }
        return words.get(state, "")

    def _get_seekers(self):
        """Return the contacts who are or were interested: property -> `res.partner`.

        Everybody whom a lead, a viewing or the journal names, save the owners.
        """
        found = {prop: self.env["res.partner"] for prop in self}
        for model, extra in (
            ("crm.lead", [("lead_role", "=", "seeker")]),
            ("estate.viewing", []),
            ("estate.interaction", []),
        ):
            # sudo: whoever has them - only who they are is read, to keep it secret
            groups = self.env[model].sudo().with_context(active_test=False)
            for prop, partner in groups._read_group(
                [
                    ("property_id", "in", self.ids),
                    ("partner_id", "!=", False),
                    *extra,
                ],
                ["property_id", "partner_id"],
            ):
                found[prop.with_env(self.env)] |= partner.with_env(self.env)
        return {
            prop: partners - prop.with_env(self.env).owner_ids
            for prop, partners in found.items()
        }

    def _get_owner_tasks(self):
        """Return the open tasks about these properties that their owners are told of.

        :return: dict property -> `mail.activity` records, on it or on its leads
        """
        # sudo: crm.lead - only which tasks are about the properties is read
        leads = self.env["crm.lead"].sudo().search([("property_id", "in", self.ids)])
        # sudo: mail.activity - only kind and date of a task are told
        activities = self.env["mail.activity"].sudo()
        tasks = activities.search(
            Domain("activity_type_id.estate_owner_text", "!=", False)
            & (
                Domain("res_model", "=", "crm.lead") & Domain("res_id", "in", leads.ids)
                | Domain("res_model", "=", self._name)
                & Domain("res_id", "in", self.ids)
            ),
            order="date_deadline, id",
        )
        found = {}
        for task in tasks:
            prop = self.browse(task.res_id)
            if task.res_model == "crm.lead":
                prop = leads.browse(task.res_id).property_id.with_env(self.env)
            found[prop] = found.get(prop, tasks.browse()) | task
        return found

    def _prepare_change_vals(self, name, old, new):
        vals = super()._prepare_change_vals(name, old, new)
        if vals:
            vals["owner_values"] = {"old": old, "new": new}
            if name == "price":
                vals["owner_values"]["currency_id"] = self.currency_id.id
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_reported(self):
        # sudo: estate.activity.report - any report keeps its property, whoever sees it
        reports = self.env["estate.activity.report"].sudo()
        report = reports.search([("property_ids", "in", self.ids)], limit=1)
        if report:
            raise UserError(
                self.env._(
                    "%(property)s stands in the activity report %(report)s. Archive "
                    "the property instead.",
                    property=(report.property_ids & self)[:1].display_name,
                    report=report.display_name,
                )
            )
