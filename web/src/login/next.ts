/** Where to go after the login: only a path of this application, never another site. */
export function nextPath(search: string): string {
    const next = new URLSearchParams(search).get('next') ?? '/';
    return /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/';
}
