"""Odoo runs the actions of a rule for each record alone; ours run once for all."""

# Where a cursor keeps the batches of the rules that run on it, the innermost last.
BATCHES = "estate_action_batches"


class ActionBatch:
    """The records that wait for one action of a running rule."""

    def __init__(self, rule):
        self._rule = rule
        self._action = self._records = None
        self._ids = []

    @classmethod
    def get_running(cls, action):
        """Return the batch of the rule that runs `action` now, None when none does."""
        batches = action.env.cr.cache.get(BATCHES)
        rule = action.base_automation_id
        return batches[-1] if batches and batches[-1]._rule == rule else None

    def __enter__(self):
        self._rule.env.cr.cache.setdefault(BATCHES, []).append(self)
        return self

    def __exit__(self, *error):
        # A commit in between has emptied what the cursor kept.
        batches = self._rule.env.cr.cache.get(BATCHES)
        if batches:
            batches.pop()

    def add(self, action, records):
        """Let `action` of ours wait with `records`."""
        self.finish_before(action)
        if self._action is None:
            self._action, self._records = action, records
        self._ids += records.ids

    def finish_before(self, action=None):
        """Do what waits, unless it waits for more records of the same action."""
        waiting = self._action
        if waiting is not None and waiting != action:
            records = self._records.browse(self._ids)
            self._action, self._ids = None, []
            waiting._apply_estate_action(records)
