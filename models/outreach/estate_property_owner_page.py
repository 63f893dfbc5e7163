from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, hmac, plaintext2html

SCOPE = "estate-owner-page"
TASK = "crm_real_estate.mail_activity_type_owner_question"
# What an owner sees of the past, and how much he may ask in a day.
SHOWN_DAYS = 365
MOST_QUESTIONS = 5
MOST_SIGNS = 2000


class Property(models.Model):
    """The page on which an owner follows his property: live, what his reports tell."""

    _inherit = "estate.property"

    # === THE LINK ===

    @api.model
    def _sign_owner_page(self, property_id, partner_id):
        """Return the token that opens the page of this property for this owner."""
        # sudo: ir.config_parameter - only the secret of the database is read
        return hmac(self.env(su=True), SCOPE, (property_id, partner_id))

    def _get_owner_page_url(self, owner):
        """Return the private address of the page; it works as long as he owns it."""
        self.ensure_one()
        token = self._sign_owner_page(self.id, owner.id)
        base = self.get_base_url()
        return f"{base}/real_estate/owner/{self.id}/{owner.id}/{token}"

    @api.model
    def _open_owner_page(self, property_id, partner_id, token=None):
        """Return (property, owner) for a valid link or login, else two empty records.

        A forged token, another owner's property and one that does not exist look alike.
        """
        # sudo: estate.property - the token, or the login, is the right to this one page
        prop = self.sudo().browse(property_id).exists()
        owner = self.env["res.partner"].sudo().browse(partner_id)
        expected = self._sign_owner_page(property_id, partner_id)
        is_signed = token is None or consteq(token, expected)
        is_owner = prop and owner in prop.owner_ids and owner.active
        if not (is_signed and is_owner and prop.active and prop.state != "draft"):
            return self.browse(), owner.browse()
        lang = owner.lang or self.env.lang
        return prop.with_context(lang=lang), owner.with_context(lang=lang)

    # === WHAT IT SHOWS ===

    def _get_owner_page(self, owner):
        """Return what the page shows: exactly what a report would tell, until now.

        :return: dict of `sentences`, `sections` (list of dicts `title`, `lines`) and
            `curve`, the demand as a picture (HTML), where the report tells it
        """
        self.ensure_one()
        report = self._begin_live_report(owner)
        # sudo: estate.interaction - the report tells what colleagues did, too
        journal = self.env["estate.interaction"].sudo()
        rows = journal.search(
            report._get_row_domain(None) & journal._get_told_domain(),
            order="occurred_at, id",
        )
        persons = report._get_masked_persons()[report]
        sections = []
        for section in report._get_sections():
            lines = [
                {**vals, "text": report._mask(vals.get("text"), persons)}
                for vals in section["lines"]({report: rows})
            ]
            sections.append({**section, "lines": lines})
        return {
            "curve": report.with_demand and self.demand_curve,
            "sentences": [
                line["text"]
                for section in sections
                if not section["title"]
                for line in section["lines"]
            ],
            "sections": [
                section for section in sections if section["title"] and section["lines"]
            ],
        }

    def _begin_live_report(self, owner):
        """Return a report in memory, with the wishes of the owner's plan."""
        today = self.company_id._get_report_day()
        plan = owner.report_plan_ids.filtered(
            lambda plan: plan.company_id == self.company_id
            and plan.audience == "vendor"
        )[:1]
        report = self.env["estate.activity.report"].new(
            {
                "partner_id": owner.id,
                "company_id": self.company_id.id,
                "plan_id": plan.id,
                "tells_phases": plan.tells_phases,
                "with_demand": plan.with_demand,
                "date_from": today - timedelta(days=SHOWN_DAYS),
                "date_to": today,
            }
        )
        # In memory only: `new` would wrap the property in one that is not in the
        # database either, and nobody finds the journal of that.
        report._fields["property_ids"]._update_cache(report, tuple(self.ids))
        return report

    # === WHAT IT CAUSES ===

    def _tell_owner_looked(self, owner):
        """Tell the agent, once a day, that this owner looked at his page."""
        self.ensure_one()
        day = fields.Date.to_string(self.company_id._get_report_day())
        rows = self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "owner_looked",
                    "partner_id": owner.id,
                    "property_id": self.id,
                    "company_id": self.company_id.id,
                    "is_automatic": True,
                    "origin": f"{self._name},{self.id},looked,{owner.id},{day}",
                }
            ]
        )
        agent = self._get_told_agent()
        if rows and agent:
            words = self.with_context(lang=agent.lang).env
            self.message_notify(
                partner_ids=agent.partner_id.ids,
                subject=words._("%s looks at the owner's page", owner.name),
                body=words._(
                    "%(owner)s has just opened the page of %(property)s.",
                    owner=owner.name,
                    property=self.name,
                ),
            )

    def _ask_from_owner_page(self, owner, question):
        """Make a task of what the owner asks.

        :raises UserError: for an empty text, and when he asked too often today
        """
        self.ensure_one()
        question = (question or "").strip()[:MOST_SIGNS]
        if not question:
            raise UserError(self.env._("Please write what you would like to know."))
        kind = self.env.ref(TASK)
        asked = self.activity_ids.filtered(
            lambda task: task.activity_type_id == kind
            and task.create_date >= fields.Datetime.now() - timedelta(days=1)
        )
        if len(asked) >= MOST_QUESTIONS:
            raise UserError(
                self.env._("We have your questions of today and will answer them soon.")
            )
        agent = self._get_told_agent() or self.env.ref("base.user_admin")
        self.activity_schedule(
            TASK,
            user_id=agent.id,
            summary=self.env._("Question of %s", owner.name),
            note=plaintext2html(question),
        )

    def _get_told_agent(self):
        return self.agent_id.filtered("active") or self.team_id.user_id

    # === ACTIONS ===

    def action_open_owner_page(self):
        """Open the page as its owner sees it; with several owners the first one's."""
        self.ensure_one()
        owner = self.owner_ids[:1]
        if not owner:
            raise UserError(
                self.env._(
                    "%s has no owner yet who could follow it. Add the owner first.",
                    self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": self._get_owner_page_url(owner),
            "target": "new",
        }
