// Who is invited, as the lists that `units.invite` wants. Pure.
import type { Meeting, Unit, UnitName } from '../lib/api/schema';

export interface Invited {
    unitIds: string[];
    people: { id: string; name: string }[];
}

/** A unit brings its official, so a person counts as invited alone only without the unit. */
export function invitedOf(meeting: Meeting, units: readonly UnitName[]): Invited {
    const unitNames = new Set(units.map((unit) => unit.name));
    const people = meeting.participants
        .filter((one) => one.capacity !== 'chair' && one.capacity !== 'secretary')
        .filter((one) => !unitNames.has(one.unit))
        .map((one) => ({ id: one.userId, name: one.name }));
    return { unitIds: units.map((unit) => unit.id), people };
}

/** `units` without `id` if it is there, with it if it is not. */
export function toggled(units: readonly string[], id: string): string[] {
    return units.includes(id) ? units.filter((one) => one !== id) : [...units, id];
}

export function communesOf(units: readonly Unit[]): string[] {
    return units.filter((unit) => unit.kind === 'commune').map((unit) => unit.id);
}
