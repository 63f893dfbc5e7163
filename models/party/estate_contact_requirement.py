from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from .res_partner import ESTATE_KINDS

# Kinds of fields that can be filled in and asked for.
FIELD_TYPES = ("char", "text", "many2one", "selection", "date", "datetime")


class ContactRequirement(models.Model):
    """One thing that must be known of a contact before it may have a kind."""

    _name = "estate.contact.requirement"
    _description = "Required data of a contact kind"
    _order = "kind, sequence, id"

    name = fields.Char(
        "What is needed",
        required=True,
        translate=True,
        help="As the sentence names it that refuses to save without: phone or mail.",
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(ESTATE_KINDS, "Contact kind", required=True)
    field_ids = fields.Many2many(
        "ir.model.fields",
        string="Fields",
        required=True,
        domain=[
            ("model", "=", "res.partner"),
            ("store", "=", True),
            ("ttype", "in", FIELD_TYPES),
        ],
    )
    is_any = fields.Boolean(
        "One of them is enough",
        help="When off, each of the fields must be filled in.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: it is asked for in every company."
    )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # === WHAT IS MISSING ===

    @api.model
    @ormcache()
    def _get_rules(self):
        """Return (id, kind, company id, names of fields, is one enough) of all."""
        # sudo: estate.contact.requirement, ir.model.fields - rules bind everybody who
        # saves a contact; they name fields, no data
        # All of them: there is a handful for each kind.
        rows = self.sudo().search([])  # pylint: disable=no-search-all
        return tuple(
            (
                row.id,
                row.kind,
                row.company_id.id,
                tuple(row.field_ids.mapped("name")),
                row.is_any,
            )
            for row in rows
            if row.field_ids
        )

    @api.model
    def _get_rules_of(self, kind, company_id):
        return [
            (rule_id, names, is_any)
            for rule_id, rule_kind, owner, names, is_any in self._get_rules()
            if rule_kind == kind and owner in (False, company_id)
        ]

    @api.model
    def _get_watched_fields(self):
        """Return the names of all fields that any kind asks for."""
        return {name for rule in self._get_rules() for name in rule[3]}

    @api.model
    def _find_missing(self, kind, company_id, values):
        """Return what a contact lacks to have a kind.

        :param values: the contact, or a dict of its values
        """
        known = values.get if isinstance(values, dict) else values.__getitem__
        missing = []
        for rule_id, names, is_any in self._get_rules_of(kind, company_id):
            filled = [bool(known(name)) for name in names]
            if not (any(filled) if is_any else all(filled)):
                missing.append(rule_id)
        return self.browse(missing)

    @api.model
    def _get_met_domain(self, kind, company_id):
        """Return the domain of contacts that have all data a kind asks for."""
        met = self._get_met_domains(kind, company_id)
        return Domain.AND(domain for _rule, domain in met)

    @api.model
    def _get_met_domains(self, kind, company_id):
        """Return (rule, domain of contacts that have what it asks for) of a kind."""
        domains = []
        for rule_id, names, is_any in self._get_rules_of(kind, company_id):
            filled = [Domain(name, "!=", False) for name in names]
            met = Domain.OR(filled) if is_any else Domain.AND(filled)
            domains.append((self.browse(rule_id), met))
        return domains
