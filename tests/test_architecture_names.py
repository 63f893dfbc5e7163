"""Guards what lies on models of others: no method hidden, no field in the way."""

import inspect
import re
from collections import defaultdict
from itertools import pairwise

from odoo.tests import TransactionCase, tagged

from .sources import MODULE


@tagged("post_install", "-at_install", "crm_real_estate")
class TestNamesOfMixins(TransactionCase):
    def test_a_method_of_two_mixins_of_one_model_goes_on_to_the_other(self):
        hidden = []
        for name, model in self.registry.items():
            methods = defaultdict(list)
            for definition in model.__mro__:
                is_ours = getattr(definition, "_module", "") == MODULE
                if not is_ours or ".mixin" not in (definition._name or ""):
                    continue
                for method, value in vars(definition).items():
                    if inspect.isfunction(value):
                        methods[method].append((definition, value))
            hidden += [
                f"{name}.{method}: {function.__code__.co_filename}"
                for method, defined in methods.items()
                for (definition, function), (hider_of, _) in pairwise(defined)
                # A mixin may answer for the mixin that it is built on.
                if hider_of._name not in definition._inherit
                and "super(" not in inspect.getsource(inspect.unwrap(function))
            ]
        self.assertEqual(sorted(set(hidden)), [])

    def test_what_only_members_read_is_not_copied(self):
        """M144: Odoo refuses to copy a record with a field that one may not read."""
        self.assertEqual(
            [
                f"{name}.{field.name}"
                for name, model in self.registry.items()
                for field in model._fields.values()
                if MODULE in (field._modules or ())
                and not name.startswith("estate.")
                and field.groups
                and field.copy
            ],
            [],
        )

    def test_what_is_ours_is_shown_to_members_only(self):
        """M144: types of tasks and templates of ours are in nobody else's lists."""
        data = self.env["ir.model.data"].sudo()
        for model in ("crm.lost.reason", "mail.activity.type", "mail.template"):
            rule = self.env.ref(f"{MODULE}.{model.replace('.', '_')}_rule_members")
            ours = data.search([("module", "=", MODULE), ("model", "=", model)])
            missing = [
                record.name
                for record in ours
                if str(record.res_id) not in re.findall(r"\d+", rule.domain_force)
            ]
            with self.subTest(model=model):
                self.assertEqual(missing, [])
