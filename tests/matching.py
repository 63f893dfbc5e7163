"""What the tests of matching share: a seeker, places, offers."""

from .common import EstateCase


class MatchingCase(EstateCase):
    """Sam searches for an apartment in Prague for up to 6 million."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reasons = {
            name: cls.env.ref(f"crm_real_estate.estate_refusal_reason_{name}")
            for name in ("price", "small", "other", "found")
        }
        territories = cls.env["estate.territory"]
        cls.city = territories.create({"name": "Praha"})
        cls.district = territories.create(
            {"name": "Praha 1", "parent_id": cls.city.id, "postal_codes": "110*"}
        )
        cls.elsewhere = territories.create({"name": "Brno", "postal_codes": "602*"})
        cls.seeker = cls._create_contact("Sam Seeker", email="sam@example.com")
        cls.apartment = cls.env.ref("crm_real_estate.estate_property_type_apartment")

    @classmethod
    def _create_search(cls, partner=None, **values):
        search = cls.env["estate.search"].create(
            {
                "partner_id": (partner or cls.seeker).id,
                "agent_id": cls.agent.id,
                "deal_type": "sale",
                "price_max": 6_000_000,
                **values,
            }
        )
        cls._settle()
        return search

    @classmethod
    def _create_offer(cls, **values):
        prop = cls._create_property(
            **{"state": "on_market", "agent_id": cls.second_agent.id, **values}
        )
        cls._settle()
        return prop

    @classmethod
    def _settle(cls):
        """Do what the end of the transaction does."""
        cls.env.cr.flush()

    @classmethod
    def _get_pairs(cls, *records):
        domain = [
            ("search_id" if r._name == "estate.search" else "property_id", "=", r.id)
            for r in records
        ]
        return cls.env["estate.pair"].search(domain)

    def _fits(self, search, prop):
        return bool(self._get_pairs(search, prop).filtered("is_fitting"))
