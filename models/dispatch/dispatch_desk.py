"""Where one rule gives its leads away: people, criteria and the memory of the rule."""

from ast import literal_eval
from collections import defaultdict

from ...tools import distribution, suitability

JUST_HAD_IT = "just_had_it"
# Why somebody is away; no reason to keep a lead from the last resort.
AWAY = {"out_of_office", "on_leave"}


class DispatchDesk:
    """Decides by one rule; remembers, and writes nothing until `save`.

    :param rule: `estate.dispatch.rule`
    :param leads: the leads that `rule` matched
    :param now: naive UTC
    :param dict obstacles: user id -> why he cannot be given a lead of the company
    :param shares: the `estate.dispatch.share` rows of `rule`
    :param loads: `tools.distribution.Loads` of the run
    """

    def __init__(self, rule, leads, now, obstacles, shares, loads):
        self.rule, self.obstacles, self.shares = rule, obstacles, shares
        members = rule.team_id.crm_team_member_all_ids
        self.static = self._gather_static(members, now)
        self.members = members.filtered(
            lambda member: member.active and member.user_id.id not in self.static
        )
        self._suitability = suitability.Suitability(self.members._gather_criteria())
        self._refused = self._gather_refused(leads)
        self._book = self._open_book(loads)
        self._left_out = {}
        self._given = defaultdict(list)

    # === GATHER ===

    def _gather_static(self, members, now):
        """Return user id -> why he gets no lead of this run, whatever it is about."""
        codes = self._gather_absent(members, now)
        if self.rule.strategy == "weighted":
            active = members.filtered(lambda member: member.active)
            weightless = active.filtered(lambda member: not member.dispatch_weight)
            codes = dict.fromkeys(weightless.user_id.ids, "no_weight") | codes
        return codes

    def _gather_absent(self, members, now):
        people = members.user_id
        codes = members._get_pauses()
        codes |= {
            key: self.obstacles[key] for key in people.ids if key in self.obstacles
        }
        if self.rule.only_at_work:
            codes = members._get_users_not_at_work(people, now) | codes
        return codes

    def _gather_refused(self, leads):
        """Return lead id -> users whose own filter in Odoo does not take the lead."""
        refused = defaultdict(set)
        filters = self.members.grouped(lambda member: member.assignment_domain or "[]")
        for text, members in filters.items():
            if domain := literal_eval(text):
                for lead in leads - leads.filtered_domain(domain):
                    refused[lead.id].update(members.user_id.ids)
        return {key: frozenset(users) for key, users in refused.items()}

    def _open_book(self, loads):
        limits, memory = self.members._gather_limits(), self.shares._gather_memory()
        strategy = self.rule.strategy
        return distribution.Book(
            # An announced lead has no turn: nobody is chosen.
            "even" if strategy == "announce" else strategy,
            self.shares._get_candidates(limits, memory),
            seed=self.rule._draw_seed() if strategy == "random" else 0,
            loads=loads,
            valued=self.shares._gather_valued(),
        )

    # === DECIDE ===

    def give(self, lead, goods, now, *, excluded=(), absent=None, until=None):
        """Choose who gets a lead, and remember his turn.

        :param goods: `tools.suitability.Goods`
        :param excluded: ids of users who do not get it now
        :param dict absent: user id as text -> why he was left out before the rule
        :param until: when the lead is open no more, None for not known
        :return: (user id, or () for the pool; reasons)
        """
        keys, left_out = self._find_suitable(lead, goods)
        if excluded or absent:
            codes = (absent or {}) | dict.fromkeys(map(str, excluded), JUST_HAD_IT)
            keys = tuple(key for key in keys if str(key) not in codes)
            left_out = left_out | codes
        if self.rule.strategy == "announce":
            considered, full = self._book.order(keys)
            choice = distribution.Choice(lead.id, None, considered, full=full)
        else:
            value = max(lead.expected_revenue, 0.0)
            choice = self._book.give(lead.id, keys, now=now, value=value, until=until)
            self._given[choice.candidate].append(value)
        return self._explain(choice, left_out, excluded)

    def _find_suitable(self, lead, goods):
        """Return (ids of who fits, dict user id as text -> why not); do not change it.

        Leads that look alike share the answer.
        """
        refused = self._refused.get(lead.id, frozenset())
        signature = (self._suitability.get_signature(goods), refused)
        if signature not in self._left_out:
            keys, misfits = self._suitability.find(goods)
            codes = self.static | dict.fromkeys(refused, "own_filter") | misfits
            self._left_out[signature] = (
                tuple(key for key in keys if key not in refused),
                {str(key): code for key, code in sorted(codes.items())},
            )
        return self._left_out[signature]

    def _explain(self, choice, left_out, excluded):
        """Return (user id or (), reasons)."""
        if choice.full:
            left_out = left_out | {str(key): "full" for key, _count in choice.full}
        user_id, how = choice.candidate, "rule"
        if not user_id:
            user_id, how, obstacle = self._fall_back(choice, excluded)
            left_out = left_out | obstacle
        reasons = {
            "how": how,
            "strategy": self.rule.strategy,
            "considered": list(choice.considered),
            "left_out": left_out,
        }
        return user_id or (), reasons | self._tell_figures(choice)

    def _fall_back(self, choice, excluded):
        """Return (user id or False, how, why the last resort does not get it)."""
        if self.rule.strategy == "announce" and choice.considered:
            return False, "announce", {}
        user_id, obstacle = self._get_last_resort(excluded)
        return user_id, "last_resort" if user_id else self._get_pool(), obstacle

    def _tell_figures(self, choice):
        """Return the figures that decided, as they stand in the reasons."""
        told = {}
        if choice.figures:
            told["figures"] = [
                [round(figure, 6), last_at and str(last_at)]
                for figure, last_at in choice.figures
            ]
        if choice.full:
            told["open"] = {str(key): count for key, count in choice.full}
        if self.rule.strategy == "weighted":
            told["value"] = choice.value
        if self.rule.strategy == "random":
            told["seed"] = self._book.seed
        return told

    def _get_pool(self):
        return "announce" if self.rule.strategy == "announce" else "pool"

    def _get_last_resort(self, excluded):
        """Return the last resort, and why not: absence is no reason, rights are."""
        user_id = self.rule.last_resort_id.id
        if not user_id:
            return False, {}
        code = self.obstacles.get(user_id)
        if user_id in excluded:
            code = JUST_HAD_IT
        if code in AWAY or not code:
            return user_id, {}
        return False, {str(user_id): code}

    # === APPLY ===

    def save(self):
        """Remember whose turn it was."""
        candidates = {key: self._book.memory[key] for key in self._book.changed}
        self.shares._save(self.rule, self.shares, candidates, self._given)
