from odoo import fields, models


class ActivityOfStage(models.AbstractModel):
    """A task that the system set because a lead stands in a phase."""

    _name = "estate.activity.task.mixin"
    _description = "Activity: task of a phase"

    estate_stage_id = fields.Many2one(
        "crm.stage",
        "Task of the phase",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Set by the system: the task ends when the lead leaves the phase.",
    )

    def _end_for(self, leads):
        """End the tasks of phases that their leads have left.

        A task of a cancelled lead is dropped; any other counts as done.

        :param leads: `crm.lead` that hold the tasks
        """
        lost = set(leads.filtered(lambda lead: lead.won_status == "lost").ids)
        dropped = self.filtered(lambda task: task.res_id in lost)
        done = self - dropped
        dropped.unlink()
        if done:
            done.write({"active": False, "feedback": self.env._("The lead moved on")})
