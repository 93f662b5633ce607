// The address bar as state. A link is an ordinary <a href>; clicks on our own are answered here.

let path = $state(location.pathname);
let leaveGuard: (() => boolean) | null = null;

export function currentPath(): string {
    return path;
}

/** Goes to a path of this application; `replace` leaves no way back to the present one. */
export function go(to: string, how: { replace?: boolean } = {}): void {
    if (leaveGuard && !leaveGuard()) return;
    if (how.replace) history.replaceState(null, '', to);
    else history.pushState(null, '', to);
    path = location.pathname;
    scrollTo(0, 0);
}

/** While set, a screen is left only if `guard` agrees (unsaved minutes, a running meeting). */
export function guardLeaving(guard: (() => boolean) | null): void {
    leaveGuard = guard;
}

function ownLink(event: MouseEvent): string | null {
    if (event.defaultPrevented || event.button !== 0) return null;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
    const link = (event.target as Element | null)?.closest('a');
    if (!link?.href || link.target || link.hasAttribute('download')) return null;
    if (link.origin !== location.origin || link.pathname.startsWith('/api/')) return null;
    return link.pathname + link.search;
}

/** Called once, by main.ts. */
export function startRouter(): void {
    addEventListener('popstate', () => {
        path = location.pathname;
    });
    document.addEventListener('click', (event) => {
        const to = ownLink(event);
        if (to === null) return;
        event.preventDefault();
        go(to);
    });
}
