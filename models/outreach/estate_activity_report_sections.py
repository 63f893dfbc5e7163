from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_amount, format_time


class ActivityReport(models.Model):
    _inherit = "estate.activity.report"

    def _get_sections(self):
        """Return the sections of a report, in their order. Extend it to add one.

        :return: list of dicts: `code` (value of a line's `section`), `title` (printed
            above its lines; empty: they stand as plain sentences), and `lines`, a
            function from dict report -> its rows of the journal, to the values of
            report lines; it is called once for all reports in one language
        """
        return [
            {"code": "state", "title": "", "lines": self._prepare_state_lines},
            {
                "code": "action",
                "title": self.env._("What we did"),
                "lines": self._prepare_action_lines,
            },
            {
                "code": "viewing",
                "title": self.env._("Viewing reports"),
                "lines": self._prepare_viewing_lines,
            },
            {
                "code": "phase",
                "title": self.env._("Seekers by phase"),
                "lines": self._prepare_phase_lines,
            },
            {
                "code": "comment",
                "title": self.env._("Our comments"),
                "lines": self._prepare_comment_lines,
            },
            {
                "code": "next_step",
                "title": self.env._("What comes next"),
                "lines": self._prepare_next_step_lines,
            },
        ]

    def _prepare_action_lines(self, rows):
        return self._prepare_visible_lines(rows, "action")

    def _prepare_viewing_lines(self, rows):
        return self._prepare_visible_lines(rows, "viewing")

    def _prepare_visible_lines(self, rows, section):
        return [
            self._prepare_row_line(
                report,
                row,
                section,
                # The words about an event are written for the owner.
                row._get_owner_text() if report.audience == "vendor" else "",
            )
            for report, journal in rows.items()
            for row in journal
            if row.type_id.is_owner_visible
            and row.type_id.section == section
            and report._tells_kind(row.type_id)
        ]

    def _tells_kind(self, kind):
        kinds = self.plan_id.type_ids
        return not kinds or kind in kinds

    def _prepare_comment_lines(self, rows):
        return [
            self._prepare_row_line(report, row, "comment", row.owner_comment)
            for report, journal in rows.items()
            for row in journal
            if row.owner_comment and report.audience == "vendor"
        ]

    def _prepare_row_line(self, report, row, section, text):
        return {
            "report_id": report.id,
            "interaction_id": row.id,
            "property_id": row.property_id.id,
            "occurred_at": row.occurred_at,
            "kind": row.type_id.name,
            "section": section,
            "text": text,
        }

    def _prepare_state_lines(self, rows):
        """Tell in words how each property stands at the end of the period."""
        reports = self.browse().union(*rows)
        states = reports._get_values_at_end("state_change")
        prices = reports._get_values_at_end("price_change")
        return [
            {
                "report_id": report.id,
                "property_id": prop.id,
                "occurred_at": report._get_period()[1] - timedelta(seconds=1),
                "kind": self.env._("State"),
                "section": "state",
                "text": self._build_state_text(
                    prop,
                    states.get((report, prop), prop.state),
                    prices.get((report, prop), prop.price),
                ),
            }
            for report in reports
            for prop in report.property_ids
        ]

    def _build_state_text(self, prop, state, price):
        words = prop.with_env(self.env)._get_state_words(state)
        if not price or state not in ("on_market", "reserved"):
            return words
        amount = format_amount(self.env, price, prop.currency_id, trailing_zeroes=False)
        is_rent = prop.deal_type == "rent"
        asked = (
            self.env._("Rent a month: %s", amount)
            if is_rent
            else self.env._("Asking price: %s", amount)
        )
        return f"{words} {asked}"

    def _get_values_at_end(self, code):
        """Return the values that changed after the period of a report: what was then.

        :param str code: interaction type of the change
        :return: dict (report, property) -> value at the end of the period; a property
            that did not change since is not in it
        """
        if not self:
            return {}
        # sudo: estate.interaction - whoever changed it, the owner is told what was
        journal = self.env["estate.interaction"].sudo()
        changes = journal.search(
            [
                ("property_id", "in", self.property_ids.ids),
                ("type_id", "=", self.env["estate.interaction.type"]._get(code).id),
                ("occurred_at", ">=", min(report._get_period()[1] for report in self)),
            ],
            order="occurred_at, id",
        )
        by_property = changes.filtered("owner_values").grouped("property_id")
        values = {}
        for report in self:
            stop = report._get_period()[1]
            for prop in report.property_ids:
                later = by_property.get(prop, changes.browse()).filtered(
                    lambda row, stop=stop: row.occurred_at >= stop
                )
                if later:
                    values[report, prop] = later[0].owner_values["old"]
        return values

    def _prepare_next_step_lines(self, rows):
        """Tell what is planned: viewings, and tasks whose kind has words for owners."""
        reports = self.browse().union(*rows)
        viewings = (
            self.env["estate.viewing"]
            .search(
                [
                    ("property_id", "in", reports.property_ids.ids),
                    ("state", "=", "planned"),
                    ("start", ">=", fields.Datetime.now()),
                ],
                order="start, id",
            )
            .grouped("property_id")
        )
        tasks = reports.property_ids._get_owner_tasks()
        vals_list = []
        for report in reports:
            for prop in report.property_ids:
                steps = [
                    self._prepare_viewing_step(report, viewing)
                    for viewing in viewings.get(prop, ())
                    if report.audience == "vendor"
                    or viewing.partner_id == report.partner_id
                ]
                if report.audience == "vendor":
                    steps += {
                        report._prepare_task_step(task) for task in tasks.get(prop, ())
                    }
                vals_list += [
                    {
                        "report_id": report.id,
                        "property_id": prop.id,
                        "occurred_at": moment,
                        "kind": kind,
                        "section": "next_step",
                        "text": text,
                    }
                    for moment, kind, text in sorted(steps)
                ]
        return vals_list

    def _prepare_viewing_step(self, report, viewing):
        local = report.company_id._to_report_time(viewing.start)
        clock = format_time(self.env, local.time(), time_format="short")
        return (
            viewing.start,
            self.env._("Viewing"),
            self.env._("A viewing is arranged for %s.", clock),
        )

    def _prepare_task_step(self, task):
        """Return a task as a step; an overdue one is what comes next, too."""
        kind = task.activity_type_id
        day = max(task.date_deadline, self.company_id._get_report_day())
        return self.company_id._get_day_start(day), kind.name, kind.estate_owner_text
