from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime

from .. import inner


class Interaction(models.Model):
    """One event between the agency and the world: the one history everything reads."""

    _name = "estate.interaction"
    _description = "Interaction"
    _inherit = ["estate.about.contact.mixin", "estate.ledger.mixin"]
    _order = "occurred_at desc, id desc"
    _rec_name = "summary"
    _check_company_auto = True

    type_id = fields.Many2one(
        "estate.interaction.type",
        "Kind",
        required=True,
        index=True,
        ondelete="restrict",
    )
    type_code = fields.Char(related="type_id.code")
    icon = fields.Char(related="type_id.icon")
    # Links
    partner_id = fields.Many2one(
        "res.partner", "Contact", ondelete="set null", index="btree_not_null"
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Enquiry",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    property_id = fields.Many2one(
        "estate.property", ondelete="set null", index="btree_not_null"
    )
    # Facts
    user_id = fields.Many2one(
        "res.users",
        "By",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        ondelete="restrict",
    )
    occurred_at = fields.Datetime(
        "Happened", required=True, default=fields.Datetime.now, index=True
    )
    summary = fields.Text("What happened")
    owner_comment = fields.Text("Comment for the owner")
    internal_note = fields.Text("Note for the agency")
    is_automatic = fields.Boolean(
        "Automatic", help="Done by the system, not by a person."
    )
    corrects_id = fields.Many2one(
        "estate.interaction",
        ondelete="restrict",
        index="btree_not_null",
    )
    correction_ids = fields.One2many("estate.interaction", "corrects_id", "Corrections")
    origin = fields.Char(
        readonly=True,
        copy=False,
        help="The record that caused this row; one event, one row.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )

    _ledger_moment = "occurred_at"
    _ledger_texts = ("summary", "owner_comment", "internal_note")

    _origin_uniq = models.UniqueIndex(
        "(origin) WHERE origin IS NOT NULL", "This event already stands in the journal."
    )
    _property_idx = models.Index(
        "(property_id, occurred_at) WHERE property_id IS NOT NULL"
    )
    _lead_idx = models.Index("(lead_id, occurred_at) WHERE lead_id IS NOT NULL")

    @api.depends("type_id", "occurred_at")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for row in self:
            moment = format_datetime(self.env, row.occurred_at, dt_format="short")
            row.display_name = f"{row.type_id.name or ''}, {moment}"

    @api.constrains("corrects_id")
    def _check_corrects_an_original(self):
        for row in self:
            if row.corrects_id.corrects_id:
                raise ValidationError(
                    self.env._(
                        "A correction cannot be corrected. Correct the first entry "
                        "once more."
                    )
                )

    @api.model
    def _get_valid_domain(self):
        """Return the domain of rows that hold: not corrected, nor a correction."""
        return Domain("corrects_id", "=", False) & Domain("correction_ids", "=", False)

    @api.model_create_multi
    def create(self, vals_list):
        if inner.hear(self.env, "automatic"):
            for vals in vals_list:
                vals.setdefault("is_automatic", True)
        rows = super().create(vals_list)
        rows._on_journal_written()
        return rows

    @api.model
    def _write_journal(self, vals_list):
        """Add events; one that already stands in the journal is left out.

        :param list vals_list: values of `estate.interaction`; `type` holds a code of
            `estate.interaction.type` instead of `type_id`; with `lead_id` given,
            contact, property and company are taken from the lead where missing
        :return: the new rows
        """
        origins = [vals["origin"] for vals in vals_list if vals.get("origin")]
        # sudo: estate.interaction - the journal is written for whoever caused the event
        journal = self.sudo()
        known = set(journal.search([("origin", "in", origins)]).mapped("origin"))
        fresh = []
        for vals in vals_list:
            origin = vals.get("origin")
            if not origin or origin not in known:
                fresh.append(vals)
                known.add(origin)
        # sudo: crm.lead, estate.property - only the links of the events are read
        leads = self.env["crm.lead"].sudo().browse(self._collect_ids(fresh, "lead_id"))
        properties = (
            self.env["estate.property"]
            .sudo()
            .browse(self._collect_ids(fresh, "property_id"))
        )
        return journal.create(
            [self._complete(vals, leads, properties) for vals in fresh]
        )

    @api.model
    def _collect_ids(self, vals_list, name):
        return list(dict.fromkeys(vals[name] for vals in vals_list if vals.get(name)))

    @api.model
    def _complete(self, vals, leads, properties):
        """Return `vals` with what follows from their lead or property."""
        vals = dict(vals)
        if code := vals.pop("type", None):
            vals["type_id"] = self.env["estate.interaction.type"]._get(code).id
        if lead_id := vals.get("lead_id"):
            lead = leads.browse(lead_id).with_prefetch(leads.ids)
            vals.setdefault("partner_id", lead.partner_id.id)
            vals.setdefault("property_id", lead.property_id.id)
            if lead.company_id:
                vals.setdefault("company_id", lead.company_id.id)
        elif property_id := vals.get("property_id"):
            prop = properties.browse(property_id).with_prefetch(properties.ids)
            vals.setdefault("company_id", prop.company_id.id)
        vals.setdefault("user_id", self.env.uid)
        return vals

    def _get_owner_text(self):
        """Return what an owner may read of this event: never a seeker's own words."""
        self.ensure_one()
        return self.type_id.owner_text or self.summary or ""

    @api.model
    def _find_rows_about(self, partners):
        # Who had a person erased, when and why, is the one text that stays.
        rows = super()._find_rows_about(partners)
        return rows.filtered(lambda row: row.type_code != "erasure")

    def action_correct(self):
        """Open the short form that takes this entry out of every figure."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct an entry"),
            "res_model": "estate.interaction.correct",
            "view_mode": "form",
            "target": "new",
            "context": {"default_interaction_id": self.id},
        }

    def _may_be_corrected(self):
        """Return whether the user may take this row out of the figures."""
        self.ensure_one()
        user = self.env.user
        manager = user.has_group("crm_real_estate.group_office_manager")
        return self.user_id == user or manager

    def _correct(self, reason):
        """Take these rows out of every figure, with the reason; the rows stay."""
        return self._write_journal(
            [
                {
                    "type": "correction",
                    "corrects_id": row.id,
                    "partner_id": row.partner_id.id,
                    "lead_id": row.lead_id.id,
                    "property_id": row.property_id.id,
                    "summary": reason,
                    "company_id": row.company_id.id,
                }
                for row in self
            ]
        )

    # === HOOKS ===

    def _on_journal_written(self):
        """These rows are new."""
