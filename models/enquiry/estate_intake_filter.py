"""Listings are judged by the criteria of their source before they enter."""

from dataclasses import dataclass, replace
from decimal import Decimal

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang
from odoo.tools.translate import LazyTranslate

from ...tools import intake_filter
from ...tools.neutral import Problem

_lt = LazyTranslate(__name__)

AGAINST = {
    "deal": _lt("the deal is %(deal)s"),
    "type": _lt("the type is %(type)s"),
    "price_low": _lt("%(price)s is below %(price_min)s"),
    "price_high": _lt("%(price)s is not below %(price_max)s"),
    "place": _lt("%(place)s lies outside"),
}
# Points that cannot be told -> the neutral value a person has to fill in.
UNKNOWN = {"deal": "deal_type", "type": "type_code", "price": "price", "place": "zip"}
DUPLICATES = {
    "address": _lt("%(property)s is already here: same address, area and deal."),
    "phone": _lt("%(property)s is already here: same phone, price and deal."),
}
# A property in one of these states is over: the same offer again is a new one.
OVER = ("closed", "withdrawn")


@dataclass(slots=True)
class Sieve:
    """The criteria of a source as a file is worked off: read once, used in batches."""

    records: models.BaseModel
    criteria: list


@dataclass(frozen=True, slots=True)
class Refusal:
    """A listing that does not enter: why, and which property stands in its way."""

    listing: object
    reason: str
    property: models.BaseModel | None = None


class IntakeFilter(models.AbstractModel):
    """The part of an intake message that asks whether a listing is wanted."""

    _name = "estate.intake.filter.mixin"
    _description = "Intake filter"

    def _get_sieve(self):
        records = self.source_id.criterion_ids
        return Sieve(records, records._gather_criteria())

    def _filter_listings(self, listings, lookups):
        """Split new listings by what the source's criteria say.

        :param listings: list of `neutral.Listing`
        :param dict lookups: ids by code
        :return: (listings that enter, list of `Refusal`); those that cannot be judged
            enter with a problem, so that a person looks at them
        """
        sieve = self._get_sieve()
        wanted, refusals = [], []
        for listing in listings:
            candidate = self._gather_candidate(listing, lookups)
            verdict = intake_filter.judge(candidate, sieve.criteria)
            if verdict.outcome == intake_filter.REFUSED:
                reason = self._explain_refusal(verdict, sieve, candidate, listing)
                refusals.append(Refusal(listing, reason))
            else:
                wanted.append(self._mark_unknown(listing, verdict))
        if self.source_id.refuse_duplicates:
            wanted, twins = self._split_duplicates(wanted, lookups)
            refusals += twins
        return wanted, refusals

    def _mark_unknown(self, listing, verdict):
        problems = tuple(Problem("needed", UNKNOWN[point]) for point in verdict.points)
        if verdict.outcome != intake_filter.OPEN:
            return listing
        return replace(listing, problems=(*listing.problems, *problems))

    # === GATHER ===

    def _gather_candidate(self, listing, lookups):
        index = self.env["estate.territory"]._get_place_index(self.company_id.id)
        return intake_filter.Candidate(
            deal_type=listing.deal_type,
            type=lookups["type_id"].get(listing.type_code),
            price=self._get_listing_price(listing, lookups),
            zip=listing.zip,
            city=listing.city,
            territories=frozenset(index.find(listing.zip, listing.city)),
        )

    def _get_listing_price(self, listing, lookups):
        currency = lookups["currency_id"].get(listing.currency)
        return self._get_company_price(
            listing.price, self.env["res.currency"].browse(currency)
        )

    def _get_company_price(self, price, currency):
        """Return a price in the company's currency at today's rate, None if unknown."""
        own = self.company_id.currency_id
        if price is None or not currency or currency == own:
            return price
        today = fields.Date.context_today(self)
        value = currency._convert(float(price), own, self.company_id, today)
        return Decimal(str(value))

    # === DUPLICATES ===

    def _split_duplicates(self, listings, lookups):
        """Split listings into new ones and those we already have, also in this batch.

        Batches before this one have become properties.
        """
        offers = [self._gather_offer(listing, lookups) for listing in listings]
        known = self._find_known_offers(offers)
        fresh, refusals, told = [], [], {}
        for listing, offer in zip(listings, offers, strict=True):
            keys = sorted(intake_filter.find_keys(offer), key=repr)
            hits = [(key, known[key]) for key in keys if key in known]
            earlier = [told[key] for key in keys if key in told]
            if hits:
                (reason, *_rest), prop = hits[0]
                text = str(DUPLICATES[reason]) % {"property": prop.display_name}
                refusals.append(Refusal(listing, text, prop))
            elif earlier:
                text = self.env._("The same file holds it already as %s.", earlier[0])
                refusals.append(Refusal(listing, text))
            else:
                fresh.append(listing)
                told |= dict.fromkeys(keys, listing.key)
        return fresh, refusals

    def _gather_offer(self, listing, lookups):
        country = self.company_id.country_id.code or ""
        partners = self.env["res.partner"]
        return intake_filter.Offer(
            deal_type=listing.deal_type,
            street=listing.street,
            zip=listing.zip,
            city=listing.city,
            area=listing.living_area,
            price=self._get_listing_price(listing, lookups),
            phones=frozenset(partners._get_valid_phones(listing.contact, country)),
        )

    def _find_known_offers(self, offers):
        """Return key -> property, the oldest one, of what may be one of the offers."""
        areas = {round(offer.area) for offer in offers if offer.area}
        phones = {phone for offer in offers for phone in offer.phones}
        known = {}
        for prop in self._search_similar_properties(areas, phones):
            for key in intake_filter.find_keys(self._gather_known_offer(prop)):
                known.setdefault(key, prop)
        return known

    def _search_similar_properties(self, areas, phones):
        """Return the properties with one of these areas or phones, oldest first."""
        # sudo: res.partner - a listing is a duplicate, whoever may see its owner
        partners = self.env["res.partner"].sudo()
        owners = partners.search([("phone_sanitized", "in", list(phones))])
        same = [("owner_ids", "in", owners.ids), ("broker_id", "in", owners.ids)]
        # Half a square metre each way is the same area, see `find_keys`.
        near = [
            ["&", ("living_area", ">=", area - 0.5), ("living_area", "<=", area + 0.5)]
            for area in sorted(areas)
        ]
        domain = Domain.OR([*near, *([term] for term in same)])
        domain &= Domain("company_id", "=", self.company_id.id)
        domain &= Domain("state", "not in", OVER)
        return self.env["estate.property"].search(domain, order="id")

    def _gather_known_offer(self, prop):
        # sudo: res.partner - as above; only whether the number is the same is asked
        people = (prop.owner_ids | prop.broker_id).sudo()
        price = Decimal(str(prop.price)) if prop.price else None
        return intake_filter.Offer(
            deal_type=prop.deal_type or "",
            street=prop.street or "",
            zip=prop.zip or "",
            city=prop.city or "",
            area=prop.living_area,
            price=self._get_company_price(price, prop.currency_id),
            phones=frozenset(filter(None, people.mapped("phone_sanitized"))),
        )

    # === TELL ===

    def _explain_refusal(self, verdict, sieve, candidate, listing):
        """Return the sentence a person reads: which criterion, what is against it."""
        criterion = sieve.records.browse(verdict.key)
        kind = self.env["estate.property.type"].browse(candidate.type)
        values = {
            "deal": self._get_deal_name(listing.deal_type),
            "type": kind.display_name if candidate.type else listing.type_code,
            "price": self._format_price(candidate.price),
            "price_min": self._format_price(criterion.price_min),
            "price_max": self._format_price(criterion.price_max),
            "place": " ".join(filter(None, (listing.zip, listing.city))),
        }
        points = [str(AGAINST[point]) % values for point in verdict.points]
        return f"{criterion.name}: {', '.join(points)}."

    def _get_deal_name(self, deal_type):
        selection = self.env["estate.property"]._fields["deal_type"]
        return dict(selection._description_selection(self.env)).get(deal_type, "")

    def _format_price(self, price):
        if price is None:
            return ""
        return formatLang(
            self.env, float(price), digits=0, currency_obj=self.company_id.currency_id
        )

    def _summarize_listing(self, listing, lookups):
        """Return one line that tells people which object it is."""
        kind = self.env["estate.property.type"].browse(
            lookups["type_id"].get(listing.type_code)
        )
        price = "" if listing.price is None else f"{listing.price:,} {listing.currency}"
        place = " ".join(filter(None, (listing.zip, listing.city)))
        parts = (
            kind.name,
            self._get_deal_name(listing.deal_type),
            price.strip(),
            listing.street,
            place,
        )
        return ", ".join(filter(None, parts)) or listing.title
