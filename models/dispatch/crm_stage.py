from odoo import fields, models

TASK_FOR = [
    ("responsible", "The responsible of the lead"),
    ("property_agent", "The agent of the property"),
    ("operator", "Who called last"),
    ("office_manager", "The leader of the office"),
]


class StageTask(models.AbstractModel):
    """What is to be done in a phase: the next task of the leads that enter it."""

    _name = "estate.stage.task.mixin"
    _description = "Phase: next task"

    next_task_type_id = fields.Many2one(
        "mail.activity.type",
        "Next task",
        domain="[('res_model', 'in', [False, 'crm.lead'])]",
        ondelete="set null",
        help="Who enters the phase gets this task in place of that of the phase "
        "before. Empty: no task.",
    )
    next_task_summary = fields.Char(
        "What to do", translate=True, help="Empty: the summary of the task's type."
    )
    next_task_hours = fields.Float(
        "Due within (business hours)",
        default=8.0,
        aggregator=None,
        help="Counted in the business hours of the office.",
    )
    next_task_for = fields.Selection(
        TASK_FOR,
        "Task for",
        default="responsible",
        help="When there is no such person, the responsible of the lead gets it.",
    )

    _next_task_in_time = models.Constraint(
        "CHECK(next_task_hours IS NULL OR next_task_hours >= 0)",
        "A task cannot be due before it begins.",
    )
