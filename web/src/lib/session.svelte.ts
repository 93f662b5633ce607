// Who is logged in on this page.
import { api, setCsrf, whenSessionIsOver } from './api/client';
import { asRefusal } from './api/refusal';
import type { Role, Session } from './api/schema';

let session = $state.raw<Session | null>(null);
let clockOffsetMs = 0;

function keep(received: Session | null): void {
    session = received;
    setCsrf(received?.csrf ?? '');
    if (received) clockOffsetMs = received.server.nowAt - Date.now();
}

export function currentSession(): Session | null {
    return session;
}

export function hasRole(role: Role): boolean {
    return session?.user.roles.includes(role) ?? false;
}

/** The server's time, since an office PC's clock may be minutes off. */
export function serverNow(): number {
    return Date.now() + clockOffsetMs;
}

/** True when the cookie still holds a session. Throws when the server cannot be asked. */
export async function restoreSession(): Promise<boolean> {
    try {
        keep(await api.session());
        return true;
    } catch (thrown) {
        if (asRefusal(thrown).status !== 401) throw thrown;
        keep(null);
        return false;
    }
}

export async function logIn(login: string, password: string): Promise<void> {
    keep(await api.logIn({ login, password }));
}

export async function logOut(): Promise<void> {
    await api.logOut();
    keep(null);
}

// The frame then shows the login screen, and comes back here after it.
whenSessionIsOver(() => keep(null));
