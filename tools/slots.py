"""The next free time for an appointment."""

from datetime import timedelta


def first_free(earliest, length, open_pairs, busy_pairs, step=timedelta(minutes=30)):
    """Return the first start from `earliest` on at which an appointment fits, or None.

    It lies wholly inside one opening, touches nothing busy, and starts on a whole step
    after the opening began.

    :param earliest: datetime
    :param length: timedelta of the appointment
    :param open_pairs: sorted (start, stop) pairs of datetimes without overlap
    :param busy_pairs: (start, stop) pairs of datetimes, in any order
    :param step: timedelta between two starts that are offered
    """
    busy = sorted(busy_pairs)
    for opening, closing in open_pairs:
        start = opening
        if earliest > opening:
            start += -((opening - earliest) // step) * step
        while start + length <= closing:
            clash = _find_clash(start, start + length, busy)
            if clash is None:
                return start
            start += max(-((start - clash) // step), 1) * step
    return None


def free_starts(earliest, length, open_pairs, busy_pairs, count, per_day=3):
    """Return the first starts that `first_free` finds, one after the other.

    They do not overlap, and no more than `per_day` of them are on one day.

    :param int count: how many at most
    :return: list of datetimes, in order
    """
    starts = []
    while len(starts) < count:
        start = first_free(earliest, length, open_pairs, busy_pairs)
        if start is None:
            break
        starts.append(start)
        earliest = start + length
        of_day = [found for found in starts if found.date() == start.date()]
        if len(of_day) >= per_day:
            midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
            earliest = midnight + timedelta(days=1)
    return starts


def _find_clash(start, stop, busy):
    """Return when the first busy time that touches [start, stop) is over, or None."""
    return next((end for begin, end in busy if begin < stop and end > start), None)
