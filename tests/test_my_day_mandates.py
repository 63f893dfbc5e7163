from datetime import timedelta

from odoo.tests import Form, freeze_time, tagged

from .common import NOW, EstateCase


@freeze_time(NOW)
@tagged("my_day")
class TestMyDayMandates(EstateCase):
    """My day tells whose owners wait longer for news than they were promised."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW - timedelta(days=20)):
            cls.silent = cls._entrust(cls.agent)
            cls.told = cls._entrust(cls.agent)
            cls.of_colleague = cls._entrust(cls.second_agent)
            cls.not_offered = cls._entrust(cls.agent, state="withdrawn")
        with freeze_time(NOW - timedelta(days=3)):
            cls.env["estate.interaction"]._write_journal(
                [{"type": "price_change", "property_id": cls.told.property_id.id}]
            )

    @classmethod
    def _entrust(cls, agent, state="on_market"):
        prop = cls._create_property(
            owner_ids=cls._create_contact("Olga Owner"),
            agent_id=agent.id,
            team_id=cls.office.id,
            state="on_market",
        )
        prop.state = state
        return cls.env["estate.mandate"].create(
            {"property_id": prop.id, "date_start": NOW.date() - timedelta(days=20)}
        )

    def _box(self, user=None):
        screen = self.env["estate.my.day"].with_user(user or self.agent).get_screen()
        return {box["code"]: box for box in screen["boxes"]}.get("mandates")

    def _open(self, box, user=None):
        action = box["action"]
        model = self.env[action["res_model"]].with_user(user or self.agent)
        return model.search(action["domain"])

    def test_the_number_of_silent_mandates_opens_exactly_these(self):
        """M132: the figure of silent mandates on My day."""
        box = self._box()
        self.assertEqual((box["count"], self._open(box)), (1, self.silent))
        (row,) = box["rows"]
        self.assertEqual(row["title"], self.silent.property_id.name)
        self.assertEqual(row["last_on"], NOW.date() - timedelta(days=20))
        self.assertEqual(row["at"], NOW.date() - timedelta(days=6))

    def test_news_for_the_owner_takes_his_mandate_off_the_list(self):
        self.env["estate.interaction"]._write_journal(
            [{"type": "price_change", "property_id": self.silent.property_id.id}]
        )
        self.assertEqual(self._box()["count"], 0)

    def test_a_user_chooses_whose_mandates_he_watches(self):
        for scope, expected in (
            ("office", self.silent | self.of_colleague),
            ("mine", self.silent),
        ):
            action = (
                self.env["estate.my.day"].with_user(self.agent).set_up_box("mandates")
            )
            chosen = self.env[action["res_model"]].with_user(self.agent)
            with Form(chosen.browse(action["res_id"])) as form:
                form.scope = scope
            box = self._box()
            self.assertEqual(box["count"], len(expected))
            self.assertEqual(self._open(box), expected)

    def test_whom_no_owner_awaits_has_no_such_box(self):
        self.assertIsNone(self._box(self.operator))
