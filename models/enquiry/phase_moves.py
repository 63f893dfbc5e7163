"""Every move between phases stands once in the journal, with its cause."""

from .. import inner

# Why a lead moved; the journal tells it in words.
CAUSES = {
    "person": "by hand",
    "journal": "by an entry of the journal",
    "rule": "by a rule",
    "office": "because the office changed",
    "deal": "because the deal changed",
    "restore": "because it was restored",
    "merge": "because leads were merged",
    "source": "because the source withdrew the listing or offers it again",
}
# Values that a caller moves a lead by; any other move is caused by a compute.
MOVING_FIELDS = {"stage_id", "active", "probability"}


class PhaseMoves:
    """The moves that one write of leads causes.

    A rule may move a lead again before the write that set it off is over. It then tells
    the outer move first, so each stands once and in its order. `moved` holds the leads
    that entered another phase, `restarted` those that began anew in another pipeline.
    """

    def __init__(self, leads, vals):
        """Remember where leads stand before they are written.

        :param leads: `crm.lead`, with user and context of the write
        :param dict vals: values of the write
        """
        self.leads = leads
        self.vals = vals
        self.moved = self.restarted = leads.browse()
        self._before = {lead.id: lead.stage_id for lead in leads}

    def __enter__(self):
        self._under_way = self.leads.env.cr.precommit.data.setdefault(
            "estate_moves", []
        )
        for outer in self._under_way:
            outer.tell(self.leads)
        self._under_way.append(self)
        return self

    def __exit__(self, kind, error, trace):
        self._under_way.remove(self)
        if kind is None:
            self.tell(self.leads)
            for outer in self._under_way:
                outer.catch_up(self.leads)

    def tell(self, leads):
        """Write the moves of those of `leads` that are being written to the journal."""
        moved = (self.leads & leads).filtered(
            lambda lead: lead.lead_role and lead.stage_id != self._before[lead.id]
        )
        if not moved:
            return
        self.moved |= moved
        cause, caused_by = self._get_declared_cause()
        moved.env["estate.interaction"]._write_journal(
            [
                {
                    **self._prepare_journal_vals(lead),
                    "cause": cause or self._get_cause(lead),
                    "caused_by_id": caused_by.get(lead.id),
                }
                for lead in moved
            ]
        )
        self.restarted |= moved.filtered(
            lambda lead: (
                lead.pipeline != self._before[lead.id].pipeline
                and lead.won_status == "pending"
            )
        )
        self.catch_up(moved)

    def catch_up(self, leads):
        """The moves of `leads` up to now are told."""
        for lead in leads:
            if lead.id in self._before:
                self._before[lead.id] = lead.stage_id

    def _prepare_journal_vals(self, lead):
        old, new = self._before[lead.id], lead.stage_id
        return {
            "type": "phase_move",
            "lead_id": lead.id,
            "summary": lead.env._(
                "From %(old)s to %(new)s", old=old.display_name, new=new.display_name
            ),
            "phase_from": old.pipeline and f"{old.pipeline}/{old.phase_number}",
            "phase_to": f"{new.pipeline}/{new.phase_number}",
        }

    def _get_declared_cause(self):
        """Return the cause that `_move_to_phase` named, and lead id -> row id."""
        nothing = (None, "", ())
        stage_id, cause, row_ids = inner.hear(self.leads.env, "move", nothing)
        if self.vals.get("stage_id") != stage_id:
            return "", {}
        # sudo: estate.interaction - the rows that caused the moves, whoever sees them
        rows = self.leads.env["estate.interaction"].sudo().browse(row_ids)
        return cause, {row.lead_id.id: row.id for row in rows}

    def _get_cause(self, lead):
        """Return the key of `CAUSES` of a move that nobody declared."""
        old = self._before[lead.id]
        if not MOVING_FIELDS & set(self.vals):
            return "office" if old.pipeline == lead.pipeline else "deal"
        if old.is_cancellation:
            return "restore"
        if inner.hear(lead.env, "automatic"):
            return "rule"
        return "merge" if inner.hear(lead.env, "merging") else "person"
