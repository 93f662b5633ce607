// Where two pictures of a page differ. Pure; the pictures are what a canvas gives: four bytes a dot.

/** In dots of the picture. */
export interface Region {
    x: number;
    y: number;
    width: number;
    height: number;
}

/** Two renderings of the same thing may differ a little at the edges of letters. */
const DEPTH_MIN = 48;
const CELL = 8;
/** Cells so far apart still belong together: the letters of a word, the lines of a stamp. */
const REACH_CELLS = 3;
/** Of more regions than this, people see one: the page. */
export const REGIONS_MAX = 12;

/** True for every cell of CELL × CELL dots in which at least one dot differs. */
function changedCells(
    before: Uint8ClampedArray,
    after: Uint8ClampedArray,
    width: number,
    height: number,
): { cells: Uint8Array; columns: number; rows: number } {
    const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
    const cells = new Uint8Array(columns * rows);
    for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1) {
            const at = (y * width + x) * 4;
            const depth = Math.max(
                Math.abs((before[at] ?? 0) - (after[at] ?? 0)),
                Math.abs((before[at + 1] ?? 0) - (after[at + 1] ?? 0)),
                Math.abs((before[at + 2] ?? 0) - (after[at + 2] ?? 0)),
            );
            if (depth >= DEPTH_MIN) {
                cells[Math.floor(y / CELL) * columns + Math.floor(x / CELL)] = 1;
            }
        }
    }
    return { cells, columns, rows };
}

/** The smallest box around both. */
export function around(one: Region, other: Region): Region {
    const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
    return {
        x,
        y,
        width: Math.max(one.x + one.width, other.x + other.width) - x,
        height: Math.max(one.y + one.height, other.y + other.height) - y,
    };
}

/** The box around all cells that are within reach of each other; takes them out of `cells`. */
function takeGroup(cells: Uint8Array, columns: number, rows: number, start: number): Region {
    let box: Region = { x: start % columns, y: Math.floor(start / columns), width: 1, height: 1 };
    const open = [start];
    cells[start] = 0;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
        const [x, y] = [at % columns, Math.floor(at / columns)];
        box = around(box, { x, y, width: 1, height: 1 });
        for (let dy = -REACH_CELLS; dy <= REACH_CELLS; dy += 1) {
            for (let dx = -REACH_CELLS; dx <= REACH_CELLS; dx += 1) {
                const [nx, ny] = [x + dx, y + dy];
                if (nx < 0 || ny < 0 || nx >= columns || ny >= rows) continue;
                const next = ny * columns + nx;
                if (!cells[next]) continue;
                cells[next] = 0;
                open.push(next);
            }
        }
    }
    return box;
}

/** Boxes around what differs, from the top of the page down; none: nothing that can be seen does. */
export function regionsOf(
    before: Uint8ClampedArray,
    after: Uint8ClampedArray,
    width: number,
    height: number,
): Region[] {
    const { cells, columns, rows } = changedCells(before, after, width, height);
    const boxes: Region[] = [];
    for (let at = 0; at < cells.length; at += 1) {
        if (cells[at]) boxes.push(takeGroup(cells, columns, rows, at));
    }
    const [first, ...rest] = boxes;
    const kept = first && boxes.length > REGIONS_MAX ? [rest.reduce(around, first)] : boxes;
    return kept.map(({ x, y, width: w, height: h }) => ({
        x: x * CELL,
        y: y * CELL,
        width: Math.min(w * CELL, width - x * CELL),
        height: Math.min(h * CELL, height - y * CELL),
    }));
}

/** What to show of a page so that `regions` are seen with what stands around them: at least half of
 * its width and a quarter of its height. */
export function cutout(regions: readonly Region[], width: number, height: number): Region {
    const whole = { x: 0, y: 0, width, height };
    const [first, ...rest] = regions;
    if (!first) return whole;
    const box = rest.reduce(around, first);
    const margin = Math.round(width * 0.06);
    const side = (start: number, size: number, least: number, most: number) => {
        const wanted = Math.min(most, Math.max(Math.ceil(least), size + 2 * margin));
        const centred = Math.floor(start - (wanted - size) / 2);
        return [Math.max(0, Math.min(centred, most - wanted)), wanted] as const;
    };
    const [x, w] = side(box.x, box.width, width / 2, width);
    const [y, h] = side(box.y, box.height, height / 4, height);
    return { x, y, width: w, height: h };
}

export type Third = 0 | 1 | 2;

/** In which third of the page's height and width the middle of `regions` lies, for words. */
export function placeOf(regions: readonly Region[], width: number, height: number): [Third, Third] {
    const [first, ...rest] = regions;
    const box = first ? rest.reduce(around, first) : { x: 0, y: 0, width, height };
    const third = (middle: number, size: number) =>
        Math.min(2, Math.max(0, Math.floor((3 * middle) / size))) as Third;
    return [third(box.y + box.height / 2, height), third(box.x + box.width / 2, width)];
}
