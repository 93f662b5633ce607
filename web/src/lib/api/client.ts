// The one place that calls fetch: adds the CSRF token, turns refusals and broken lines into
// Refusal. Names of paths and bodies stand in docs/protocol.md.
import { refusalOf, unreachable } from './refusal';
import type * as schema from './schema';

let csrf = '';

/** The token of the session, sent with everything that changes something. */
export function setCsrf(token: string): void {
    csrf = token;
}

let onSessionOver: () => void = () => undefined;

/** What to do when the server no longer knows the session: set once, by session.svelte.ts. */
export function whenSessionIsOver(act: () => void): void {
    onSessionOver = act;
}

interface Options {
    json?: unknown;
    raw?: Blob | ArrayBuffer;
    signal?: AbortSignal;
}

export async function send(method: string, path: string, options: Options = {}): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (method !== 'GET' && csrf) headers['X-CSRF'] = csrf;

    const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
    if (options.signal) init.signal = options.signal;
    if (options.json !== undefined) {
        headers['Content-Type'] = 'application/json';
        init.body = JSON.stringify(options.json);
    } else if (options.raw !== undefined) {
        headers['Content-Type'] = 'application/octet-stream';
        init.body = options.raw;
    }

    const response = await fetch(path, init).catch(() => {
        throw unreachable();
    });
    if (!response.ok) {
        const refusal = refusalOf(response.status, await response.json().catch(() => null));
        if (refusal.code === 'session.none') onSessionOver();
        throw refusal;
    }
    return response;
}

async function ask<T>(method: string, path: string, json?: unknown): Promise<T> {
    const response = await send(method, path, json === undefined ? {} : { json });
    return (response.status === 204 ? undefined : await response.json()) as T;
}

function withQuery(path: string, query: Record<string, string | number | undefined>): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
        if (value !== undefined && value !== '') parameters.set(name, String(value));
    }
    const text = parameters.toString();
    return text ? `${path}?${text}` : path;
}

export const api = {
    session: () => ask<schema.Session>('GET', '/api/v1/session'),
    logIn: (login: schema.Login) => ask<schema.Session>('POST', '/api/v1/session', login),
    logOut: () => ask<void>('DELETE', '/api/v1/session'),

    units: (query: { query?: string; after?: string; limit?: number }) =>
        ask<schema.UnitPage>('GET', withQuery('/api/v1/units', query)),
    users: (query: { query?: string; unit?: string; role?: schema.Role; after?: string }) =>
        ask<schema.UserPage>('GET', withQuery('/api/v1/users', query)),

    meetings: () => ask<schema.MeetingList>('GET', '/api/v1/meetings'),
    createMeeting: (draft: schema.MeetingDraft) =>
        ask<schema.Meeting>('POST', '/api/v1/meetings', draft),
    meeting: (id: string) => ask<schema.Meeting>('GET', `/api/v1/meetings/${id}`),
    participants: (
        id: string,
        query: { query?: string; present?: string; after?: string; limit?: number },
    ) =>
        ask<schema.ParticipantPage>('GET', withQuery(`/api/v1/meetings/${id}/participants`, query)),
    meetingUnits: (id: string) => ask<schema.MeetingUnits>('GET', `/api/v1/meetings/${id}/units`),
    command: (id: string, command: schema.Command) =>
        ask<schema.Committed>('POST', `/api/v1/meetings/${id}/commands`, command),

    documentPath: (id: string) => `/api/v1/documents/${id}/file`,
    file: (path: string) => send('GET', path),

    minutes: (id: string) => ask<schema.Minutes>('GET', `/api/v1/meetings/${id}/minutes`),
    minutesPath: (id: string) => `/api/v1/meetings/${id}/minutes/file`,
    keys: () => ask<schema.KeyList>('GET', '/api/v1/keys'),
    askForKey: (request: schema.KeyRequest) =>
        ask<schema.KeyAskedAnswer>('POST', '/api/v1/keys', request),
    revokeKey: (serial: string, revocation: schema.KeyRevocation) =>
        ask<schema.KeyAnswer>('POST', `/api/v1/keys/${serial}/revocation`, revocation),
    keyRequests: () => ask<schema.KeyRequestList>('GET', '/api/v1/key-requests'),
    decideKeyRequest: (id: string, decision: schema.KeyDecision) =>
        ask<schema.KeyAskedAnswer>('POST', `/api/v1/key-requests/${id}`, decision),
    certificates: (query: { query?: string; after?: string }) =>
        ask<schema.CertificatePage>('GET', withQuery('/api/v1/certificates', query)),
    prepareSigning: (id: string, request: schema.SigningRequest) =>
        ask<schema.SigningPrepared>('POST', `/api/v1/meetings/${id}/minutes/signatures`, request),
    completeSigning: (id: string, answer: schema.SigningAnswer) =>
        ask<schema.Signed>('POST', `/api/v1/signing/${id}`, answer),

    draftPath: (id: string, paper: 'invitation' | 'notice') =>
        `/api/v1/meetings/${id}/drafts/${paper}`,
    packagePath: (id: string) => `/api/v1/meetings/${id}/package`,
    desk: () => ask<schema.Desk>('GET', '/api/v1/desk'),
    incoming: () => ask<schema.IncomingList>('GET', '/api/v1/incoming'),
    issues: (query: {
        year?: string;
        type?: schema.IssueType | undefined;
        number?: string;
        query?: string;
        after?: string | undefined;
        limit?: number;
    }) => ask<schema.IssuePage>('GET', withQuery('/api/v1/issues', query)),
    issue: (id: string) => ask<schema.IssueWhole>('GET', `/api/v1/issues/${id}`),
    issuePath: (id: string) => `/api/v1/issues/${id}/file`,
    seal: (id: string, request: schema.SealRequest) =>
        ask<schema.Committed>('POST', `/api/v1/issues/${id}/seal`, request),

    openExchange: (id: string, request: schema.ExchangeRequest) =>
        ask<schema.ExchangeOpened>('POST', `/api/v1/meetings/${id}/minutes/exchanges`, request),
    exchange: (id: string) => ask<schema.ExchangeStanding>('GET', `/api/v1/exchanges/${id}`),

    verifyCode: (code: string) =>
        ask<schema.CodeVerified>('GET', `/api/v1/verify/${encodeURIComponent(code)}`),
    verifyFile: async (file: Blob) =>
        (await (await send('POST', '/api/v1/verify', { raw: file })).json()) as schema.Verified,
};
