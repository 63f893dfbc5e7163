import logging
from datetime import timedelta
from threading import Thread
from time import sleep

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

# Fields that say where a property stands, as far as a service is asked about them.
ADDRESS = ("street", "zip", "city", "state_id", "country_id")
# Free services want no more than one request a second.
SECONDS_BETWEEN_REQUESTS = 1
TIMEOUT_SECONDS = 10
# After so many errors in a row the service is down: the next run asks again.
MOST_ERRORS = 3
# Hours until an address is asked for again; the last one goes on.
RETRY_HOURS = (1, 24, 168, 720)


class PropertyPlace(models.AbstractModel):
    """Coordinates: given by people or a source, else found by the address."""

    _name = "estate.property.place.mixin"
    _description = "Property: where it lies"

    latitude = fields.Float(digits=(10, 7))
    longitude = fields.Float(digits=(10, 7))
    is_geocoded = fields.Boolean(
        "Coordinates found by address",
        readonly=True,
        help="They follow the address. Coordinates that were entered or imported stay.",
    )
    geocode_attempts = fields.Integer("Searches", readonly=True, copy=False)
    geocode_next_at = fields.Datetime("Next search", readonly=True, copy=False)
    geocode_error = fields.Char("Coordinates not found", readonly=True, copy=False)

    def _get_place(self):
        """Return where this property stands, in one line: street, postal code, city."""
        town = " ".join(filter(None, (self.zip, self.city)))
        return ", ".join(filter(None, (self.street, town)))

    @api.constrains("latitude", "longitude")
    def _check_coordinates_on_earth(self):
        for prop in self:
            if not _is_on_earth(prop.latitude, prop.longitude):
                raise ValidationError(
                    self.env._(
                        "%(property)s: latitude %(latitude)s, longitude %(longitude)s "
                        "is not on Earth. Latitudes go from -90 to 90, longitudes from "
                        "-180 to 180.",
                        property=prop.display_name,
                        latitude=prop.latitude,
                        longitude=prop.longitude,
                    )
                )

    # === CRUD ===

    def write(self, vals):
        if "is_geocoded" in vals or not {"latitude", "longitude", *ADDRESS} & set(vals):
            return super().write(vals)
        if "latitude" in vals or "longitude" in vals:
            given = {"is_geocoded": False, "geocode_error": False}
            return super().write(vals | given)
        before = {prop: prop._gather_address() for prop in self}
        result = super().write(vals)
        moved = self.filtered(lambda prop: prop._gather_address() != before[prop])
        moved._forget_search()
        return result

    def _forget_search(self):
        """Search for these anew: what was found or not was at another address."""
        self.filtered("is_geocoded").write(
            {"latitude": 0, "longitude": 0, "is_geocoded": False}
        )
        searched = self.filtered(lambda prop: prop.geocode_attempts)
        searched.write(
            {"geocode_attempts": 0, "geocode_next_at": False, "geocode_error": False}
        )

    # === COORDINATES BY ADDRESS ===

    @api.model
    def _get_geocode_domain(self):
        """Return the domain of what is searched for: a street, but no coordinates.

        A town alone is left out: its middle says nothing about the property.
        """
        town = Domain("zip", "!=", False) | Domain("city", "!=", False)
        due = Domain("geocode_next_at", "=", False) | Domain(
            "geocode_next_at", "<=", fields.Datetime.now()
        )
        return (
            Domain("latitude", "=", 0)
            & Domain("longitude", "=", 0)
            & Domain("street", "!=", False)
            & town
            & due
        )

    @api.model
    def _cron_geocode(self):
        """Ask for the coordinates of properties that have none, one each second.

        Nothing is locked while a service is asked: what people or a source entered
        meanwhile stays.
        """
        cron = self.env["ir.cron"]
        due = self.search(self._get_geocode_domain(), order="geocode_next_at, id")
        cron._commit_progress(remaining=len(due))
        errors = 0
        for prop in due:
            sleep(SECONDS_BETWEEN_REQUESTS)
            asked = prop._gather_address()
            point, error = prop._ask_geocoder(asked)
            # commit: nothing new; the answer is compared with what is true by now
            cron._commit_progress()
            prop._store_geocoded(asked, point, error)
            errors = errors + 1 if error else 0
            if errors >= MOST_ERRORS:
                # commit: what is stored; the rest waits for the next run
                cron._commit_progress(1, remaining=0)
                return
            if not cron._commit_progress(1):
                return

    def _gather_address(self):
        """Return the address as the parameters of Odoo's geocoder."""
        self.ensure_one()
        return {
            "street": self.street or "",
            "zip": self.zip or "",
            "city": self.city or "",
            "state": self.state_id.name or "",
            "country": self.country_id.name or "",
        }

    @api.model
    def _ask_geocoder(self, address):
        """Return ((latitude, longitude) or None, text of an error or "").

        Odoo's providers wait for ever; a thread of its own is left after
        `TIMEOUT_SECONDS`. What it reads from the database is read before it starts.
        """
        geocoder = self.env["base.geocoder"]
        query = geocoder.geo_query_address(**address)
        answers = []

        def ask():
            try:
                answers.append((geocoder.geo_find(query), ""))
            # Providers are foreign code: whatever it is, it is kept for a person.
            except Exception as error:  # noqa: BLE001
                answers.append((None, str(error) or type(error).__name__))

        thread = Thread(target=ask, name="estate.geocode", daemon=True)
        thread.start()
        thread.join(TIMEOUT_SECONDS)
        if not answers:
            _logger.warning("The geocoder did not answer in %s s", TIMEOUT_SECONDS)
            return None, self.env._("The service did not answer in time.")
        point, error = answers[0]
        if point and not (_is_on_earth(*point) and any(point)):
            point = None
        return point, error

    def _store_geocoded(self, asked, point, error):
        """Store the answer, unless somebody was quicker.

        :param dict asked: the address that was asked for
        :param point: (latitude, longitude) in degrees, None: not found
        :param str error: of the service
        """
        prop = self.try_lock_for_update()
        prop.invalidate_recordset()
        if not prop or prop.latitude or prop.longitude:
            return
        if prop._gather_address() != asked:
            return
        attempts = prop.geocode_attempts + 1
        if point:
            found = {"latitude": point[0], "longitude": point[1], "is_geocoded": True}
            prop.write(
                found
                | {
                    "geocode_attempts": attempts,
                    "geocode_next_at": False,
                    "geocode_error": False,
                }
            )
            return
        hours = RETRY_HOURS[min(attempts, len(RETRY_HOURS)) - 1]
        prop.write(
            {
                "geocode_attempts": attempts,
                "geocode_next_at": fields.Datetime.now() + timedelta(hours=hours),
                "geocode_error": error
                or self.env._(
                    "This address was not found on the map. Check its spelling."
                ),
            }
        )


def _is_on_earth(latitude, longitude):
    return abs(latitude) <= 90 and abs(longitude) <= 180
