"""Recorded decisions once more, by changed rules: what would have come of them."""

from collections import Counter

from ...tools import distribution
from .dispatch_desk import AWAY, JUST_HAD_IT, DispatchDesk
from .dispatch_run import DispatchRun

# How a lead was given by an engine that can decide once more.
REPLAYED = {"rule", "last_resort", "pool", "announce", "property_agent"}
# Who had the lead before, and did not get it again.
HAD_IT = {JUST_HAD_IT, "lease_over", "alert_unseen"}
# What was true of a person at that moment only; the decision remembers it.
OF_THE_MOMENT = AWAY | {"paused", "not_at_work"}


class ReplayDesk(DispatchDesk):
    """A desk where nobody is absent but who was absent when a lead came."""

    def _gather_absent(self, members, now):
        codes = {
            key: code
            for key, code in self.obstacles.items()
            if key in set(members.user_id.ids) and code not in OF_THE_MOMENT
        }
        archived = members.user_id - members.filtered("active").user_id
        return codes | dict.fromkeys(archived.ids, "archived")


class ReplayRun(DispatchRun):
    """Decides once more what was decided, in that order, and writes nothing.

    What each person has got and has open begins equal, with nothing; a lead is open
    until it was closed or given away again. Who was absent then is taken from the
    decision, or from the leaves when it does not name him.

    :param rows: `estate.dispatch.decision` of one step
    :param rules: see `DispatchRun`
    :param now: naive UTC
    """

    desk_class = ReplayDesk

    def __init__(self, rows, step, rules, now):
        rows = rows.sorted(lambda row: (row.decided_at, row.id))
        self.problems = Counter()
        self.rows = rows.filtered(self._can_be_replayed)
        self._ends = self._gather_ends()
        super().__init__(self.rows.lead_id, step, now, rules=rules)

    def _can_be_replayed(self, row):
        problem = self._get_problem(row)
        if problem:
            self.problems[problem] += 1
        return not problem

    def _get_problem(self, row):
        """Return the code of why a decision cannot be made once more."""
        if not row.lead_id:
            return "lead_gone"
        if not row.lead_id.lead_role:
            return "no_estate_lead"
        if (row.reasons or {}).get("how") not in REPLAYED:
            return "not_by_rules"
        return ""

    # === GATHER ===

    def _gather_ends(self):
        """Return decision id -> when its lead was open no more with that person."""
        ends, following = {}, {}
        for row in reversed(self.rows):
            lead = row.lead_id
            closed = lead.won_status != "pending" and (
                lead.date_closed or lead.date_last_stage_update
            )
            ends[row.id] = following.get(lead.id) or closed or None
            following[lead.id] = row.decided_at
        return ends

    def _gather(self):
        super()._gather()
        members = self.get_rules().team_id.crm_team_member_all_ids
        moments = self.rows.mapped("decided_at")
        self._leaves = (
            members._get_leaves(members.user_id, min(moments), max(moments))
            if moments
            else []
        )

    def _gather_loads(self, people):
        return distribution.Loads()

    def _gather_shares(self, rules):
        return {}

    # === DECIDE ===

    def decide(self):
        """Return a list of (decision that was made, `Decision` made now)."""
        self._gather()
        rules = self._get_rule_of_leads()
        result = []
        for row in self.rows:
            self._row = row
            # Who closed something by then has room for more.
            self.loads.release(row.decided_at)
            left_out = row.reasons.get("left_out", {})
            excluded = [int(k) for k, code in left_out.items() if code in HAD_IT]
            lead = row.lead_id
            result.append((row, self._decide_one(lead, rules[lead.id], excluded)))
        return result

    def _find_person(self, lead, rule, excluded):
        row = self._row
        if row.reasons["how"] == "property_agent":
            # He came before the rules, and would again.
            self.loads.add(row.user_id.id, self._ends[row.id])
            return row.user_id.id or (), {"how": "property_agent"}
        if not rule:
            return (), {"how": "pool"}
        return self.desks[rule].give(
            lead,
            self._get_goods(lead),
            row.decided_at,
            excluded=excluded,
            absent=self._get_absent(row),
            until=self._ends[row.id],
        )

    def _get_absent(self, row):
        """Return user id as text -> why he was not there when the lead came."""
        named = {str(key) for key in row.reasons.get("considered", ())}
        named |= set(row.reasons.get("left_out", {}))
        absent = {
            str(user_id): "on_leave"
            for user_id, start, stop in self._leaves
            if start <= row.decided_at < stop and str(user_id) not in named
        }
        return absent | {
            key: code
            for key, code in row.reasons.get("left_out", {}).items()
            if code in OF_THE_MOMENT
        }

    def save_memory(self):
        """Nothing: a replay leaves no trace."""
