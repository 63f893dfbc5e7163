from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import clock
from ..groups import MEMBERS

# A row told later than so long after it happened is marked in the report.
TOLD_AT_ONCE = timedelta(minutes=15)


def _make_minutes(label, **attributes):
    """Return the field of a duration that is fixed with the response."""
    return fields.Float(
        label,
        digits=False,
        readonly=True,
        copy=False,
        aggregator="avg",
        groups=MEMBERS,
        **attributes,
    )


class LeadResponse(models.AbstractModel):
    """How long a seeker waited for the first answer to his enquiry."""

    _name = "estate.lead.response.mixin"
    _description = "Lead: response clock"

    response_start_at = fields.Datetime(
        "Clock starts",
        compute="_compute_response_start_at",
        store=True,
        copy=False,
        groups=MEMBERS,
        help="When the enquiry came in, or the next opening of the office.",
    )
    first_response_id = fields.Many2one(
        "estate.interaction",
        "First answer",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups=MEMBERS,
    )
    first_response_at = fields.Datetime(
        "Answered on", readonly=True, copy=False, index="btree_not_null", groups=MEMBERS
    )
    first_response_by = fields.Many2one(
        "res.users", "Answered by", readonly=True, copy=False, groups=MEMBERS
    )
    response_entered_later = fields.Boolean(
        "Entered later",
        readonly=True,
        copy=False,
        groups=MEMBERS,
        help="The answer was told more than 15 minutes after it happened.",
    )
    response_minutes = _make_minutes(
        "Minutes to the answer",
        help="From the start of the clock to the first answer of a person.",
    )
    response_working_minutes = _make_minutes(
        "Working minutes to the answer",
        help="Open time of the office between the start of the clock and the answer.",
    )
    response_unrouted_minutes = _make_minutes(
        "Minutes unrouted", help="Open time until somebody was responsible."
    )
    response_unseen_minutes = _make_minutes(
        "Minutes unseen", help="Open time from there until that person saw it."
    )
    response_undone_minutes = _make_minutes(
        "Minutes not done", help="Open time from there to the answer."
    )
    response_outside_minutes = _make_minutes(
        "Minutes outside hours", help="Time at which the office was closed."
    )

    # === THE START ===

    @api.depends("received_at", "lead_role", "team_id", "company_id")
    def _compute_response_start_at(self):
        timed = self._get_timed()
        # What a response has fixed stays.
        (self - timed).filtered("response_start_at").response_start_at = False
        running = timed.filtered(lambda lead: not lead.first_response_at)
        for leads, hours in running._iter_hours():
            for lead in leads:
                lead.response_start_at = clock.get_start(hours, lead.received_at)

    def _get_timed(self):
        """Return those of `self` on which the clock runs, or ran."""
        return self.filtered(
            lambda lead: lead.lead_role == "seeker" and lead.received_at
        )

    def _iter_hours(self, moments=None):
        """Yield (leads, hours) of each office; `self` were all received.

        :param dict moments: lead -> latest moment that matters, received if missing
        """
        moments = moments or {}
        offices = self.grouped(
            lambda lead: (lead.team_id, lead.company_id or self.env.company)
        )
        for (team, company), leads in offices.items():
            first = min(leads.mapped("received_at"))
            last = max(moments.get(lead, lead.received_at) for lead in leads)
            yield leads, self.env["estate.clock"]._get_hours(team, company, first, last)

    # === THE RESPONSE ===

    def _renew_response(self):
        """Find the first answer to these leads and fix what it took, or reopen."""
        # sudo: crm.lead, estate.interaction - facts, which users do not write; whoever
        # answers stops the clock
        leads = self.sudo()._get_timed()
        answers = leads._find_first_answers()
        seen = leads._get_seen_at()
        moments = {lead: row.occurred_at for lead, row in answers.items()}
        for group, hours in leads._iter_hours(moments):
            for lead in group:
                row = answers.get(lead)
                vals = lead._prepare_response_vals(row, hours, seen.get(lead))
                lead._write_response(vals)

    def _write_response(self, vals):
        # Of a linked record the id is compared.
        kept = {name: getattr(self[name], "id", self[name]) for name in vals}
        if kept != vals:
            self.write(vals)

    def _find_first_answers(self):
        """Return lead -> its first valid answer by a person; unanswered are missing."""
        # The first by when it happened, whenever it was told.
        rows = self.env["estate.interaction"].search_fetch(
            self._get_answer_domain(),
            ["lead_id", "user_id", "occurred_at", "create_date"],
            order="occurred_at, id",
        )
        answers = {}
        for row in rows:
            lead = row.lead_id
            if lead not in answers and row._answers_since(lead.received_at):
                answers[lead] = row
        return answers

    def _get_answer_domain(self):
        journal = self.env["estate.interaction"]
        return (
            Domain("lead_id", "in", self.ids)
            & Domain("type_id.is_response", "=", True)
            & Domain("is_automatic", "=", False)
            & journal._get_valid_domain()
        )

    def _prepare_response_vals(self, row, hours, seen_at):
        """Return the values of the response `row`, those of an open clock without it.

        :param hours: `tools.clock.Hours`
        :param seen_at: when the responsible person saw the lead, None when unknown
        """
        if not row:
            took = None
        else:
            took = clock.measure(
                hours, self.received_at, row.occurred_at, self.date_open, seen_at
            )
        told_after = row.create_date - row.occurred_at if row else TOLD_AT_ONCE
        return {
            "response_start_at": clock.get_start(hours, self.received_at),
            "first_response_id": row.id if row else False,
            "first_response_at": row.occurred_at if row else False,
            "first_response_by": row.user_id.id if row else False,
            "response_entered_later": told_after > TOLD_AT_ONCE,
            "response_minutes": took.minutes if took else 0.0,
            "response_working_minutes": took.working_minutes if took else 0.0,
            "response_unrouted_minutes": took.unrouted if took else 0.0,
            "response_unseen_minutes": took.unseen if took else 0.0,
            "response_undone_minutes": took.undone if took else 0.0,
            "response_outside_minutes": took.outside if took else 0.0,
        }

    def _get_seen_at(self):
        """Return lead -> when the responsible person saw it first, as far as known.

        Later rooms, which show leads to people, add what they know.
        """
        return {}

    # === HOOKS ANSWERED ===

    def _on_leads_merged(self, leads):
        super()._on_leads_merged(leads)
        self._renew_response()
