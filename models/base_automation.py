from odoo import models

from . import inner
from .dispatch.action_batch import ActionBatch


class BaseAutomation(models.Model):
    _name = "base.automation"
    _inherit = "base.automation"

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
