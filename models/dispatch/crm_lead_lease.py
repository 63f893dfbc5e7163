import logging
from collections import defaultdict
from functools import partial

import psycopg2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import retrying
from odoo.tools import frozendict

from .. import inner
from .dispatch_run import Decision

# Of a claim that no rule has offered, in business minutes.
LEASE_MINUTES = 30
# Leads in one transaction of the job.
BATCH = 100

_logger = logging.getLogger(__name__)


class LeadLease(models.AbstractModel):
    """A lead belongs to who was given or has claimed it as long as he works on it."""

    _name = "estate.lead.lease.mixin"
    _description = "Lead: lease"

    lease_until = fields.Datetime(
        "Reserved until",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Nobody has worked on the lead since it was given or claimed: after this "
        "moment it goes to somebody else. Only business minutes of the office count.",
    )

    # === BEGIN ===

    def _apply_decisions(self, step, decisions, now):
        taken_from = inner.hear(self.env, "taken_from", {})
        decisions = [
            self._tell_why_taken(decision, taken_from.get(decision.lead.id))
            for decision in decisions
        ]
        rows = super()._apply_decisions(step, decisions, now)
        self._start_leases(rows)
        return rows

    @api.model
    def _tell_why_taken(self, decision, user_id):
        """Return the decision with the reason why its lead was taken from a person."""
        if not user_id:
            return decision
        why = inner.hear(self.env, "taken_why", "lease_over")
        left_out = decision.reasons.get("left_out", {}) | {str(user_id): why}
        return decision._replace(reasons=decision.reasons | {"left_out": left_out})

    @api.model
    def _start_leases(self, rows):
        """Reserve leads for those they were just given to by a rule or a claim.

        :param rows: new `estate.dispatch.decision`; who is the agent of the property
            keeps his leads
        """
        ends = defaultdict(list)
        for (office, company, start, minutes), leads in self._group_leases(
            rows
        ).items():
            place = office.with_company(company)
            ends[place._add_business_minutes(start, minutes)] += leads
        for until, ids in ends.items():
            # sudo: crm.lead - a fact, which users do not write
            self.browse(ids).sudo().write({"lease_until": until})

    @api.model
    def _group_leases(self, rows):
        """Return (office, company, start, business minutes) -> ids of leads."""
        groups = defaultdict(list)
        for row in rows:
            is_claim = (row.reasons or {}).get("how") == "claim"
            if not row.user_id or not (row.rule_id or is_claim):
                continue
            lead, start = row.lead_id, row.decided_at
            if row.step == "first_call" and lead.next_call_at:
                # As long as nobody may be called the clock stands still.
                start = max(start, lead.next_call_at)
            minutes = row.rule_id.lease_minutes or LEASE_MINUTES
            groups[lead.team_id, row.company_id, start, minutes].append(lead.id)
        return groups

    # === END ===

    def _end_leases(self, state):
        """End the leases of these leads, and the claims that they came with.

        :param str state: state of the claims, "worked" or "returned"
        """
        # sudo: crm.lead, estate.claim - facts, which users do not write
        leased = self.sudo().filtered("lease_until")
        if not leased:
            return
        leased.write({"lease_until": False})
        claims = leased.env["estate.claim"].search(
            [("lead_id", "in", leased.ids), ("state", "=", "held")]
        )
        claims._end(state, fields.Datetime.now())

    def _end_leases_of_others(self, vals):
        """Before `vals` are written: who loses his lead has no lease any more."""
        if "user_id" in vals:
            user_id = vals["user_id"] or False
            others = self.filtered(lambda lead: lead.user_id.id != user_id)
            others._end_leases("returned")

    # === TAKE BACK ===

    @api.model
    def _get_lease_over_domain(self, now):
        """Return the domain of leads whose person did nothing within his lease."""
        return (
            Domain("lease_until", "<", now)
            & Domain("lead_role", "!=", False)
            & Domain("user_id", "!=", False)
            & Domain("won_status", "=", "pending")
        )

    def _take_back(self, now=None):
        """Take these leads from who has them; each goes to the next one, never to him.

        A claimed lead returns to the pool, where others can claim it. The former person
        is told; his tasks on the leads go to the next one.

        :return: the leads that were taken back
        """
        now = now or fields.Datetime.now()
        # sudo: crm.lead - a job or a rule takes back, whoever set it off
        leads = self.sudo().filtered(
            lambda lead: (
                lead.lead_role and lead.user_id and lead.won_status == "pending"
            )
        )
        former = {lead.id: lead.user_id.id for lead in leads}
        leads = inner.say(leads, taken_from=frozendict(former), automatic=True)
        claimed = leads.filtered(lambda lead: "held" in lead.claim_ids.mapped("state"))
        leads._end_leases("returned")
        leads._leave_properties()
        for step, group in leads.grouped(lambda lead: lead._get_pool_step()[0]).items():
            (group & claimed)._return_to_pool(step, now)
            exclude = group._get_passed_over()
            for lead in group:
                exclude.setdefault(lead.id, set()).add(former[lead.id])
            (group - claimed)._dispatch(step, now=now, exclude=exclude)
        leads._hand_on_tasks(former)
        leads._tell_taken_back(former)
        return leads

    def _get_passed_over(self):
        """Return lead id -> ids of users who had it in vain and do not get it again."""
        return {}

    def _return_to_pool(self, step, now):
        """Leave these leads to whoever claims them next."""
        nobody = self.env["res.users"]
        decisions = [
            Decision(lead, nobody, lead._get_pool_step()[1], {"how": "pool"})
            for lead in self
        ]
        if decisions:
            self._apply_decisions(step, decisions, now)

    def _leave_properties(self):
        """Who loses an owner's lead is no longer the agent of the property either."""
        owners = self.filtered(
            lambda lead: (
                lead._get_pool_step()[0] == "agent"
                and lead.property_id.agent_id == lead.user_id
            )
        )
        owners.property_id.write({"agent_id": False})

    def _hand_on_tasks(self, former):
        """Give what the system set for the former persons to the next ones.

        :param dict former: lead id -> id of who had the lead
        """
        tasks = self.env["mail.activity"].search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", self.ids),
                ("user_id", "in", list(set(former.values()))),
                ("automated", "=", True),
            ]
        )
        tasks = tasks.filtered(lambda task: task.user_id.id == former[task.res_id])
        leads = {lead.id: lead for lead in self}
        quiet = tasks.with_context(mail_activity_quick_update=True)
        for user, mine in quiet.grouped(lambda t: leads[t.res_id].user_id).items():
            if user:
                mine.write({"user_id": user.id})
            else:
                mine.unlink()

    def _tell_taken_back(self, former):
        """Tell each former person once what he lost, and note it on the leads."""
        users = self.env["res.users"].browse(list(set(former.values())))
        robot = self.env.ref("base.partner_root")
        for user in users:
            mine = self.filtered(lambda lead, user=user: former[lead.id] == user.id)
            env = self.with_context(lang=user.lang).env
            lines = Markup().join(
                Markup("<li>%s</li>") % lead._say_where_it_went() for lead in mine
            )
            text = self._say_why_taken(env)
            env["mail.thread"].message_notify(
                partner_ids=user.partner_id.ids,
                author_id=robot.id,
                subject=env._("Taken back: %s", ", ".join(mine[:3].mapped("name"))),
                body=Markup("<p>%s</p><ul>%s</ul>") % (text, lines),
            )
        names = {user.id: user.name for user in users}
        self._message_log_batch(
            bodies={
                lead.id: self.env._(
                    "Taken back from %(user)s. %(why)s",
                    user=names[former[lead.id]],
                    why=self._say_why_taken(self.env),
                )
                for lead in self
            },
            author_id=robot.id,
        )

    @api.model
    def _say_why_taken(self, env):
        """Return why leads were taken back, in the language of `env`."""
        if inner.hear(self.env, "taken_why") == "alert_unseen":
            return env._("The alert was not seen in time, so it went on.")
        return env._("Nobody worked on it within the lease, so it went on.")

    def _say_where_it_went(self):
        self.ensure_one()
        if self.user_id:
            return self.env._(
                "%(lead)s: %(user)s has it now", lead=self.name, user=self.user_id.name
            )
        return self.env._("%s: free again, whoever claims it gets it", self.name)

    # === THE JOB ===

    @api.model
    def _take_back_due(self, domain):
        """Take back all leads whose lease is over, in batches that are committed.

        Safe at several places at once and when it is killed: a batch is done as a whole
        or not at all; what another one works on at the moment is left to it.

        :param domain: `Domain` that narrows the leads
        """
        domain &= self._get_lease_over_domain(fields.Datetime.now())
        cron, seen = self.env["ir.cron"], []
        cron._commit_progress(remaining=self.search_count(domain))
        while True:
            rest = domain & Domain("id", "not in", seen)
            ids = self.search(rest, order="lease_until, id", limit=BATCH).ids
            if not ids:
                break
            seen += ids
            done = self._take_back_batch(ids, domain)
            if not cron._commit_progress(done):
                break

    @api.model
    def _take_back_batch(self, ids, domain):
        """Take back what is still due of a batch; a lead that fails is left alone.

        :return: number of leads taken back
        """
        try:
            return retrying(partial(self._take_back_locked, ids, domain), self.env)
        except psycopg2.errors.SerializationFailure:
            # rollback: others were faster five times; the next run looks again
            self.env.cr.rollback()
            return 0
        except Exception:
            # rollback: nothing of the batch holds; its leads are tried one by one
            self.env.cr.rollback()
            if len(ids) == 1:
                _logger.exception("Lead %s cannot be taken back", ids[0])
                return 0
        return sum(self._take_back_batch([lead_id], domain) for lead_id in ids)

    @api.model
    def _take_back_locked(self, ids, domain):
        leads = self.browse(ids).try_lock_for_update(allow_referencing=True)
        return len(leads.filtered_domain(domain)._take_back())
