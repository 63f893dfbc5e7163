import {deserializeDateTime} from "@web/core/l10n/dates";
import {is24HourFormat} from "@web/core/l10n/time";
import {_t} from "@web/core/l10n/translation";

const {DateTime} = luxon;

// From this many minutes on a call is shown as late.
const LATE_AFTER = 60;

/**
 * Returns a moment as people say it on the phone: "16:30", "Tomorrow 09:00", "Monday
 * 09:00", "Mar 12, 09:00".
 *
 * @param {string} value serialized date and time, UTC
 * @returns {string} empty without a value
 */
export function formatMoment(value) {
    if (!value) {
        return "";
    }
    const moment = deserializeDateTime(value);
    const time = formatTime(value);
    const today = DateTime.now().startOf("day");
    const days = Math.round(moment.startOf("day").diff(today, "days").days);
    if (days === 0) {
        return time;
    }
    if (days === 1) {
        return _t("Tomorrow %(time)s", {time});
    }
    if (days === -1) {
        return _t("Yesterday %(time)s", {time});
    }
    if (days > 1 && days < 7) {
        return `${moment.toFormat("cccc")} ${time}`;
    }
    return `${moment.toLocaleString({day: "numeric", month: "short"})}, ${time}`;
}

/**
 * @param {string} value serialized date and time, UTC
 * @returns {string} hours and minutes as the language of the user writes them
 */
export function formatTime(value) {
    return deserializeDateTime(value).toFormat(is24HourFormat() ? "HH:mm" : "h:mm a");
}

/**
 * @param {string} value serialized date and time, UTC
 * @returns {boolean} whether a call that was due then has waited too long
 */
export function isLate(value) {
    return (
        DateTime.now().diff(deserializeDateTime(value), "minutes").minutes > LATE_AFTER
    );
}

/**
 * @param {string} value serialized date
 * @returns {string} such as "Wed, Mar 4"
 */
export function formatDay(value) {
    return DateTime.fromISO(value).toLocaleString({
        weekday: "short",
        day: "numeric",
        month: "short",
    });
}
