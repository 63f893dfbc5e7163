"""Guards the hosts: no mixin hides what another one means by the same name."""

import inspect
from collections import defaultdict

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
                        methods[method].append(value)
            hidden += [
                f"{name}.{method}: {function.__code__.co_filename}"
                for method, functions in methods.items()
                for function in functions[:-1]
                if "super(" not in inspect.getsource(inspect.unwrap(function))
            ]
        self.assertEqual(sorted(set(hidden)), [])
