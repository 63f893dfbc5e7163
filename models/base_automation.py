from odoo import models


class ActionBatch(dict):
    """Server action -> ids of records it is due for; equal to nothing but itself.

    Environments are shared by equal contexts, and two empty dicts would be equal.
    """

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__


class BaseAutomation(models.Model):
    _name = "base.automation"
    _inherit = "base.automation"

    def _process(self, records, domain_post=None):
        # What a rule does is automatic, whoever's click set it off. Our own steps are
        # collected and done once for the whole batch instead of once for each record.
        batch = ActionBatch()
        context = {"estate_automatic": True, "estate_action_batch": batch}
        rule = self.with_context(**context)
        super(BaseAutomation, rule)._process(records.with_context(estate_automatic=True), domain_post)
        for action, ids in batch.items():
            # sudo: rules act for whoever set them off, as Odoo's own actions do
            due = records.sudo().browse(ids).with_context(estate_automatic=True)
            action.with_context(estate_action_batch=None)._apply_estate_action(due)
