from odoo import api, fields, models
from odoo.exceptions import UserError


class Property(models.Model):
    _name = "estate.property"
    _inherit = ["estate.property.intake.mixin", "estate.property"]

    lead_ids = fields.One2many(
        "crm.lead", "property_id", "Leads", context={"active_test": False}
    )
    documentation_ids = fields.Many2many(
        "ir.attachment",
        help="Files that a seeker gets, such as the brochure and floor plans.",
    )
    seeker_count = fields.Integer(compute="_compute_seeker_count")
    external_reference = fields.Char(
        copy=False, index="btree_not_null", help="What the source calls this object."
    )
    intake_source_id = fields.Many2one(
        "estate.intake.source",
        "Came in by",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    external_number = fields.Char(
        compute="_compute_external_number",
        store=True,
        index="btree_not_null",
        help="The object number that the source shows to people.",
    )
    intake_message_id = fields.Many2one(
        "estate.intake.message",
        "Raw message",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    intake_values = fields.Json(
        copy=False,
        help="What the source last said; only what it changes is written again.",
    )
    broker_id = fields.Many2one("res.partner", "Listed by", index="btree_not_null")
    intake_contact_ids = fields.Many2many(
        "res.partner",
        "estate_property_intake_contact_rel",
        "property_id",
        "partner_id",
        "Named by the source",
        copy=False,
        help="Everybody whom the source has named as contact, also before.",
    )
    intake_problems = fields.Text(
        "Told by the source, to check",
        readonly=True,
        copy=False,
        help="What the source wrote that nobody could read; kept as it came.",
    )

    _external_uniq = models.UniqueIndex(
        "(intake_source_id, external_reference, COALESCE(deal_type, '')) "
        "WHERE external_reference IS NOT NULL",
        "This source already has a property with that number.",
    )

    @api.depends("intake_values")
    def _compute_external_number(self):
        for prop in self:
            prop.external_number = (prop.intake_values or {}).get(
                "object_number"
            ) or False

    def _compute_seeker_count(self):
        groups = self.env["crm.lead"]._read_group(
            [("property_id", "in", self.ids), ("lead_role", "=", "seeker")],
            ["property_id"],
            ["__count"],
        )
        counts = {prop.id: count for prop, count in groups}
        for prop in self:
            prop.seeker_count = counts.get(prop.id, 0)

    def _on_property_changed(self, changes):
        super()._on_property_changed(changes)
        for prop, values in changes.items():
            if "deal_type" in values:
                # A lead follows its property into the other pipeline and starts anew,
                # unless it won the deal that there was.
                leads = prop.lead_ids.filtered(
                    lambda lead: lead.lead_role and lead.won_status != "won"
                )
                leads.write({"deal_type": prop.deal_type})

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        properties = super().create(vals_list)
        properties._adopt_documentation()
        return properties

    def write(self, vals):
        result = super().write(vals)
        if "documentation_ids" in vals:
            self._adopt_documentation()
        return result

    def _adopt_documentation(self):
        """Make files that were just added the property's own: who sees it sees them."""
        for prop in self:
            # sudo: ir.attachment - a file without a record is its uploader's alone
            loose = prop.documentation_ids.sudo().filtered(lambda file: not file.res_id)
            if loose:
                loose.write({"res_model": prop._name, "res_id": prop.id})

    # === OWNER LEADS ===

    def _create_owner_leads(self, message=None):
        """Begin the acquisition of these properties: one lead for each owner listing.

        :param message: the intake message they came in by
        :return: the new leads
        """
        leads = self.env["crm.lead"]
        # Who refused or was given up is not rung by a second lead.
        had_leads = leads.with_context(active_test=False)._read_group(
            [("property_id", "in", self.ids), ("lead_role", "=", "owner")],
            ["property_id"],
        )
        known = {prop.id for (prop,) in had_leads}
        fresh = self.filtered(lambda p: p.id not in known and p.owner_ids)
        quiet = {"mail_create_nosubscribe": True, "mail_create_nolog": True}
        return leads.with_context(**quiet).create(
            [prop._prepare_owner_lead_vals(message) for prop in fresh]
        )

    def _prepare_owner_lead_vals(self, message):
        self.ensure_one()
        source = self.intake_source_id
        return {
            "name": self.display_name,
            "type": "opportunity",
            "lead_role": "owner",
            "property_id": self.id,
            "partner_id": self.owner_ids[:1].id,
            "user_id": False,
            "team_id": (self.team_id or source.team_id).id,
            "company_id": self.company_id.id,
            "source_id": source.utm_source_id.id,
            "intake_source_id": source.id,
            "intake_message_id": message.id if message else False,
        }

    def action_checked(self):
        """A person looked at what the source left open: begin to work with it."""
        for prop in self.filtered(lambda p: p.state == "draft"):
            if not prop.deal_type:
                raise UserError(
                    self.env._(
                        "%s has no deal. Choose sale or rent, then press Checked.",
                        prop.display_name,
                    )
                )
        drafts = self.filtered(lambda p: p.state == "draft")
        (self - drafts).write({"intake_problems": False})
        drafts.write({"state": "acquisition", "intake_problems": False})
        owned = drafts.filtered(
            lambda p: not p.intake_source_id
            or p.intake_source_id.contact_role == "owner"
        )
        owned._create_owner_leads()

    def action_open_board(self):
        """Open the board of this property's seekers by phase."""
        self.ensure_one()
        if not self.deal_type:
            raise UserError(
                self.env._(
                    "%s is neither for sale nor to let yet. Choose its deal first.",
                    self.display_name,
                )
            )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_real_estate.crm_lead_action_property_board"
        )
        action["display_name"] = action["name"] = self.env._("Seekers of %s", self.name)
        action["domain"] = [("property_id", "=", self.id), ("lead_role", "=", "seeker")]
        action["context"] = {
            "default_property_id": self.id,
            "default_lead_role": "seeker",
            "default_type": "opportunity",
            "default_user_id": self.agent_id.id or self.env.uid,
            "default_team_id": self.team_id.id,
            "estate_pipeline": self.deal_type,
            "active_test": False,
        }
        return action
