// Every screen of the application: its path, what loads it, and how it stands on the page. To add
// one, add a line; parameters such as :id reach the component as `params`.
import type { Component } from 'svelte';
import { matchPath, type Parameters } from './lib/router/match';

/** A screen may take `params: Parameters` or nothing at all; no narrower type allows both. */
export type Screen = Component<any>;

export interface Route {
    path: string;
    load: () => Promise<{ default: Screen }>;
    /** Needs no login. */
    open?: true;
    /** Fills the window, without the header. */
    whole?: true;
}

export const routes: readonly Route[] = [
    { path: '/', load: () => import('./home/Home.svelte') },
    { path: '/login', load: () => import('./login/Login.svelte'), open: true },
    { path: '/meetings/new', load: () => import('./prepare/NewMeeting.svelte') },
    { path: '/meetings/:id', load: () => import('./prepare/Prepare.svelte') },
    { path: '/meetings/:id/join', load: () => import('./join/Join.svelte') },
    { path: '/meetings/:id/room', load: () => import('./room/Room.svelte'), whole: true },
    {
        path: '/meetings/:id/documents/:document',
        load: () => import('./reader/DocumentScreen.svelte'),
    },
    { path: '/meetings/:id/minutes', load: () => import('./minutes/MinutesScreen.svelte') },
    { path: '/keys', load: () => import('./keys/KeysScreen.svelte') },
    { path: '/keys/requests', load: () => import('./keys/OfficerScreen.svelte') },
    { path: '/desk', load: () => import('./desk/DeskScreen.svelte') },
    { path: '/issues/:id', load: () => import('./desk/IssueScreen.svelte') },
    { path: '/verify', load: () => import('./verify/VerifyScreen.svelte'), open: true },
    { path: '/v/:code', load: () => import('./verify/VerifyScreen.svelte'), open: true },
];

export interface Found {
    route: Route;
    params: Parameters;
}

export function findRoute(path: string, table: readonly Route[] = routes): Found | null {
    for (const route of table) {
        const params = matchPath(route.path, path);
        if (params) return { route, params };
    }
    return null;
}
