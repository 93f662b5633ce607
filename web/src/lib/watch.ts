// Keeps a screen outside the meeting room current: reads again every few seconds while it is seen.

export const WATCH_EVERY_MS = 4000;

/** Calls `read` regularly until the returned function is called; one call at a time. */
export function watch(read: () => Promise<void>, everyMs = WATCH_EVERY_MS): () => void {
    let reading = false;
    const timer = setInterval(() => {
        if (reading || document.hidden) return;
        reading = true;
        void read().finally(() => {
            reading = false;
        });
    }, everyMs);
    return () => clearInterval(timer);
}
