"""An appointment as an iCalendar file (RFC 5545), as mail programs understand it."""

from dataclasses import dataclass
from datetime import datetime

_FORMAT = "%Y%m%dT%H%M%SZ"
_MOST_BYTES = 75
_ESCAPES = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None}
)
# A parameter in quotes may hold anything but these.
_UNQUOTABLE = str.maketrans({'"': "'", "\n": " ", "\r": None})


@dataclass(frozen=True, slots=True)
class Appointment:
    """What stands in the file; moments are naive UTC.

    :param str uid: the same for every version of one appointment
    :param int sequence: higher with each version
    :param organizer: (name, mail address)
    :param attendee: (name, mail address), the one person that the file is for
    """

    uid: str
    sequence: int
    start: datetime
    stop: datetime
    summary: str
    location: str
    organizer: tuple
    attendee: tuple
    is_cancelled: bool = False


def build_file(appointment, now):
    """Return an invitation, or what calls one off, as bytes.

    :param appointment: `Appointment`
    :param datetime now: when it is written, naive UTC
    """
    method = "CANCEL" if appointment.is_cancelled else "REQUEST"
    status = "CANCELLED" if appointment.is_cancelled else "CONFIRMED"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//crm_real_estate//viewing//EN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{_escape(appointment.uid)}",
        f"SEQUENCE:{appointment.sequence}",
        f"DTSTAMP:{now.strftime(_FORMAT)}",
        f"DTSTART:{appointment.start.strftime(_FORMAT)}",
        f"DTEND:{appointment.stop.strftime(_FORMAT)}",
        f"SUMMARY:{_escape(appointment.summary)}",
        f"LOCATION:{_escape(appointment.location)}",
        f"STATUS:{status}",
        f"ORGANIZER;CN={_quote(appointment.organizer)}",
        f"ATTENDEE;RSVP=TRUE;CN={_quote(appointment.attendee)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_fold(line) for line in lines)


def _escape(text):
    return text.translate(_ESCAPES)


def _quote(person):
    name, address = person
    name = name.translate(_UNQUOTABLE)
    return f'"{name}":mailto:{"".join(address.split())}'


def _fold(line):
    """Return a line as bytes, broken so that no part is longer than 75 bytes."""
    parts, current = [], b""
    for sign in line:
        data = sign.encode()
        if len(current) + len(data) > _MOST_BYTES:
            parts.append(current)
            current = b" "
        current += data
    return b"\r\n".join([*parts, current]) + b"\r\n"
