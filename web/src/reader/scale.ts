/** Tablets blank a canvas beyond their memory limit, so ours never has more pixels than this. */
export const CANVAS_MAX_PX = 4_000_000;

/** How many canvas pixels to draw for each CSS pixel of a page of this size. */
export function canvasScale(width: number, height: number, density: number): number {
    const wanted = Math.max(1, density || 1);
    const fits = Math.sqrt(CANVAS_MAX_PX / Math.max(1, width * height));
    return Math.min(wanted, fits);
}

/** `page` brought into 1…count. */
export function clampPage(page: number, count: number): number {
    return Math.min(Math.max(1, Math.trunc(page) || 1), Math.max(1, count));
}
