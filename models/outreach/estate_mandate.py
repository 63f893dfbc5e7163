from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from .. import inner

TASK = "crm_real_estate.mail_activity_type_owner_news"
BATCH = 50
# Days before a promise breaks on which the agent is told.
WARNING_DAYS = 1
# Of these properties an owner expects to hear.
OFFERED = ("acquisition", "on_market", "reserved")


class Mandate(models.Model):
    """The promise of news that comes with a mandate, and whether it is kept."""

    _name = "estate.mandate"
    _inherit = ["estate.mandate", "estate.retry.mixin"]

    last_news_on = fields.Date(
        "Last news",
        compute="_compute_news",
        help="The day of the last event that the owner is told of.",
    )
    news_due_on = fields.Date("News due on", compute="_compute_news")
    is_silent = fields.Boolean(
        compute="_compute_news",
        search="_search_is_silent",
        help="The owner has heard nothing for longer than he was promised.",
    )
    warned_about = fields.Date(
        readonly=True,
        copy=False,
        help="The last news that the agent's task was about: one task a silence.",
    )

    # === COMPUTE ===

    @api.depends("property_id", "date_start", "news_every_days")
    def _compute_news(self):
        latest = self._get_last_news()
        for mandate in self:
            company = mandate.company_id
            last, due = company._get_news_dates(
                latest.get(mandate.property_id),
                mandate.date_start,
                mandate.news_every_days,
            )
            mandate.last_news_on, mandate.news_due_on = last, due
            mandate.is_silent = (
                mandate._awaits_news() and due and due < company._get_report_day()
            )

    @api.model
    def _read_awaiting(self, domain):
        """Return the dates of news of the mandates that await some, by one statement.

        :return: list of (id, name of the property, last news, news due, is silent)
        """
        query = self._search(self._get_awaiting_domain() & domain)

        def column(name):
            return self._field_to_sql(self._table, name, query)

        prop = column("property_id")
        # Raw SQL: what `_search` lets through.
        rows = self.env.execute_query(
            query.select(
                *(column("id"), column("company_id"), column("date_start")),
                column("news_every_days"),
                SQL(
                    "(SELECT name FROM estate_property WHERE id = %s)",
                    prop,
                    to_flush=self.env["estate.property"]._fields["name"],
                ),
                self._build_last_news(prop),
            )
        )
        found = []
        for mandate_id, company_id, started, every, name, moment in rows:
            company = self.env["res.company"].browse(company_id)
            last, due = company._get_news_dates(moment, started, every)
            is_silent = bool(due) and due < company._get_report_day()
            found.append((mandate_id, name, last, due, is_silent))
        return found

    @api.model
    def _build_last_news(self, prop):
        """Return the statement of the last news about a property (SQL)."""
        # sudo: estate.interaction - what colleagues did is news, too
        journal = self.env["estate.interaction"].sudo()
        query = journal._search(journal._get_news_domain())
        about, moment = (
            journal._field_to_sql(journal._table, name, query)
            for name in ("property_id", "occurred_at")
        )
        query.add_where(SQL("%s = %s", about, prop))
        return SQL("(%s)", query.select(SQL("MAX(%s)", moment)))

    def _get_last_news(self):
        """Return when each property of these had its last event an owner is told of."""
        # sudo: estate.interaction - what colleagues did is news, too
        journal = self.env["estate.interaction"].sudo()
        return {
            prop.with_env(self.env): moment
            for prop, moment in journal._read_group(
                Domain("property_id", "in", self.property_id.ids)
                & journal._get_news_domain(),
                ["property_id"],
                ["occurred_at:max"],
            )
        }

    def _awaits_news(self):
        self.ensure_one()
        return self.state == "running" and self.property_id.state in OFFERED

    @api.model
    def _get_awaiting_domain(self):
        return Domain("state", "in", ["running"]) & Domain(
            "property_id.state", "in", OFFERED
        )

    @api.model
    def _search_is_silent(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Two queries for all mandates that run: there are as many as properties.
        silent = self.search(self._get_awaiting_domain()).filtered("is_silent")
        return [("id", "in" if True in value else "not in", silent.ids)]

    # === ACTIONS ===

    def action_draft_news(self):
        """Open the draft that tells the owner what is new; one is made if need be."""
        self.ensure_one()
        self.check_access("write")
        reports = self._draft_news()[self].with_env(self.env)
        # It was drafted beyond the rights of the user: he may open his own alone.
        reports.check_access("write")
        return reports._get_records_action(name=self.env._("News for the owner"))

    # === THE ALARM ===

    @api.model
    def _cron_warn_of_silence(self):
        """Give agents a task, with a draft to send, before a promise breaks.

        What a mandate was warned of is written with the task: a job that runs twice, or
        was killed, gives one task for one silence.
        """
        progress = self.env["ir.cron"]._commit_progress
        awaiting = self.search(self._get_awaiting_domain())
        due = awaiting.filtered(lambda mandate: mandate._is_soon_silent())
        progress(remaining=len(due))
        while taken := self._take(Domain("id", "in", due.ids), BATCH):
            # A rival may have warned of them while we came here.
            taken.invalidate_recordset()
            soon = taken.filtered(lambda mandate: mandate._is_soon_silent())
            soon._try(lambda mandates: mandates._warn_of_silence())
            due -= taken
            if not progress(len(taken)):
                return

    def _is_soon_silent(self):
        self.ensure_one()
        warning_day = self.news_due_on - timedelta(days=WARNING_DAYS)
        return (
            self._awaits_news()
            and warning_day <= self.company_id._get_report_day()
            and self.warned_about != self.last_news_on
        )

    def _warn_of_silence(self):
        """Make the draft and the task of each of these mandates."""
        drafts = self._draft_news()
        for mandate in self:
            agent = mandate.agent_id or mandate.property_id.agent_id
            agent = agent.filtered("active") or mandate.property_id.team_id.user_id
            mandate.property_id.activity_schedule(
                TASK,
                date_deadline=mandate.news_due_on,
                user_id=(agent or self.env.user).id,
                summary=self.env._("News for the owner"),
                note=self.env["ir.qweb"]._render(
                    "crm_real_estate.silence_task_note",
                    {"mandate": mandate, "reports": drafts[mandate]},
                ),
            )
            mandate.warned_about = mandate.last_news_on

    def _draft_news(self):
        """Return a draft about what happened since the last report: mandate -> drafts.

        A draft that is open already is the one to send.
        """
        # sudo: estate.activity.report - the job drafts for whoever is responsible
        reports = self.env["estate.activity.report"].sudo()
        opened = reports.search(
            [
                ("state", "=", "draft"),
                ("audience", "=", "vendor"),
                ("property_ids", "in", self.property_id.ids),
            ]
        )
        drafts, vals_list = {}, []
        for mandate in self:
            drafts[mandate] = opened.filtered(
                lambda report, mandate=mandate: mandate.property_id
                in report.property_ids
            )
            if not drafts[mandate]:
                vals_list += mandate._prepare_drafts()
        fresh = inner.say(reports, fill_later=True).create(vals_list)
        fresh._fill_lines()
        for mandate in self:
            drafts[mandate] |= fresh.filtered(
                lambda report, mandate=mandate: mandate.property_id
                in report.property_ids
            )
        return drafts

    def _prepare_drafts(self):
        self.ensure_one()
        today = self.company_id._get_report_day()
        return [
            {
                "partner_id": owner.id,
                "company_id": self.company_id.id,
                "property_ids": [Command.set(self.property_id.ids)],
                "date_from": min(self.last_news_on, today),
                "date_to": today,
            }
            for owner in self.owner_ids or self.property_id.owner_ids
        ]
