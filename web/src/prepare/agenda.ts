// The agenda while it is being edited. Pure.
import type { AgendaItem, AgendaSet } from '../lib/api/schema';

export interface EditedItem {
    /** Of this row on the screen; kept when it moves. */
    key: number;
    id: string | null;
    title: string;
    presenterId: string;
    plannedMinutes: number;
}

export function editAgenda(items: readonly AgendaItem[]): EditedItem[] {
    return items.map((item, key) => ({
        key,
        id: item.id,
        title: item.title,
        presenterId: item.presenterId ?? '',
        plannedMinutes: item.plannedMinutes,
    }));
}

export function addItem(items: readonly EditedItem[]): EditedItem[] {
    const key = Math.max(-1, ...items.map((item) => item.key)) + 1;
    return [...items, { key, id: null, title: '', presenterId: '', plannedMinutes: 15 }];
}

/** The item at `index` one place up (-1) or down (+1); unchanged at the ends. */
export function moveItem(items: readonly EditedItem[], index: number, by: -1 | 1): EditedItem[] {
    const moved = [...items];
    const [one, other] = [moved[index], moved[index + by]];
    if (!one || !other) return moved;
    moved[index] = other;
    moved[index + by] = one;
    return moved;
}

/** What is sent: rows without a title are left out. */
export function agendaCommand(items: readonly EditedItem[]): AgendaSet {
    return {
        kind: 'agenda.set',
        items: items
            .filter((item) => item.title.trim() !== '')
            .map((item) => ({
                ...(item.id === null ? {} : { id: item.id }),
                ...(item.presenterId === '' ? {} : { presenterId: item.presenterId }),
                title: item.title.trim().normalize('NFC'),
                plannedMinutes: Math.max(0, Math.trunc(item.plannedMinutes) || 0),
            })),
    };
}
