from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import matching
from .match_statement import get_demand, get_offered, get_upkeep

# So many changed records are followed at once; more are left to the job.
MOST_AT_ONCE = 40
# From so many properties on, joining by place beats asking the index for each.
MANY_PROPERTIES = 100
DUE = "crm_real_estate.due"


class Pair(models.Model):
    _inherit = "estate.pair"

    # === WHEN ===

    @api.model
    def _put_due(self, properties=(), searches=()):
        """Follow these changed records when this transaction is about to end."""
        precommit = self.env.cr.precommit
        due = precommit.data.get(DUE)
        if due is None:
            due = precommit.data[DUE] = (set(), set())
            precommit.add(self._settle)
        for ids, records in zip(due, (properties, searches), strict=True):
            ids.update(record.id for record in records if isinstance(record.id, int))

    @api.model
    def _settle(self):
        """Bring the pairs of all that is due up to date now; of many, the job does."""
        # What is not computed yet may be due, too.
        self.env.flush_all()
        due = self.env.cr.precommit.data.pop(DUE, None)
        if not due or not any(due):
            return
        # sudo: estate.property, estate.search - pairs follow whoever changes something
        properties = self.env["estate.property"].sudo().browse(due[0]).exists()
        searches = self.env["estate.search"].sudo().browse(due[1]).exists()
        if len(properties) + len(searches) <= MOST_AT_ONCE:
            self._match(properties, searches)
        self.env["estate.match.mark"]._leave(properties, searches)

    # === MATCH ===

    @api.model
    def _match(self, properties, searches):
        """Make the pairs of these properties and of these searches agree with them.

        :return: numbers of pairs added, changed and ended
        """
        counts = [0, 0, 0]
        if properties:
            ids = tuple(properties.ids)
            counts = self._run_upkeep(
                SQL("p.id IN %s AND p.is_offered", ids),
                SQL("TRUE"),
                SQL("x.property_id IN %s", ids),
                is_many=len(ids) >= MANY_PROPERTIES,
            )
        if searches:
            ids = tuple(searches.ids)
            found = self._run_upkeep(
                SQL("p.is_offered"),
                SQL("s.id IN %s", ids),
                SQL("x.search_id IN %s", ids),
            )
            counts = [one + other for one, other in zip(counts, found, strict=True)]
        return counts

    @api.model
    def _match_all(self):
        """Make all pairs agree with all properties and searches."""
        return self._run_upkeep(
            SQL("p.is_offered"), SQL("TRUE"), SQL("TRUE"), is_many=True
        )

    @api.model
    def _run_upkeep(self, properties, searches, touched, is_many=False):
        self.env.flush_all()
        # Raw SQL: compiling the statement takes longer than running it for one record.
        self.env.cr.execute("SET LOCAL jit = off")
        # Raw SQL: sets are compared where they lie; all values are parameters. The
        # columns of the pairs that it writes are nobody's but this statement's.
        self.env.cr.execute(
            get_upkeep(
                get_offered(properties, self._get_rates()),
                searches,
                touched,
                fields.Date.today(),
                is_many,
            )
        )
        counts = list(self.env.cr.fetchone())
        self.invalidate_model()
        self.env["estate.property"].invalidate_model(["match_count", "pair_ids"])
        self.env["estate.search"].invalidate_model(["match_count", "pair_ids"])
        return counts

    @api.model
    def _get_rates(self):
        """Return today's factors of currencies other than the company's.

        :return: list of (company id, currency id, factor)
        """
        # sudo: res.company, res.currency - rates are the same for everybody
        companies = self.env["res.company"].sudo().search([])  # pylint: disable=no-search-all
        currencies = self.env["res.currency"].sudo().search([])  # pylint: disable=no-search-all
        today = fields.Date.today()
        return [
            (
                company.id,
                currency.id,
                Decimal(
                    repr(
                        currency._get_conversion_rate(
                            currency, company.currency_id, company, today
                        )
                    )
                ),
            )
            for company in companies
            for currency in currencies
            if currency != company.currency_id
        ]

    # === DEMAND ===

    @api.model
    def _count_seekers(self, properties, steps):
        """Return {property: {percent: seekers who would fit at that price}}.

        No seeker is named; each counts once, however many searches he has.

        :param steps: changes of the price in percent, such as (0, -5)
        """
        counts = {prop: dict.fromkeys(steps, 0) for prop in properties}
        if not properties:
            return counts
        self.env.flush_all()
        # Raw SQL: counting where it lies; how many there are is nobody's secret.
        self.env.cr.execute(
            get_demand(
                get_offered(
                    SQL("p.id IN %s", tuple(properties.ids)), self._get_rates()
                ),
                steps,
                fields.Date.today(),
            )
        )
        for prop_id, percent, count in self.env.cr.fetchall():
            counts[properties.browse(prop_id)][percent] = count
        return counts

    # === PLAIN VALUES, FOR ONE PAIR ===

    @api.model
    def _gather_wanted(self, search):
        """Return a search as plain values of `tools.matching`."""
        return matching.Wanted(
            deal_type=search.deal_type,
            types=frozenset(search.type_ids.ids),
            places=frozenset(search.territory_ids.ids),
            excluded=frozenset(search.excluded_territory_ids.ids),
            segment=search.segment or "",
            market=search.market or "",
            usage=search.usage or "",
            tolerance=search.tolerance_percent,
            **{
                f"{name}_{end}": to_exact(search[f"{name}_{end}"])
                for name in ("price", "area", "room")
                for end in ("min", "max")
            },
        )

    @api.model
    def _gather_offered(self, prop):
        """Return a property as plain values of `tools.matching`."""
        kinds = (prop.type_id.parent_path or "").split("/")
        return matching.Offered(
            deal_type=prop.deal_type or "",
            types=frozenset(int(key) for key in kinds if key),
            price=to_exact(prop.price),
            area=to_exact(prop.living_area or prop.plot_area),
            rooms=to_exact(prop.room_count),
            places=frozenset(prop.territory_ids.ids),
            segment=prop.segment or "",
            market=prop.market or "",
            usage=prop.usage or "",
        )


def to_exact(value):
    """Return a float as the number that it is written as."""
    return Decimal(repr(round(value or 0, 2)))
