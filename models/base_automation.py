from odoo import api, fields, models

from odoo.addons.base_automation.models.base_automation import WRITE_TRIGGERS

from . import inner
from .dispatch.action_batch import ActionBatch


class BaseAutomation(models.Model):
    _name = "base.automation"
    _inherit = "base.automation"

    def _filter_pre(self, records, feedback=False):
        # Of each computation Odoo asks each rule about each record, although one that
        # watches other fields will find none of them changed.
        if self._watches_other_than(self.env.context.get("changed_fields")):
            return records.browse()
        return super()._filter_pre(records, feedback)

    @api.model
    def _hears_of(self, field):
        """Return whether a rule may do something when `field` was computed anew."""
        records = self.env[field.model_name]
        rules = self._get_actions(records, WRITE_TRIGGERS)
        return not all(rule._watches_other_than([field]) for rule in rules)

    def _watches_other_than(self, computed):
        """Return whether this rule waits for other fields than those computed now.

        :param computed: list of fields, as Odoo says it; what a caller has put there
            in its place, as JSON, holds no field and counts for nothing
        """
        names = {
            field.name
            for field in (computed if isinstance(computed, list) else ())
            if isinstance(field, fields.Field)
        }
        # sudo: base.automation - only names of fields, for who may not read rules
        watched = self.sudo().trigger_field_ids.mapped("name")
        return bool(names and watched) and names.isdisjoint(watched)

    def _process(self, records, domain_post=None):
        # What a rule does is automatic, whoever's click set it off.
        rule = inner.say(self, automatic=True)
        records = inner.say(records, automatic=True)
        with ActionBatch(self) as batch:
            super(BaseAutomation, rule)._process(records, domain_post)
            try:
                batch.finish_before()
            except Exception as error:
                self._add_postmortem(error)
                raise
