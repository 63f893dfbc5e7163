from odoo import models


class ActionBatch:
    """The records that one action of a rule is due for, done all at once.

    Odoo runs an action for each record alone; ours wait here until the last one. It
    stands in the context and is equal to nothing but itself: environments are shared
    by equal contexts.
    """

    def __init__(self, rule):
        self.rule = rule
        self._action = self._records = None
        self._ids = []

    def add(self, action, records):
        """Let `action` of ours wait with `records`."""
        self.finish_before(action)
        if self._action is None:
            self._action, self._records = action, records
        self._ids += records.ids

    def finish_before(self, action=None):
        """Do what waits, unless it waits for more records of the same action."""
        waiting = self._action
        if waiting is None or waiting == action:
            return
        records = self._records.browse(self._ids).with_context(estate_action_batch=None)
        self._action, self._ids = None, []
        waiting.with_context(estate_action_batch=None)._apply_estate_action(records)


class BaseAutomation(models.Model):
    _name = "base.automation"
    _inherit = "base.automation"

    def _process(self, records, domain_post=None):
        # What a rule does is automatic, whoever's click set it off.
        batch = ActionBatch(self)
        rule = self.with_context(estate_automatic=True, estate_action_batch=batch)
        records = records.with_context(estate_automatic=True)
        super(BaseAutomation, rule)._process(records, domain_post)
        try:
            batch.finish_before()
        except Exception as error:
            self._add_postmortem(error)
            raise
