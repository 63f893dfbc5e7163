from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .res_partner import ESTATE_KINDS

# Contacts that are made ours, or given back, in one step.
BATCH = 500
IF_MISSING = [
    ("leave", "Leave them as they are"),
    ("draft", "Make them draft clients"),
]


class ContactRun(models.Model):
    """Existing contacts became ours, all at once: which ones, and by whom."""

    _name = "estate.contact.run"
    _description = "Existing contacts made clients"
    _order = "id desc"
    _rec_name = "kind"

    user_id = fields.Many2one(
        "res.users",
        "Started by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    kind = fields.Selection(ESTATE_KINDS, "Contact kind", required=True, readonly=True)
    domain = fields.Char("Filter", required=True, readonly=True)
    if_missing = fields.Selection(
        IF_MISSING, "Contacts without required data", required=True, readonly=True
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("undoing", "Being undone"),
            ("undone", "Undone"),
        ],
        required=True,
        default="running",
        readonly=True,
    )
    line_ids = fields.One2many("estate.contact.run.line", "run_id", readonly=True)
    total_count = fields.Integer("Contacts", readonly=True)
    done_count = fields.Integer("Made clients", readonly=True)
    left_out_count = fields.Integer("Left out", readonly=True)
    undone_count = fields.Integer("Given back", readonly=True)
    failed_count = fields.Integer("Failed", readonly=True)
    progress = fields.Integer(compute="_compute_progress")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )

    @api.depends("total_count", "done_count", "left_out_count", "failed_count")
    def _compute_progress(self):
        for run in self:
            worked = run.done_count + run.left_out_count + run.failed_count
            run.progress = 100 * worked // run.total_count if run.total_count else 100

    @api.depends("kind", "create_date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            day = fields.Date.to_string(run.create_date) or ""
            run.display_name = f"{kinds.get(run.kind, '')} {day}".strip()

    # === START ===

    @api.model
    def _get_candidates_domain(self, domain):
        """Return the domain of contacts that a filter means and that are not ours.

        :param str domain: as the domain editor writes it
        :raises UserError: when it is no list of conditions
        """
        try:
            chosen = Domain(literal_eval(domain or "[]"))
        except (ValueError, SyntaxError, TypeError) as error:
            raise UserError(
                self.env._(
                    "The filter cannot be read. Choose its conditions once more, with "
                    "fixed values."
                )
            ) from error
        # sudo: res.company - an own company is no client, also one not shown
        # All of them: an agency has a few.
        own = self.env["res.company"].sudo()
        own = own.search([])  # pylint: disable=no-search-all
        return (
            chosen
            & Domain("estate_kind", "=", False)
            & Domain("partner_share", "=", True)
            & Domain("type", "=", "contact")
            & Domain("company_id", "in", (False, self.env.company.id))
            & Domain("id", "not in", own.partner_id.ids)
        )

    def _start(self):
        """Note the contacts that are meant, with the rights of the user; work some."""
        self.ensure_one()
        domain = self._get_candidates_domain(self.domain)
        contacts = self.env["res.partner"]._search(domain)
        lines = self.env["estate.contact.run.line"]
        lines.flush_model()
        # Raw SQL: rows of our own, a hundred thousand of them in one statement; the
        # rules of the user are part of the query.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO estate_contact_run_line
                    (run_id, partner_id, company_id, state)
                SELECT %s, id, %s, 'waiting' FROM res_partner WHERE id IN %s
                """,
                self.id,
                self.company_id.id,
                contacts.subselect(),
            )
        )
        count = self.env.cr.rowcount
        lines.invalidate_model()
        self.invalidate_recordset(["line_ids"])
        # sudo: estate.contact.run - counts, which users do not write
        self.sudo().total_count = count
        self._work_batch()
        if self.state == "running":
            self._wake_job()

    def _wake_job(self):
        job = self.env.ref("crm_real_estate.ir_cron_work_contact_runs")
        # sudo: ir.cron - it only does what the user was allowed to start
        job.sudo()._trigger()

    # === WORK ===

    @api.model
    def _cron_work_runs(self):
        """Work off what people started, batch by batch."""
        cron = self.env["ir.cron"]
        runs = self.search([("state", "in", ("running", "undoing"))], order="id")
        cron._commit_progress(remaining=len(runs))
        for run in runs:
            while run.state in ("running", "undoing"):
                run._work_batch()
                if not cron._commit_progress(int(run.state in ("done", "undone"))):
                    return

    def _work_batch(self):
        """Make the next contacts ours, or give them back; the last batch ends it."""
        if self.state not in ("running", "undoing"):
            return
        # sudo: res.partner, estate.contact.run - the contacts were chosen with the
        # rights of who started it
        run = self.sudo().with_company(self.company_id)
        run = run.with_context(lang=run.user_id.lang)
        undoing = run.state == "undoing"
        wanted = "done" if undoing else "waiting"
        lines = run.line_ids.search(
            [("run_id", "=", run.id), ("state", "=", wanted)], limit=BATCH, order="id"
        )
        if undoing:
            lines._work(lambda some: some._give_back())
        else:
            is_draft_allowed = run.if_missing == "draft"
            lines._work(lambda some: some._make_ours(run.kind, is_draft_allowed))
        counts = dict(
            lines._read_group([("run_id", "=", run.id)], ["state"], ["__count"])
        )
        run.write(
            {
                "done_count": counts.get("done", 0),
                "left_out_count": counts.get("left_out", 0),
                "undone_count": counts.get("undone", 0),
                "failed_count": len(run._find_failed(undoing)),
            }
        )
        if not counts.get(wanted):
            run.state = "undone" if undoing else "done"

    def action_undo(self):
        """Give the contacts back that nothing has happened with since."""
        self._begin("done", "undoing")

    def action_retry(self):
        """Try the contacts once more that failed."""
        self._begin("done", "running")
        self._begin("undone", "undoing")

    def _begin(self, ended, state):
        """Work those of these runs that are over in the state `ended` once more."""
        # Whoever sees runs may start and undo them.
        self.check_access("read")
        # sudo: estate.contact.run, its lines - their states, which users do not write
        runs = self.sudo().filtered(lambda run: run.state == ended)
        runs.state = state
        undoing = state == "undoing"
        runs._find_failed(undoing).state = "done" if undoing else "waiting"
        for run in runs:
            run._work_batch()
        if state in runs.mapped("state"):
            runs._wake_job()

    def _find_failed(self, undoing):
        """Return the lines that failed when they were given back, or made ours."""
        return self.line_ids.search(
            [
                ("run_id", "in", self.ids),
                ("state", "=", "failed"),
                # Who was to be given back had become something.
                ("kind", "!=" if undoing else "=", False),
            ]
        )

    def action_open_contacts(self):
        """Open the contacts that this run made ours."""
        self.ensure_one()
        done = self.line_ids.filtered(lambda line: line.state == "done")
        return done.partner_id._get_records_action(name=self.env._("Contacts"))
