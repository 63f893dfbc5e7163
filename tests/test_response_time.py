"""The response-time report: figures of a hand-made sheet, on screen, paper and file."""

import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, HttpCase, tagged

from .pdf import PdfCase
from .response import ResponseCase, local, minutes

WEDNESDAY = local("2026-03-04 10:00")
DAY = 24 * 60


class ReportCase(ResponseCase):
    """Seven enquiries: their minutes to the answer, by whom, where, from which source.

    | lead | office | person   | source | answered after | deal |
    |------|--------|----------|--------|----------------|------|
    | A    | Prague | agent    | one    | 10 min         | sale |
    | B    | Prague | agent    | two    | 60 min         | rent |
    | C    | Prague | agent2   | two    | 24 h           | sale |
    | D    | Brno   | operator | three  | 24 h + 1 min   | sale |
    | E    | Brno   | operator | three  | 0 min          | sale |
    | F    | Prague | agent    | none   | 5 days         | rent |
    | G    | Prague | agent2   | one    | not            | sale |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brno = cls._create_team("Office Brno")
        cls.portals = cls.env["estate.source.group"].create({"name": "Portals"})
        cls.sources = {
            name: cls.env["utm.source"].create({"name": f"Portal {name}"})
            for name in ("one", "two", "three")
        }
        cls.portals.source_ids = cls.sources["one"] | cls.sources["two"]
        cls.leads = {
            name: cls._create_case(name, *values)
            for name, *values in (
                ("A", cls.office, cls.agent, "one", 10, "sale"),
                ("B", cls.office, cls.agent, "two", 60, "rent"),
                ("C", cls.office, cls.second_agent, "two", DAY, "sale"),
                ("D", cls.brno, cls.operator, "three", DAY + 1, "sale"),
                ("E", cls.brno, cls.operator, "three", 0, "sale"),
                ("F", cls.office, cls.agent, None, 5 * DAY, "rent"),
                ("G", cls.office, cls.second_agent, "one", None, "sale"),
            )
        }

    @classmethod
    def _create_case(cls, name, team, person, source, after, deal):
        lead = cls._receive(
            WEDNESDAY,
            deal,
            name=name,
            team_id=team.id,
            user_id=person.id,
            source_id=cls.sources[source].id if source else False,
        )
        if after is not None:
            moment = WEDNESDAY + minutes(after)
            with cls._at(moment):
                cls.env["estate.interaction"].with_user(person)._write_journal(
                    [{"type": "letter", "lead_id": lead.id, "occurred_at": moment}]
                )
        return lead

    def _open(self, user=None, **criteria):
        """Open the screen and press Show with some criteria."""
        reports = self.env["estate.response.time"].with_user(user or self.manager)
        with self._at(local("2026-03-20 09:00")):
            report = reports.browse(reports._open()["res_id"])
            report.date_from = "2026-03-01"
            if criteria:
                with Form(report) as form:
                    for name, value in criteria.items():
                        self._fill(form, name, value)
            report.action_show()
        return report

    def _fill(self, form, name, value):
        if name.endswith("_ids"):
            for record in value:
                getattr(form, name).add(record)
        else:
            setattr(form, name, value)

    def _get_report_groups(self, report):
        """Return name -> (enquiries, answered, mean, within 24 h, in time)."""
        return {
            line.name: (
                line.received,
                line.answered,
                line.mean_minutes,
                line.within_day,
                line.within_delay,
            )
            for line in report.line_ids
        }


@tagged("response_time")
class TestFigures(ReportCase):
    def test_the_mean_of_each_agent_and_operator_is_that_of_the_sheet(self):
        """M60: agent (10 + 60 + 7200) / 3, agent2 1440, operator (1441 + 0) / 2."""
        self.assertEqual(
            self._get_report_groups(self._open()),
            {
                "Agent": (3, 3, 7270 / 3, 2, 2),
                "Agent2": (2, 1, 1440, 1, 0),
                "Operator": (2, 2, 720.5, 1, 1),
            },
        )

    def test_by_office_and_by_company(self):
        """M61: Prague has five, Brno two; the company all seven."""
        self.assertEqual(
            self._get_report_groups(self._open(grouping="team_id")),
            {
                "Office Prague": (5, 4, 8710 / 4, 3, 2),
                "Office Brno": (2, 2, 720.5, 1, 1),
            },
        )
        self.assertEqual(
            self._get_report_groups(self._open(grouping="company_id")),
            {self.company.name: (7, 6, 10151 / 6, 4, 3)},
        )

    def test_two_sources_of_a_group_add_up(self):
        """M62: one (2) and two (2) make the portals' four."""
        by_source = self._get_report_groups(self._open(grouping="source_id"))
        self.assertEqual(by_source["Portal one"], (2, 1, 10, 1, 1))
        self.assertEqual(by_source["Portal two"], (2, 2, 750, 2, 1))
        by_group = self._get_report_groups(self._open(grouping="source_group_id"))
        self.assertEqual(by_group["Portals"], (4, 3, 1510 / 3, 3, 2))
        self.assertEqual(by_group["None"], (3, 3, 8641 / 3, 1, 1))

    def test_an_answer_after_exactly_a_day_is_within_it(self):
        """M63: four of seven: 0, 10, 60 and 1440 minutes; 1441 is not."""
        report = self._open()
        self.assertEqual(report.within_day, 4)
        self.assertAlmostEqual(report.within_day_share, 4 / 7, 4)

    def test_another_delay_gives_other_numbers(self):
        """M64: within 60 minutes three, within 59 two, within 1441 five."""
        for delay, count in ((60, 3), (59, 2), (1441, 5)):
            report = self._open(delay_minutes=delay)
            self.assertEqual(report.within_delay, count)
            self.assertAlmostEqual(report.within_delay_share, count / 7, 4)

    def test_the_rows_of_the_report_open_the_leads(self):
        """M66: contact and lead stand in each row."""
        report = self._open()
        rows = report.detail_ids
        self.assertEqual(rows.lead_id, sum(self.leads.values(), rows.lead_id.browse()))
        row = rows.filtered(lambda r: r.lead_id == self.leads["A"])
        self.assertEqual(row.partner_id, self.leads["A"].partner_id)
        action = row.with_user(self.manager).action_open_lead()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", row.id))
        action = report.line_ids[0].action_open_details()
        opened = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(set(opened.lead_id.mapped("name")), {"A", "B", "F"})

    def test_the_working_minutes_are_another_measure(self):
        report = self._open(measure="response_working_minutes", grouping="team_id")
        # 24 h later the office was open for eight hours.
        self.assertEqual(self.leads["C"].response_working_minutes, 480)
        # 0, 10, 60, 480, 481 and three days of 480 minutes with a weekend.
        self.assertAlmostEqual(
            report.mean_minutes, (0 + 10 + 60 + 480 + 481 + 1440) / 6
        )

    def test_criteria_leave_others_out(self):
        for criteria, names in (
            ({"pipeline": "rent"}, "BF"),
            ({"team_ids": self.brno}, "DE"),
            ({"person_ids": self.second_agent}, "CG"),
            ({"source_ids": self.sources["one"]}, "AG"),
            ({"source_group_ids": self.portals}, "ABCG"),
            ({"date_from": "2026-03-05"}, ""),
            ({"date_from": "2026-03-04", "date_to": "2026-03-04"}, "ABCDEFG"),
        ):
            with self.subTest(criteria):
                report = self._open(**criteria)
                found = report.detail_ids.lead_id.mapped("name")
                self.assertEqual(sorted(found), sorted(names))
                self.assertEqual(report.received, len(names))

    def test_an_agent_sees_his_own_figures_alone(self):
        report = self._open(user=self.agent)
        self.assertEqual(
            self._get_report_groups(report), {"Agent": (3, 3, 7270 / 3, 2, 2)}
        )
        with self.assertRaises(AccessError):
            report.with_user(self.second_agent).read(["received"])

    def test_who_has_no_role_opens_nothing(self):
        with self.assertRaises(AccessError):
            self._open(user=self._create_user("stranger"))

    def test_where_the_minutes_went_adds_up_for_each_office(self):
        """M129: the four parts of a team are the whole time of its answers."""
        self.env.flush_all()
        parts = self.env["estate.response.part"].with_user(self.manager)
        found = parts._read_group([], ["team_id"], ["minutes:sum"])
        totals = {team: minutes for team, minutes in found}
        self.assertAlmostEqual(totals[self.office], 10 + 60 + DAY + 5 * DAY)
        self.assertAlmostEqual(totals[self.brno], DAY + 1)


@tagged("response_time")
class TestIntervals(ReportCase):
    def _get_rows(self, report):
        return [
            (one.from_minutes, one.to_minutes, one.count) for one in report.interval_ids
        ]

    def _check_sum(self, report):
        counted = sum(report.interval_ids.mapped("count"))
        total = counted + report.outside + report.unanswered
        self.assertEqual(total, report.received)

    def test_answers_fall_into_five_intervals_and_the_rest_adds_up(self):
        """M69: limits count to the interval that ends with them, 0 to the first."""
        report = self._open()
        self.assertEqual(
            self._get_rows(report),
            [
                (0, 15, 2),
                (15, 60, 1),
                (60, 240, 0),
                (240, 1440, 1),
                (1440, 4320, 1),
            ],
        )
        self.assertEqual((report.outside, report.unanswered), (1, 1))
        self._check_sum(report)

    def test_intervals_are_prefilled_and_can_be_changed(self):
        """M70: five rows; the second one is changed, the figures follow."""
        report = self._open()
        report.action_unfold()
        with Form(report) as form, form.interval_ids.edit(1) as row:
            row.from_minutes, row.to_minutes = 15, 59
        report.action_show()
        self.assertEqual(self._get_rows(report)[1], (15, 59, 0))
        self.assertEqual(report.outside, 2)
        self._check_sum(report)

    def test_intervals_that_overlap_or_end_before_they_begin_are_refused(self):
        report = self._open()
        report.action_unfold()
        for start, stop in ((10, 60), (60, 15), (15, 15), (-5, 10)):
            with (
                self.subTest(start),
                self.assertRaisesRegex(ValidationError, "counted once"),
                Form(report) as form,
                form.interval_ids.edit(1) as row,
            ):
                row.from_minutes, row.to_minutes = start, stop

    def test_an_interval_of_nothing_is_not_used(self):
        report = self._open()
        report.action_unfold()
        with Form(report) as form, form.interval_ids.edit(0) as row:
            row.from_minutes, row.to_minutes = 0, 0
        report.action_show()
        self.assertEqual(self._get_rows(report)[0], (0, 0, 0))
        self._check_sum(report)

    def test_after_show_the_criteria_are_folded_away_and_one_click_from_there(self):
        """M74: Show folds, Criteria unfolds."""
        reports = self.env["estate.response.time"].with_user(self.manager)
        report = reports.browse(reports._open()["res_id"])
        arch = reports.get_view(view_type="form")["arch"]
        self.assertIn('name="criteria" invisible="is_folded"', arch)
        self.assertFalse(report.is_folded)
        report.action_show()
        self.assertTrue(report.is_folded)
        report.action_unfold()
        self.assertFalse(report.is_folded)


@tagged("response_time")
class TestPaperAndFile(PdfCase, ReportCase, HttpCase):
    def test_the_pdf_holds_figures_intervals_groups_and_every_lead(self):
        report = self._open()
        action = report.action_print()
        printer = self.env["ir.actions.report"].with_user(self.manager)
        html, _kind = printer._render_qweb_html(action["report_name"], report.ids)
        text = html.decode()
        for words in (
            *("Response time", self.company.name, "more than 15 min, up to 1 h 0 min"),
            *("In none of the intervals", "Agent2", "57.1%"),
        ):
            self.assertIn(words, text)
        for name, lead in self.leads.items():
            self.assertIn(lead.partner_id.name, text, name)
        self.assertNotIn("article", text, "no header is needed, nor assets")

    def test_the_printed_figures_are_those_of_the_screen(self):
        """M60, M63, M64, M69: the PDF itself, read as a person reads it."""
        report = self._open()
        name = report.action_print()["report_name"]
        printer = self.env["ir.actions.report"].with_user(self.manager)
        with self.allow_pdf_render():
            content, kind = printer.with_context(
                force_report_rendering=True
            )._render_qweb_pdf(name, report.ids)
        self.assertEqual((kind, content[:5]), ("pdf", b"%PDF-"))
        # Without spaces: how wide one is on paper depends on the font.
        text = "".join(self._read_pdf(content).split())
        for words in (
            *(
                f"{line.name} {line.received} {line.answered} {line.mean_text} "
                f"{line.within_day} ({line.within_day_share:.1%}) "
                f"{line.within_delay} ({line.within_delay_share:.1%})"
                for line in report.line_ids
            ),
            f"{report.received} {report.answered} {report.mean_text}",
            f"In none of the intervals {report.outside}",
            f"Unanswered {report.unanswered}",
            f"All {report.received} 100.0%",
            *(
                f"{one.count} {one.count / report.received:.1%}"
                for one in report.interval_ids
            ),
            *(lead.partner_id.name for lead in self.leads.values()),
        ):
            self.assertIn("".join(words.split()), text)

    def _login(self, user):
        user.password = user.login
        self.authenticate(user.login, user.login)

    def test_the_workbook_holds_the_figures_and_every_lead(self):
        report = self._open()
        self._login(self.manager)
        url = report.action_export()["url"]
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        book = load_workbook(io.BytesIO(answer.content))
        self.assertEqual(book.sheetnames, ["Figures", "Person", "Enquiries"])
        groups = list(book["Person"].values)
        self.assertEqual(groups[1][:4], ("Agent", 3, 3, 0))
        self.assertEqual(len(list(book["Enquiries"].values)), 8)
        # Shares are percents, moments are moments: a person sorts and sums them.
        share = book["Person"].cell(2, 7)
        self.assertEqual((share.number_format, round(share.value, 3)), ("0.0%", 0.667))
        received = book["Enquiries"].cell(2, 1)
        self.assertEqual(received.value.isoformat(), "2026-03-04T10:00:00")
        deals = {row[7] for row in list(book["Enquiries"].values)[1:]}
        self.assertEqual(deals, {"Sale", "Rent"})
        # What was not answered has no minutes, not none of them.
        minutes = {row[1]: row[10] for row in list(book["Enquiries"].values)[1:]}
        self.assertEqual((minutes["A"], minutes["G"] or None), (10, None))

    def test_nobody_downloads_the_report_of_somebody_else(self):
        report = self._open()
        self._login(self.agent)
        answer = self.url_open(report.action_export()["url"])
        self.assertEqual(answer.status_code, 404)

    def test_a_name_that_looks_like_a_formula_stays_text(self):
        self.leads["A"].name = "=1+1"
        report = self._open()
        content = self.env[
            "report.crm_real_estate.report_response_time"
        ]._build_workbook(report)
        cells = [
            cell
            for row in load_workbook(io.BytesIO(content))["Enquiries"].rows
            for cell in row
            if cell.value == "=1+1"
        ]
        self.assertEqual([cell.data_type for cell in cells], ["s"])
