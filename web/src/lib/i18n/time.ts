// Dates and times as Vietnamese offices write them: 24 hours, day before month.
import type { Language } from './language.svelte';

const WEEKDAYS = {
    vi: ['Chủ nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy'],
    en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
};

function two(value: number): string {
    return String(value).padStart(2, '0');
}

/** "14:05" */
export function clockTime(at: number): string {
    const date = new Date(at);
    return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** "23/11/2026" */
export function dayMonthYear(at: number): string {
    const date = new Date(at);
    return `${two(date.getDate())}/${two(date.getMonth() + 1)}/${date.getFullYear()}`;
}

/** "Thứ Hai, 23/11/2026" */
export function weekday(at: number, language: Language): string {
    return `${WEEKDAYS[language][new Date(at).getDay()]}, ${dayMonthYear(at)}`;
}

/** "1:02:03" or "02:03"; a negative length counts as none. */
export function duration(lengthMs: number): string {
    const seconds = Math.max(0, Math.floor(lengthMs / 1000));
    const hours = Math.floor(seconds / 3600);
    const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    return hours > 0 ? `${hours}:${rest}` : rest;
}

/** "1,4 MB" in Vietnamese, "1.4 MB" in English. */
export function fileSize(bytes: number, language: Language): string {
    const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : [bytes / 1e6, 'MB'];
    const text = value < 10 ? value.toFixed(1) : value.toFixed(0);
    return `${language === 'vi' ? text.replace('.', ',') : text} ${unit}`;
}
