import { expect, it } from 'vitest';
import { parseMoment } from './moment';
import { clockTime, dayMonthYear } from './time';

it('reads what it writes', () => {
    const at = new Date(2026, 10, 3, 7, 5).getTime();
    expect(parseMoment(dayMonthYear(at), clockTime(at))).toBe(at);
});

it('reads the usual ways to write a day and a time', () => {
    const at = new Date(2026, 10, 3, 14, 0).getTime();
    for (const [day, clock] of [
        ['3/11/2026', '14:00'],
        ['03-11-2026', '14h00'],
        [' 03.11.2026 ', '14'],
    ] as const) {
        expect(parseMoment(day, clock)).toBe(at);
    }
});

it('refuses days and times that do not exist', () => {
    expect(parseMoment('31/02/2026', '10:00')).toBeNull();
    expect(parseMoment('11/23/2026', '10:00')).toBeNull();
    expect(parseMoment('23/11/26', '10:00')).toBeNull();
    expect(parseMoment('23/11/2026', '24:00')).toBeNull();
    expect(parseMoment('23/11/2026', '10:75')).toBeNull();
    expect(parseMoment('', '')).toBeNull();
});
