from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.party.estate_contact_run import IF_MISSING
from ..models.party.res_partner import ESTATE_KINDS


class UseContacts(models.TransientModel):
    """Makes contacts that an agency has in Odoo clients of the real estate business."""

    _name = "estate.use.contacts"
    _description = "Use existing contacts"

    domain = fields.Char("Which contacts", default="[]", required=True)
    kind = fields.Selection(
        ESTATE_KINDS, "Contact kind", required=True, default="standard"
    )
    if_missing = fields.Selection(
        IF_MISSING, "Contacts without required data", required=True, default="leave"
    )
    total_count = fields.Integer("Contacts", compute="_compute_counts")
    complete_count = fields.Integer("Have the required data", compute="_compute_counts")
    missing_count = fields.Integer("Lack data", compute="_compute_counts")
    missing_text = fields.Text("What is missing", compute="_compute_counts")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "res.partner":
            chosen = [("id", "in", self.env.context.get("active_ids") or [])]
            values["domain"] = repr(chosen)
        return values

    @api.depends("domain", "kind")
    def _compute_counts(self):
        for wizard in self:
            candidates = wizard._get_candidates_domain()
            partners = self.env["res.partner"]
            wizard.total_count = partners.search_count(candidates)
            wizard.complete_count = partners.search_count(
                candidates & wizard._get_met_domain()
            )
            wizard.missing_count = wizard.total_count - wizard.complete_count
            wizard.missing_text = wizard._describe_missing(candidates)

    def _get_candidates_domain(self):
        return self.env["estate.contact.run"]._get_candidates_domain(self.domain)

    def _get_met_domain(self):
        rules = self.env["estate.contact.requirement"]
        return rules._get_met_domain(self.kind, self.env.company.id)

    def _describe_missing(self, candidates):
        """Return a line for each thing asked for that some of them lack."""
        rules = self.env["estate.contact.requirement"]
        lines = []
        for rule, met in rules._get_met_domains(self.kind, self.env.company.id):
            count = self.env["res.partner"].search_count(candidates & ~met)
            if count:
                lines.append(
                    self.env._(
                        "%(count)s without %(what)s", count=count, what=rule.name
                    )
                )
        return "\n".join(lines)

    def action_show_missing(self):
        """Open those that lack data, to add them first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contacts without required data"),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": list(self._get_candidates_domain() & ~self._get_met_domain()),
        }

    def action_apply(self):
        """Start the run and open it: it goes on by itself."""
        self.ensure_one()
        if not self.total_count:
            raise UserError(
                self.env._("No contact fits the filter that is not a client already.")
            )
        self.check_access("write")
        # sudo: estate.contact.run - runs are written by this wizard alone
        run = (
            self.env["estate.contact.run"]
            .sudo()
            .create(
                {
                    "kind": self.kind,
                    "domain": self.domain,
                    "if_missing": self.if_missing,
                    "user_id": self.env.uid,
                }
            )
        )
        # sudo: estate.contact.run - back to the rights of the user who chose
        run.sudo(False)._start()
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
