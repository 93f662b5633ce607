// Which source is in which slot. The server's map with the highest number is the authority. Pure.
import type { LiveSlots } from '../lib/api/schema';

export interface SlotMap {
    readonly number: number;
    readonly stage: number;
    readonly screen: number;
    readonly tiles: readonly number[];
}

export const emptySlots: SlotMap = { number: -1, stage: 0, screen: 0, tiles: [] };

/** A map that is older than what is shown changes nothing. */
export function applySlots(shown: SlotMap, received: Omit<LiveSlots, 'type'>): SlotMap {
    if (received.number <= shown.number) return shown;
    const { number, stage, screen, tiles } = received;
    return { number, stage, screen, tiles };
}

export type SlotName = 'stage' | 'screen' | `tile${number}`;

export function sourceOf(map: SlotMap, slot: SlotName): number {
    if (slot === 'stage' || slot === 'screen') return map[slot];
    return map.tiles[Number(slot.slice('tile'.length))] ?? 0;
}

/** The slots whose source differs, in the order stage, screen, tiles. */
export function changedSlots(before: SlotMap, after: SlotMap): SlotName[] {
    const count = Math.max(before.tiles.length, after.tiles.length);
    const names: SlotName[] = ['stage', 'screen'];
    for (let index = 0; index < count; index += 1) names.push(`tile${index}`);
    return names.filter((name) => sourceOf(before, name) !== sourceOf(after, name));
}

/** The sources to ask for in the tile slots: page `page` of `sources`, unused slots left out. */
export function tilePage(sources: readonly number[], page: number, perPage: number): number[] {
    return sources.slice(page * perPage, (page + 1) * perPage);
}

export function pageCount(sourceCount: number, perPage: number): number {
    return Math.max(1, Math.ceil(sourceCount / perPage));
}
