// Matching a path against patterns such as /meetings/:id/room. Pure.

export type Parameters = Readonly<Record<string, string>>;

/** The pattern's parameters, or null when `path` is another one. A trailing slash does not count. */
export function matchPath(pattern: string, path: string): Parameters | null {
    const wanted = pattern.split('/').filter(Boolean);
    const given = path.split('/').filter(Boolean);
    if (wanted.length !== given.length) return null;

    const parameters: Record<string, string> = {};
    for (const [index, part] of wanted.entries()) {
        const value = given[index] ?? '';
        if (part.startsWith(':')) {
            try {
                parameters[part.slice(1)] = decodeURIComponent(value);
            } catch {
                return null; // a broken %-escape is nobody's id
            }
        } else if (part !== value) {
            return null;
        }
    }
    return parameters;
}
