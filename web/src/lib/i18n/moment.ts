// Reading a day and a time as people here write them. The browser's own date field shows the
// format of the browser's language, whatever the page says, so ours is two plain fields. Pure.

/** Milliseconds of "23/11/2026" and "14:05" in local time; null if there is no such moment. */
export function parseMoment(day: string, clock: string): number | null {
    const date = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(day);
    const time = /^\s*(\d{1,2})(?:[:hg](\d{2}))?\s*$/i.exec(clock);
    if (!date || !time) return null;

    const [dayNumber, month, year] = date.slice(1).map(Number) as [number, number, number];
    const [hours, minutes] = [Number(time[1]), Number(time[2] ?? 0)];
    if (hours > 23 || minutes > 59) return null;
    const moment = new Date(year, month - 1, dayNumber, hours, minutes);
    // The constructor turns the 31st of a short month into the next month.
    const exists = moment.getMonth() === month - 1 && moment.getDate() === dayNumber;
    return exists ? moment.getTime() : null;
}
