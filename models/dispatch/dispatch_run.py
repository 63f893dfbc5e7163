"""One pass over a batch of leads: gathers facts, asks the engine, writes nothing."""

from typing import Any, NamedTuple

from ...tools import distribution, suitability
from .dispatch_desk import JUST_HAD_IT, DispatchDesk

LEAD_FIELDS = (
    *("property_id", "company_id", "deal_type", "lead_role", "expected_revenue"),
    *("user_id", "team_id", "won_status"),
)
PROPERTY_FIELDS = (
    *("territory_ids", "type_id", "deal_type", "usage", "segment", "market"),
    *("liquidity", "price", "currency_id", "company_id", "agent_id"),
)


class Decision(NamedTuple):
    """Who gets a lead and why; an empty user is the pool.

    `rule` is the one that matched, also when the property's agent came before it.
    """

    lead: Any
    user: Any
    rule: Any
    reasons: dict


class DispatchRun:
    """Decides for leads of one step, in the order they came in.

    :param leads: `crm.lead`, with the rights to read all that decides
    :param str step: first_call, agent or enquiry
    :param now: naive UTC
    :param dict exclude: lead id -> ids of users who do not get it now
    :param rules: `estate.dispatch.rule` to go by, in order; the active ones without it
    """

    desk_class = DispatchDesk

    def __init__(self, leads, step, now, exclude=None, rules=None):
        self.env = leads.env
        self.leads = leads.sorted("id")
        self.step, self.now, self.exclude = step, now, exclude or {}
        if rules is None:
            rules = self.env["estate.dispatch.rule"].search([("step", "=", step)])
        self._prefetch()
        self.companies = {
            lead.id: company
            for company, mine in self.leads.grouped(
                lambda lead: lead._get_dispatch_company()
            ).items()
            for lead in mine
        }
        self.matched = rules._match(self.leads, self.companies)
        self.desks = {}

    def get_rules(self):
        """Return the rules that match a lead."""
        return self.env["estate.dispatch.rule"].union(*self.matched)

    # === GATHER ===

    def _prefetch(self):
        # One query for each kind of fact, and no column that nobody asks for.
        real = self.leads.filtered("id")
        real.fetch(LEAD_FIELDS)
        real.property_id.fetch(PROPERTY_FIELDS)

    def _gather(self):
        """Gather people and what they have, and open a desk for each rule."""
        rules = self.get_rules()
        members = rules.team_id.crm_team_member_all_ids
        agents = self.env["res.users"]
        if self.step != "first_call":
            agents = self.leads.property_id.agent_id
        people = members.user_id | rules.last_resort_id | agents
        self.obstacles = self._gather_obstacles(members, people)
        paused = members._get_paused_everywhere(agents)
        self.agent_obstacles = {
            company: paused | obstacles for company, obstacles in self.obstacles.items()
        }
        self.loads = self._gather_loads(people)
        self._goods = {}
        self.desks = self._open_desks(rules)

    def _gather_obstacles(self, members, people):
        """Return company -> user id -> why he cannot be given a lead of it now."""
        companies = self.env["res.company"].union(*self.companies.values())
        return {
            company: members._get_obstacles(people, self.step, company, self.now)
            for company in companies
        }

    def _gather_loads(self, people):
        """Return how many leads are open with each person, without these here."""
        groups = self.env["crm.lead"]._read_group(
            [
                ("user_id", "in", people.ids),
                ("lead_role", "!=", False),
                ("won_status", "=", "pending"),
                ("id", "not in", self.leads.ids),
            ],
            ["user_id"],
            ["__count"],
        )
        return distribution.Loads({user.id: count for user, count in groups})

    def _open_desks(self, rules):
        """Return rule -> its desk."""
        shares = self._gather_shares(rules)
        return {
            rule: self.desk_class(
                rule,
                self.matched[rule],
                self.now,
                self.obstacles[rule.company_id],
                shares.get(rule, self.env["estate.dispatch.share"]),
                self.loads,
            )
            for rule in rules
        }

    def _gather_shares(self, rules):
        # sudo: estate.dispatch.share - the memory is the engine's alone
        shares = self.env["estate.dispatch.share"].sudo()
        found = shares.search([("rule_id", "in", rules.ids)])
        return found.grouped("rule_id")

    def _get_goods(self, lead):
        """Return what `tools.suitability` asks about a lead."""
        prop, company = lead.property_id, self.companies[lead.id]
        if not prop:
            return suitability.Goods(deal=lead.deal_type or "")
        key = (prop.id, company)
        if key not in self._goods:
            currency, kind = prop.currency_id, prop.type_id
            rate = currency._get_conversion_rate(
                currency, company.currency_id, company, self.now.date()
            )
            self._goods[key] = suitability.Goods(
                territories=frozenset(prop.territory_ids.ids),
                types=self._get_type_ids(kind),
                deal=lead.deal_type or prop.deal_type or "",
                usage=prop.usage or "",
                segment=prop.segment or "",
                market=prop.market or "",
                liquidity=prop.liquidity or "",
                price=company.currency_id.round(prop.price * rate),
            )
        return self._goods[key]

    def _get_type_ids(self, kind):
        """Return the ids of a type and of its parents: a child counts for them."""
        path = kind.parent_path or ""
        return frozenset(int(part) for part in path.split("/") if part)

    # === DECIDE ===

    def decide(self):
        """Return a `Decision` for each lead."""
        self._gather()
        rules = self._get_rule_of_leads()
        return [
            self._decide_one(lead, rules[lead.id], self.exclude.get(lead.id, ()))
            for lead in self.leads
        ]

    def _get_rule_of_leads(self):
        return {lead.id: rule for rule, leads in self.matched.items() for lead in leads}

    def _decide_one(self, lead, rule, excluded):
        user_id, reasons = self._find_person(lead, rule, excluded)
        return Decision(lead, self.env["res.users"].browse(user_id), rule, reasons)

    def _find_person(self, lead, rule, excluded):
        """Return (user id or (), reasons): the property's agent, else by the rule."""
        absent = {}
        agent_id = self._get_agent_id(lead)
        if agent_id:
            code = self._get_agent_obstacle(lead, agent_id, excluded)
            if not code:
                self.loads.add(agent_id)
                return agent_id, {"how": "property_agent"}
            absent = {str(agent_id): code}
        if not rule:
            codes = dict.fromkeys(map(str, excluded), JUST_HAD_IT)
            return (), {"how": "pool", "left_out": absent | codes}
        return self.desks[rule].give(
            lead, self._get_goods(lead), self.now, excluded=excluded, absent=absent
        )

    def _get_agent_id(self, lead):
        return lead.property_id.agent_id.id if self.step != "first_call" else False

    def _get_agent_obstacle(self, lead, agent_id, excluded):
        if agent_id in excluded:
            return JUST_HAD_IT
        return self.agent_obstacles[self.companies[lead.id]].get(agent_id)

    # === APPLY ===

    def save_memory(self):
        """Remember whose turn it was."""
        for desk in self.desks.values():
            desk.save()
