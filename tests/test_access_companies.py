"""Two companies in one database: each sees what is its own."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time

from .common import NOW, EstateCase
from .databases import MODULE
from .small_world import create_world

# Bookkeeping of the system itself, which no role but Odoo's administrator reads, and
# what a user chose for his own screen, in whatever company he works.
WITHOUT_COMPANY = {
    *("estate.ledger.head", "estate.erased.denial", "estate.lock", "estate.opt.out"),
    # Marks of records to match again: they name ids, nobody reads them.
    *("estate.my.day.box", "estate.match.mark", "estate.viewing.place"),
}


@freeze_time(NOW)
class TestCompanies(EstateCase):
    """Every model of ours, twice: in the company of the user and in another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Agency Brno"})
        companies = cls.company | cls.other_company
        cls.env.user.company_ids |= companies
        cls.mine = create_world(cls.env, cls.company, cls.agent)
        cls.theirs = create_world(
            cls.env, cls.other_company, cls._create_boss("brno", companies)
        )
        cls.one = cls._create_boss("one", cls.company)
        cls.both = cls._create_boss("both", companies)
        cls.env.flush_all()

    @classmethod
    def _create_boss(cls, login, companies):
        return cls._create_user(
            login,
            "group_settings",
            company_ids=[Command.set(companies.ids)],
            company_id=companies[0].id,
        )

    def _search(self, model, user, companies):
        """Return which of the two records of a model a user finds."""
        twins = self.mine[model] | self.theirs[model]
        env = self.env(user=user.id, context={"allowed_company_ids": companies.ids})
        records = env[model].with_context(active_test=False)
        return records.search([("id", "in", twins.ids)])

    def test_every_model_of_ours_has_a_company_and_its_twins(self):
        models = {
            name
            for name, model in self.registry.items()
            if model._original_module == MODULE and model._auto and not model._transient
        }
        self.assertEqual(models - WITHOUT_COMPANY - set(self.mine), set())
        for name in models - WITHOUT_COMPANY:
            with self.subTest(model=name):
                self.assertIn("company_id", self.env[name]._fields)
                self.assertEqual(self.mine[name].company_id, self.company)
                self.assertEqual(self.theirs[name].company_id, self.other_company)

    def test_what_belongs_to_the_own_company_is_found(self):
        for model, record in self.mine.items():
            with self.subTest(model=model):
                found = self._search(model, self.one, self.company)
                self.assertEqual(found.ids, record.ids)
                found.read(["display_name"])

    def test_what_belongs_to_another_company_is_neither_found_nor_read(self):
        for model, record in self.theirs.items():
            with self.subTest(model=model):
                self.assertNotIn(
                    record.id, self._search(model, self.one, self.company).ids
                )
                with self.assertRaises(AccessError):
                    record.with_user(self.one).read(["display_name"])

    def test_who_works_for_both_sees_what_is_ticked_in_the_switcher(self):
        companies = self.company | self.other_company
        for model in self.mine:
            with self.subTest(model=model):
                self.assertEqual(len(self._search(model, self.both, companies)), 2)
                self.assertEqual(
                    len(self._search(model, self.both, self.other_company)), 1
                )
