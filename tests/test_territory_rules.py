"""Rules about properties when the map changes: who waits for territories is asked."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .test_territory_areas import MANY, AreaCase


@tagged("post_install", "-at_install")
class RulesAboutProperties(AreaCase):
    def _create_automation(self, *watched, **values):
        model = self.env["ir.model"]._get_id("estate.property")
        names = [self.env["ir.model.fields"]._get(self.prop._name, n) for n in watched]
        code = "record.write({'description': 'Told'})"
        action = {"name": "Tell", "model_id": model, "state": "code", "code": code}
        return self.env["base.automation"].create(
            {
                "name": "Tell",
                "model_id": model,
                "trigger": "on_create_or_write",
                "trigger_field_ids": [Command.link(field.id) for field in names],
                "action_server_ids": [Command.create(action)],
                **values,
            }
        )

    def _draw(self, most=1000):
        """Draw an area around the property; return whether a rule told so."""
        # Past the rules.
        self.env.flush_all()
        self.env.cr.execute("UPDATE estate_property SET description = NULL")
        self.prop.invalidate_recordset()
        with patch(MANY, most):
            self._create_territory(area=self.area)
            self.env.flush_all()
        return bool(self.prop.description)

    def test_a_rule_that_waits_for_territories_hears_of_a_new_area(self):
        self._create_automation("territory_ids")
        self.assertTrue(self._draw())
        self.assertTrue(self._draw(most=0))

    def test_a_rule_that_waits_for_anything_hears_of_a_new_area(self):
        self._create_automation(filter_domain="[('description', '=', False)]")
        self.assertTrue(self._draw())
        self.assertTrue(self._draw(most=0))

    def test_a_rule_that_waits_for_something_else_does_not(self):
        self._create_automation("state", "price")
        self.assertFalse(self._draw())
        self.assertFalse(self._draw(most=0))

    def test_a_rule_is_asked_only_about_computed_fields_that_it_waits_for(self):
        computed = [self.prop._fields["territory_ids"]]
        for names, is_asked in (
            (["territory_ids"], True),
            ([], True),
            (["state"], False),
        ):
            rule = self._create_automation(*names)
            asked = rule.with_context(changed_fields=computed)._filter_pre(self.prop)
            with self.subTest(names):
                self.assertEqual(bool(asked), is_asked)

    def test_a_caller_silences_no_rule_by_naming_what_was_computed(self):
        rule = self._create_automation("state")
        for said in (["territory_ids"], "territory_ids", 7, [{"name": "price"}]):
            with self.subTest(said):
                asked = rule.with_context(changed_fields=said)._filter_pre(self.prop)
                self.assertEqual(asked, self.prop)
