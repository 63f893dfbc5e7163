"""Every model of ours that names a contact tells how it keeps him from the others."""

import csv
from pathlib import Path

from .common import EstateCase
from .databases import MODULE

# How a field keeps contacts from those who do not see them, as the table says it.
GUARDS = {
    "rule": "the model inherits estate.about.contact.mixin and has a rule with it",
    "through": "a rule asks is_contact_visible of the record it belongs to",
    "wizard": "a form that only its user sees",
    "filtered": "several contacts: Odoo shows those that one sees",
    "managers": "only roles that see everybody may read the model",
    "name": "nothing but the name is shown, and everybody may know it",
}
HELP = (
    "Add a line to tests/visibility_models.csv for each field that names contacts:\n"
    + "\n".join(f"  {guard}: {meaning}" for guard, meaning in GUARDS.items())
)
MANAGERS = ("office_manager", "director", "settings")


def read_table():
    with Path(__file__).with_name("visibility_models.csv").open() as lines:
        return {(r["model"], r["field"]): r["guard"] for r in csv.DictReader(lines)}


class TestModelsAboutContacts(EstateCase):
    def _get_fields(self):
        return {
            (name, field.name)
            for name, model in self.registry.items()
            if model._original_module == MODULE and not model._abstract
            for field in model._fields.values()
            if field.comodel_name == "res.partner" and field._module == MODULE
        }

    def test_every_own_model_that_names_a_contact_is_in_the_table(self):
        """M87: an own model that is not in the table fails here."""
        self.assertEqual(self._get_fields(), set(read_table()), HELP)

    def test_every_guard_of_the_table_holds(self):
        for (model, field), guard in read_table().items():
            with self.subTest(model=model, field=field, guard=guard):
                check = getattr(self, f"_is_guarded_by_{guard}")
                self.assertTrue(check(self.env[model], field), GUARDS[guard])

    def _has_rule(self, model, field):
        rules = self.env["ir.rule"].search(
            [("model_id.model", "=", model._name), ("perm_read", "=", True)]
        )
        return any(
            not rule.groups and f"('{field}', '=', True)" in rule.domain_force
            for rule in rules
        )

    def _is_guarded_by_rule(self, model, field):
        is_about = isinstance(model, self.registry["estate.about.contact.mixin"])
        return (
            is_about
            and model._contact_field == field
            and self._has_rule(model, "is_contact_visible")
        )

    def _is_guarded_by_through(self, model, field):
        return any(
            self._has_rule(model, f"{link}.is_contact_visible")
            for link, link_field in model._fields.items()
            if link_field.type == "many2one"
        )

    def _is_guarded_by_wizard(self, model, field):
        return model._transient

    def _is_guarded_by_filtered(self, model, field):
        return model._fields[field].type in ("many2many", "one2many")

    def _is_guarded_by_name(self, model, field):
        return model._fields[field].type == "many2one"

    def _is_guarded_by_managers(self, model, field):
        lists = self.env["ir.model.access"].search(
            [("model_id.model", "=", model._name), ("perm_read", "=", True)]
        )
        allowed = {f"{MODULE}.group_{role}" for role in MANAGERS}
        ids = lists.group_id.get_external_id().values()
        return {*ids} - {"base.group_system"} <= allowed
