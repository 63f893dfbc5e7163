from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import format_datetime
from odoo.tools.date_utils import localized
from odoo.tools.translate import LazyTranslate

from ...tools import calling

_lt = LazyTranslate(__name__)

# How far ahead an open moment is looked for; nearly always the first is far enough, and
# holidays and weekends end long before the last.
HORIZONS = (timedelta(days=4), timedelta(days=60))
# What a person says when he takes the phone: the two that end canvassing.
REFUSALS = ("refused", "do_not_call")
# States of a property in which its owner has a contract with the agency.
UNDER_CONTRACT = ("on_market", "reserved")

CLOSURES = {
    "do_not_call": _lt("Do not call: this person does not want to be called."),
    "consent": _lt(
        "Do not call: %(rule)s wants a consent before a prospecting call. Record the "
        "consent on the contact, or say on the intake source that these owners asked."
    ),
    "silence": _lt(
        "Closed until %(until)s: after a refusal nobody is called for %(days)s days "
        "(%(rule)s)."
    ),
    "attempts": _lt(
        "Closed until %(until)s: %(count)s attempts in 30 days are the most (%(rule)s)."
    ),
    "hours": _lt("Closed until %(until)s: outside the hours of %(rule)s."),
}


class LeadCalling(models.AbstractModel):
    """Whether the person of a lead may be rung now, and when next."""

    _name = "estate.lead.calling.mixin"
    _description = "Lead: calling rules"

    call_basis = fields.Selection(
        [
            ("asked", "Asked to be called"),
            ("prospecting", "Nobody asked: prospecting"),
        ],
        "Why we may call",
        compute="_compute_call_basis",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: nobody said; the calling rule then does not insist on a consent.",
    )
    call_closure = fields.Char(
        "Calls are closed",
        compute="_compute_call_closure",
        help="Why this person may not be rung now, and until when.",
    )

    @api.depends("lead_role", "intake_source_id")
    def _compute_call_basis(self):
        for lead in self:
            if lead.lead_role == "seeker":
                lead.call_basis = "asked"
            else:
                lead.call_basis = lead.intake_source_id.owner_call_basis

    @api.depends(
        "partner_id", "phone_sanitized", "call_basis", "call_count", "property_id.state"
    )
    @api.depends_context("uid", "tz", "lang")
    def _compute_call_closure(self):
        ours = self.filtered("lead_role")
        texts = ours._describe_closures(ours._get_call_closures(fields.Datetime.now()))
        for lead in self:
            lead.call_closure = texts.get(lead, False)

    # === MAY HE BE RUNG ===

    def _get_call_closures(self, now):
        """Return dict lead -> `calling.Closure` of those who may not be rung now.

        :param now: naive UTC
        """
        # sudo: estate.calling.rule, res.partner - the law holds for every caller
        leads = self.sudo()
        rules = leads.env["estate.calling.rule"]._match(leads)
        plain = {rule: rule._gather_rule() for rule in set(rules.values())}
        persons = leads._gather_persons(now, rules)
        closures = {
            lead: calling.get_closure(
                plain[rule], persons[lead], localized(now), rule._get_tz(lead)
            )
            for lead, rule in rules.items()
        }
        return {lead: closures[lead] for lead in self if closures[lead]}

    def _describe_closures(self, closures):
        """Return dict lead -> a sentence that says why calls are closed, until when.

        :param dict closures: as `_get_call_closures` returns it
        """
        if not closures:
            return {}
        # sudo: estate.calling.rule - its name is told to whoever may not ring
        rules = self.env["estate.calling.rule"].sudo()._match(self.sudo())
        texts = {}
        for lead, closure in closures.items():
            rule = rules[lead]
            until = closure.until and format_datetime(
                self.env,
                closure.until.astimezone(pytz.utc).replace(tzinfo=None),
                dt_format="short",
            )
            if closure.reason == "hours" and not until:
                until = self.env._("further notice")
            sentence = self.env._(CLOSURES[closure.reason])
            texts[lead] = sentence % {
                "rule": rule.name or "",
                "until": until or "",
                "days": rule.silence_days,
                "count": rule.most_attempts,
            }
        return texts

    # === WHEN ===

    def _find_call_moments(self, earliest, after=None):
        """Return the first moments on that office and calling rule allow a call.

        :param dict earliest: lead -> naive UTC
        :param dict after: lead -> naive UTC of the attempt whose part of the day is
            left; leads that are not in it keep to the minute
        :return: dict lead -> naive UTC, or None when nothing opens within the horizon
        """
        if not earliest:
            return {}
        # sudo: estate.calling.rule, res.partner - the law holds for every caller
        leads = self.sudo()
        rules = leads.env["estate.calling.rule"]._match(leads)
        plain = {rule: rule._gather_rule() for rule in set(rules.values())}
        persons = leads._gather_persons(min(earliest.values()), rules)
        free = {
            lead: calling.get_earliest(
                plain[rules[lead]], persons[lead], localized(earliest[lead])
            )
            for lead in leads
        }
        moments, missing = dict.fromkeys(self), leads.filtered(free.get)
        # Another part of the day is looked for beyond the first open moment.
        for ahead in HORIZONS[-1:] if after else HORIZONS:
            hours = missing._get_open_hours(rules, plain, persons, free, ahead)
            for lead in missing:
                tried = (after or {}).get(lead)
                moment = lead._find_moment(
                    free[lead], tried, rules[lead]._get_tz(lead), hours[lead]
                )
                moments[lead] = moment and moment.astimezone(pytz.utc).replace(
                    tzinfo=None
                )
            missing = missing.filtered(lambda lead: not moments[lead])
        return {lead: moments[lead] for lead in self}

    def _get_open_hours(self, rules, plain, persons, free, ahead):
        """Return lead -> list of lists of open pairs, all of which a call must be in.

        :param dict rules: lead -> its `estate.calling.rule`
        :param dict plain: rule -> `calling.Rule`
        :param dict persons: lead -> `calling.Person`
        :param dict free: lead -> first moment that is not closed for its person
        :param ahead: how long after that moment is looked at
        """
        hours, known = {}, {}
        if not self:
            return hours
        moments = [free[lead] for lead in self]
        limits = min(moments), max(moments) + ahead
        for lead in self:
            rule = rules[lead]
            is_free = rule and calling.has_free_hours(plain[rule], persons[lead])
            keys = lead._get_call_hours(rule.browse() if is_free else rule)
            for key in keys - known.keys():
                known[key] = self._get_hours(*key, plain, limits)
            hours[lead] = [known[key] for key in sorted(keys, key=str)]
        return hours

    def _find_moment(self, earliest, tried, zone, hours):
        if tried:
            return calling.first_open_elsewhere(
                earliest, localized(tried), zone, *hours
            )
        return calling.first_open(earliest, *hours)

    def _get_call_hours(self, rule):
        """Return a set of (hours, zone they are read in) of all that limits a call.

        Hours are the calendar of the office and the calling rule.
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        office = self.team_id.with_company(company)
        calendar = office._get_business_calendar()
        hours = set()
        if rule._has_hours(calendar):
            hours.add((calendar, office._get_business_tz()))
        if rule:
            hours.add((rule, rule._get_tz(self)))
        return hours

    @api.model
    def _get_hours(self, source, zone, rules, limits):
        """Return the open pairs of a calendar or a calling rule between two moments."""
        if source._name == "estate.calling.rule":
            return calling.get_open_pairs(rules[source], zone, *limits)
        start, stop = (m.astimezone(pytz.utc).replace(tzinfo=None) for m in limits)
        # sudo: resource.calendar - the hours of an office hold for everybody
        return (
            self.env["estate.calling.rule"]
            .sudo()
            ._get_open_pairs(source, zone, start, stop)
        )

    # === GATHER ===

    def _gather_persons(self, now, rules):
        """Return dict lead -> `calling.Person`, all leads in a fixed number of queries.

        :param now: naive UTC; older calls than the rules look back to are left out
        :param dict rules: lead -> its `estate.calling.rule`
        """
        partners = self.partner_id
        rules = self.env["estate.calling.rule"].union(*rules.values())
        silence = timedelta(days=max(rules.mapped("silence_days"), default=0))
        calls = self._get_past_calls(now - max(calling.ATTEMPT_WINDOW, silence))
        denied = partners._get_denied("phone", "prospecting")
        is_asked_for = any(r.needs_consent or r.consent_lifts_hours for r in rules)
        consents = partners._get_latest_consents() if is_asked_for else {}
        blocked = self._get_blocked_numbers()
        persons = {}
        for lead in self:
            partner, mine = lead.partner_id, calls[lead]
            refused = [at for at, code in mine if code in REFUSALS]
            said = {
                consents.get((partner, "phone", purpose))
                for purpose in ("prospecting", "all")
            }
            is_denied = partner in denied
            persons[lead] = calling.Person(
                attempts=tuple(at for at, _code in mine),
                refused_at=max(refused, default=None),
                is_blocked=bool(blocked & lead._get_call_numbers())
                or (is_denied and lead.call_basis != "asked"),
                has_consent="given" in said and not is_denied,
                has_mandate=lead.property_id.state in UNDER_CONTRACT,
                basis=lead.call_basis or "",
            )
        return persons

    def _get_past_calls(self, since):
        """Return lead -> [(aware moment, code)] of calls to its contact, on any lead.

        Attempts on a lead without a contact count for that lead.

        :param since: naive UTC
        """
        # sudo: estate.call - attempts of colleagues count for the person called
        calls = self.env["estate.call"].sudo()
        calls = calls.search_fetch(
            [
                ("started_at", ">", since),
                "|",
                ("partner_id", "in", self.partner_id.ids),
                ("lead_id", "in", self.ids),
            ],
            ["started_at", "partner_id", "lead_id", "outcome_id"],
        )
        by_partner, by_lead = calls.grouped("partner_id"), calls.grouped("lead_id")
        return {
            lead: [
                (localized(call.started_at), call.outcome_id.code)
                for call in (
                    by_partner.get(lead.partner_id, calls.browse())
                    if lead.partner_id
                    else by_lead.get(lead, calls.browse())
                )
            ]
            for lead in self
        }

    def _get_call_numbers(self):
        """Return the numbers that these leads would be rung under."""
        numbers = {
            *self.mapped("phone_sanitized"),
            *self.partner_id.mapped("phone_sanitized"),
        }
        return numbers - {False}

    def _get_blocked_numbers(self):
        """Return those of the numbers of these leads that nobody may ring."""
        # sudo: phone.blacklist - whoever rings must know what is blocked
        blocked = self.env["phone.blacklist"].sudo()
        numbers = list(self._get_call_numbers())
        found = blocked.search_fetch([("number", "in", numbers)], ["number"])
        return set(found.mapped("number"))
