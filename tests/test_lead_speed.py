"""What our phases cost: no query more for each further lead than Odoo's own leads."""

from odoo.tests import tagged

from .common import EstateCase

FEW, MANY = 5, 25


@tagged("post_install", "-at_install", "crm_real_estate")
class TestManyLeadsAreOneBatch(EstateCase):
    """Queries that each further lead costs, beside the same on Odoo's own leads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The distribution is measured by its own tests.
        rules = cls.env["base.automation"].search([("model_name", "=", "crm.lead")])
        rules.active = False

    # === MEASURE ===

    def _assert_no_dearer(self, act, ours=None):
        """An act on estate leads costs no more queries a lead than on own leads.

        :param act: function of leads
        :param ours: function of estate leads, where it is another one
        """
        cost = self._get_queries_per_lead(self._create_ours, ours or act)
        self.assertLessEqual(cost, self._get_queries_per_lead(self._create_own, act))

    def _get_queries_per_lead(self, prepare, act):
        few, many = prepare(FEW), prepare(MANY)
        act(prepare(1))  # what is read once for all
        growth = self._count_queries(act, many) - self._count_queries(act, few)
        return growth / (MANY - FEW)

    def _count_queries(self, act, records):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act(records)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    # === DATA ===

    def _create_owned_properties(self, count):
        owners = self.env["res.partner"].create(
            [{"name": f"Owner {n}", "email": f"o{n}@example.com"} for n in range(count)]
        )
        return self.env["estate.property"].create(
            [
                {
                    "deal_type": "sale",
                    "city": "Praha",
                    "team_id": self.office.id,
                    "owner_ids": owner.ids,
                }
                for owner in owners
            ]
        )

    def _create_ours(self, count):
        return self._create_owned_properties(count)._create_owner_leads()

    def _create_own(self, count):
        return self._create_own_leads(self._create_owned_properties(count))

    def _create_own_leads(self, properties):
        return self.env["crm.lead"].create(
            [
                {
                    "name": prop.name,
                    "type": "opportunity",
                    "partner_id": prop.owner_ids.id,
                    "team_id": self.office.id,
                    "user_id": False,
                }
                for prop in properties
            ]
        )

    # === ACTS ===

    def test_creation(self):
        prepare = self._create_owned_properties
        own = self._get_queries_per_lead(prepare, self._create_own_leads)
        ours = self._get_queries_per_lead(
            prepare, lambda props: props._create_owner_leads()
        )
        self.assertLessEqual(ours, own)

    def test_a_move(self):
        self._assert_no_dearer(
            lambda leads: leads.write({"stage_id": self.env.ref("crm.stage_lead3").id}),
            lambda leads: leads.write({"stage_id": self._phase("acquisition", 5).id}),
        )

    def test_a_new_responsible(self):
        self._assert_no_dearer(lambda leads: leads.write({"user_id": self.agent.id}))

    def test_another_office(self):
        office = self._create_team("Office Brno")
        self._assert_no_dearer(lambda leads: leads.write({"team_id": office.id}))

    def test_another_office_with_its_own_phases(self):
        office = self._create_team("Office Brno")
        for number in range(1, 9):
            phase = self._phase("acquisition", number)
            phase.team_ids = self.office
            phase.copy({"team_ids": office.ids})
        self._assert_no_dearer(lambda leads: leads.write({"team_id": office.id}))

    def test_lost(self):
        self._assert_no_dearer(lambda leads: leads.action_set_lost())

    def test_won(self):
        self._assert_no_dearer(lambda leads: leads.action_set_won())

    def test_duplicates(self):
        self._assert_no_dearer(lambda leads: leads.mapped("duplicate_lead_count"))

    def test_events_that_move_many_leads(self):
        def tell(leads):
            self.env["estate.interaction"]._write_journal(
                [
                    {"type": "valuation", "lead_id": lead.id, "summary": "v"}
                    for lead in leads
                ]
            )
            self.assertEqual(leads.stage_id, self._phase("acquisition", 6))

        self.assertLess(self._get_queries_per_lead(self._create_ours, tell), 1)
