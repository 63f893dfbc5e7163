from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import inner


class Pair(models.Model):
    """What becomes of a match: sent once, refused with a reason, left out."""

    _inherit = "estate.pair"

    def _remember(self, **values):
        """Write what became of these pairs; such a pair outlasts that it fits."""
        # sudo: estate.pair - who may see a match may tell what became of it; its
        # columns are written by these steps alone
        self.sudo().write({"is_remembered": True, **values})

    def _mark_sent(self, lead):
        """The property was offered to the seeker, by this lead."""
        self.ensure_one()
        self._remember(
            state="sent",
            sent_at=fields.Datetime.now(),
            sent_price=self.property_id.price,
            lead_id=lead.id,
            refusal_reason_id=False,
        )

    # === ANSWERS ===

    def _answer_interested(self):
        """The seeker is interested: his lead counts as received now."""
        for pair in self.filtered(lambda pair: pair.state != "interested"):
            pair._remember(
                state="interested",
                answered_at=fields.Datetime.now(),
                refusal_reason_id=False,
            )
            if pair.lead_id.won_status != "pending":
                # No lead yet, or one that ended: he is interested all the same.
                pair._remember(lead_id=pair._find_or_create_lead().id)
            pair._write_answer("offer_answered")
            pair.lead_id._count_as_answered()

    def _refuse(self, reason, note=""):
        """The seeker refuses these: remembered with the reason, his leads end.

        :param reason: `estate.refusal.reason`, may be empty
        :param str note: his own words
        """
        for pair in self.filtered(lambda pair: pair.state != "refused"):
            pair._remember(
                state="refused",
                refusal_reason_id=reason.id,
                refused_price=pair.property_id.price,
                answered_at=fields.Datetime.now(),
            )
            # Only who refuses what does fit his search seems not to mean it.
            code = "offer_refused" if pair.is_fitting else "refusal"
            row = pair._write_answer(code, reason, note)
            pair._find_leads()._cancel_refused(row)
            if reason.stops_search:
                pair.search_id.action_stop()

    def _find_leads(self):
        """Return the open leads of these seekers about these properties."""
        # sudo: crm.lead - the leads of the pairs, whoever has them
        leads = self.env["crm.lead"].sudo()
        found = leads.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("property_id", "in", self.property_id.ids),
                ("lead_role", "=", "seeker"),
                ("won_status", "=", "pending"),
            ]
        )
        mine = {(pair.partner_id.id, pair.property_id.id) for pair in self}
        return found.filtered(
            lambda lead: (lead.partner_id.id, lead.property_id.id) in mine
        )

    def _write_answer(self, code, reason=None, note=""):
        """Write the answer of a seeker to the journal; return the row."""
        self.ensure_one()
        told = ": ".join(filter(None, [reason.name if reason else "", note]))
        return self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": code,
                    "partner_id": self.partner_id.id,
                    "property_id": self.property_id.id,
                    "search_id": self.search_id.id,
                    "lead_id": self.lead_id.id or self._find_leads()[:1].id,
                    "company_id": self.company_id.id,
                    "summary": told,
                }
            ]
        )

    def _get_offered_reasons(self):
        """Return the reasons that a seeker may choose from."""
        # sudo: estate.refusal.reason - who answers by a link has no user
        reasons = self.env["estate.refusal.reason"].sudo()
        companies = self.company_id.ids
        return reasons.search([("company_id", "in", [*companies, False])])

    # === BUTTONS ===

    def action_interested(self):
        """The seeker said, by phone or otherwise, that he is interested."""
        self.check_access("read")
        self._answer_interested()

    def action_exclude(self):
        """Offer these to their seekers neither now nor later."""
        self.check_access("read")
        if any(pair.state in ("interested", "refused") for pair in self):
            raise UserError(
                self.env._("Who has answered already is not left out any more.")
            )
        self._remember(state="excluded")

    def action_include(self):
        """Take back that these are left out."""
        self.check_access("read")
        for pair in self.filtered(lambda pair: pair.state == "excluded"):
            pair._remember(state="sent" if pair.sent_at else "new")

    def action_refuse(self):
        """Ask for the reason of a refusal."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The seeker refuses"),
            "res_model": "estate.pair.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_pair_ids": self.ids},
        }

    def action_call(self):
        """Open the lead of seeker and property, from which the call is noted."""
        self.ensure_one()
        self.check_access("read")
        lead = self._find_or_create_lead()
        self._remember(lead_id=lead.id)
        return lead._get_records_action(name=lead.display_name)

    def action_open_search(self):
        self.ensure_one()
        return self.search_id._get_records_action(name=self.search_id.display_name)

    # === LEADS OF THE PAIRS ===

    def _find_or_create_lead(self):
        """Return the open lead of seeker and property; a new one is quiet, phase 1."""
        self.ensure_one()
        known = self._find_leads()[:1].with_env(self.env)
        return known or self._create_leads()[self]

    @api.model
    def _get_quiet_context(self):
        """Return the context in which leads are created without telling anybody."""
        return {
            "mail_create_nolog": True,
            "mail_create_nosubscribe": True,
            "mail_auto_subscribe_no_notify": True,
            "mail_notrack": True,
            "tracking_disable": True,
        }

    def _create_leads(self):
        """Create the leads of these pairs in phase 1, in one batch that stays quiet.

        :return: dict pair -> lead
        """
        # sudo: crm.lead - the leads are the agents' of the searches
        leads = self.env["crm.lead"].sudo().with_context(**self._get_quiet_context())
        quiet = inner.say(leads, matching=True)
        created = quiet.create([pair._prepare_lead_vals() for pair in self])
        return dict(zip(self, created.with_env(self.env), strict=True))

    def _prepare_lead_vals(self):
        self.ensure_one()
        prop, search = self.property_id, self.search_id
        agent = search.agent_id.filtered("active") or prop.agent_id
        return {
            "name": self.env._(
                "%(contact)s: %(property)s",
                contact=self.partner_id.name,
                property=prop.name,
            ),
            "lead_role": "seeker",
            "property_id": prop.id,
            "partner_id": self.partner_id.id,
            "search_id": search.id,
            "user_id": agent.id,
            "team_id": agent.sale_team_id.id or prop.team_id.id,
            "company_id": self.company_id.id,
        }
