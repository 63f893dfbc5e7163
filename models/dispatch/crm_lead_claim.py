import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..groups import MEMBERS
from .claim_race import ClaimRace
from .dispatch_run import Decision

# What a claim reads of a lead and of the people around it, in one query each: narrow
# ones, for a whole contact has more than a hundred columns. What is missing here is
# read all the same.
LEAD_FIELDS = (
    *("name", "active", "type", "lead_role", "pipeline", "stage_id", "won_status"),
    *("user_id", "team_id", "company_id", "property_id", "partner_id", "deal_type"),
    *("partner_name", "contact_name", "phone", "phone_sanitized", "email_from"),
    *("expected_revenue", "recurring_revenue", "lost_reason_id", "probability"),
    *("automated_probability", "must_sell_first", "call_basis", "lead_properties"),
    *("announcement_id", "lease_until", "next_call_at"),
)
PARTNER_FIELDS = (
    *("name", "lang", "tz", "type", "country_id", "parent_id", "company_name"),
    *("street", "street2", "zip", "city", "state_id", "phone", "phone_sanitized"),
    *("email", "email_normalized", "write_date"),
    *("second_email_normalized", "second_phone_sanitized"),
)


class LeadClaim(models.AbstractModel):
    """A free lead goes to who takes it first, and to him alone."""

    _name = "estate.lead.claim.mixin"
    _description = "Lead: claim"

    claim_ids = fields.One2many("estate.claim", "lead_id", "Claims", groups=MEMBERS)

    @api.model
    def _get_free_domain(self):
        """Return the domain of leads that wait in the pool for whoever claims them."""
        return (
            Domain("lead_role", "!=", False)
            & Domain("user_id", "=", False)
            & Domain("won_status", "=", "pending")
        )

    def action_claim(self):
        """Reserve this free lead for the user; the lease begins.

        Of two people at once exactly one gets it, the other is told who.

        :return: an action that says until when the lead is reserved
        :raises UserError: when somebody has it already, or the user may not have it
        """
        self.ensure_one()
        self.env["estate.claim"].check_access("read")
        user, now = self.env.user, fields.Datetime.now()
        # Who comes too late may not see the lead any more.
        # sudo: crm.lead - safe, as he learns who has it, nothing of another company's
        lead = self.sudo()
        # Before anything dear is asked: of many people at once all but one only wait.
        race = ClaimRace(lead)
        if winner := race.enter():
            raise UserError(lead._say_lost(winner, user))
        if obstacle := lead._find_for_claim()._get_obstacle_of_lead(user):
            raise UserError(obstacle)
        if winner := race.lock():
            raise UserError(lead._say_lost(winner, user))
        lead._fetch_people_of_claim(user)
        if obstacle := lead._get_obstacle_of_person(user, now):
            raise UserError(obstacle)
        claim = lead._claim(user, now)
        return self._say_claimed(claim)

    def _find_for_claim(self):
        """Return this lead with what decides whether it is free, in one query."""
        leads = self.with_context(active_test=False)
        found = leads.search_fetch([("id", "=", self.id)], LEAD_FIELDS)
        return found.with_env(self.env)

    def _fetch_people_of_claim(self, user):
        people = self.partner_id | user.partner_id | self.env.ref("base.partner_root")
        people |= self._get_dispatch_company().partner_id
        people.fetch(PARTNER_FIELDS)

    def _get_claim_page(self):
        """Return what the page of a claim shows.

        :return: (card or None, why the user cannot claim the lead or "")
        """
        self.ensure_one()
        self.env["estate.claim"].check_access("read")
        # sudo: crm.lead - as in `action_claim`
        lead = self.sudo().exists()
        user = self.env.user
        obstacle = lead._get_claim_obstacle(user, fields.Datetime.now())
        if not lead.lead_role or lead._get_dispatch_company() not in user.company_ids:
            return None, obstacle
        return lead._prepare_free_card(), obstacle

    def _say_claimed(self, claim):
        """Return the action that tells the user that the lead is his, and how long."""
        until = format_datetime(self.env, claim.lease_until, dt_format="short")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("It is yours"),
                "message": self.env._(
                    "Call or write until %s, or it is free again.", until
                )
                + " %s",
                "links": [
                    {"label": claim.lead_id.name, "url": claim.lead_id._get_claim_url()}
                ],
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_claim_url(self):
        """Return where the person who has this lead works on it."""
        path = "acquisition" if self.lead_role == "owner" else "enquiries"
        return f"/odoo/{path}/{self.id}"

    # === MAY HE HAVE IT ===

    def _get_claim_obstacle(self, user, now):
        """Return why `user` cannot claim this lead, empty when he can."""
        return self._get_obstacle_of_lead(user) or self._get_obstacle_of_person(
            user, now
        )

    def _get_obstacle_of_lead(self, user):
        """Return why nobody, or nobody of his company, can claim this lead now."""
        if not self.lead_role:
            return self.env._("This object is no longer there. Choose another one.")
        if self._get_dispatch_company().id not in user._get_company_ids():
            return self._say_foreign()
        if self.user_id:
            return self._say_taken(self.name, self.user_id.name, self.user_id == user)
        if self.won_status != "pending":
            return self.env._(
                "%(lead)s has ended (%(phase)s). Choose another free object.",
                lead=self.name,
                phase=self.stage_id.name,
            )
        return ""

    def _say_lost(self, winner, user):
        """Return what `user` is told who claimed this lead too late."""
        companies = user._get_company_ids()
        if winner.company_id and winner.company_id not in companies:
            return self._say_foreign()
        return self._say_taken(winner.lead_name, winner.name, winner.user_id == user.id)

    def _say_foreign(self):
        return self.env._("This object is of another company. Choose another one.")

    def _say_taken(self, lead_name, name, is_own):
        if is_own:
            return self.env._("You have %s already. It is in your list.", lead_name)
        return self.env._(
            "%(user)s has %(lead)s already. Choose another free object.",
            user=name,
            lead=lead_name,
        )

    def _get_obstacle_of_person(self, user, now):
        """Return why `user` himself cannot claim leads like this one now."""
        company = self._get_dispatch_company()
        members = self.env["crm.team.member"]
        step = self._get_pool_step()[0]
        codes = members._get_obstacles(user, step, company, now)
        code = (codes | members._get_paused_everywhere(user)).get(user.id)
        if code == "paused":
            return self.env._(
                "You are paused and get no leads. Ask your manager to end the pause, "
                "then claim %s.",
                self.name,
            )
        if code in ("not_operator", "not_agent"):
            roles = {
                "not_operator": self.env._("Operator"),
                "not_agent": self.env._("Agent"),
            }
            return self.env._(
                "%(lead)s waits for somebody with the role %(role)s. Ask for that role "
                "in the settings, or choose another free object.",
                lead=self.name,
                role=roles[code],
            )
        # Who presses the button is there, whatever his absence says.
        return self._get_obstacle_of_limit(user, company)

    def _get_obstacle_of_limit(self, user, company):
        held = self.env["estate.claim"]._get_held(user)
        if len(held) < company.estate_claim_limit:
            return ""
        return self.env._(
            "You have claimed %(count)s leads without working on them, and %(limit)s "
            "are allowed. Call or write to %(oldest)s first, then claim %(lead)s.",
            count=len(held),
            limit=company.estate_claim_limit,
            oldest=held[0].lead_id.name,
            lead=self.name,
        )

    def _get_pool_step(self):
        """Return (step that this lead waits for, rule that offered it or none)."""
        self.ensure_one()
        last = self.decision_ids.sorted("id")[-1:]
        if last:
            return last.step, last.rule_id
        step = "enquiry"
        if self.lead_role == "owner":
            step = "agent" if self.phase_number >= 4 else "first_call"
        return step, last.rule_id

    # === EXACTLY ONE ===

    def _claim(self, user, now):
        """Give this locked, free lead to `user`, like a decision of a rule.

        :return: the `estate.claim`
        """
        step, rule = self._get_pool_step()
        # He pressed the button himself: no mail tells him of the task.
        lead = self.with_context(mail_activity_quick_update=True)
        lead._apply_decisions(step, [Decision(lead, user, rule, {"how": "claim"})], now)
        claims = self.env["estate.claim"]
        try:
            with self.env.cr.savepoint():
                return claims.create(
                    {
                        "lead_id": self.id,
                        "user_id": user.id,
                        "claimed_at": now,
                        "lease_until": self.lease_until,
                        "slot": claims._find_free_slot(user),
                        "company_id": self._get_dispatch_company().id,
                    }
                )
        except psycopg2.errors.UniqueViolation as error:
            # Two tabs of one person: the second counts again.
            raise ConcurrencyError(f"two claims of user {user.id} at once") from error
