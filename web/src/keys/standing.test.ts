import { describe, expect, it } from 'vitest';
import type { KeyAsked, KeyList } from '../lib/api/schema';
import { RENEW_BEFORE_MS, standingOf, waitingOf } from './standing';

const NOW = 1_795_413_600_000;

function asked(change: Partial<KeyAsked> = {}): KeyAsked {
    return {
        id: '7',
        spki: 'aa',
        state: 'pending',
        askedAt: NOW,
        decidedAt: null,
        reason: null,
        renews: null,
        serial: null,
        ...change,
    };
}

function key(change: Partial<KeyList['keys'][number]> = {}): KeyList['keys'][number] {
    return {
        serial: '5e',
        spki: 'aa',
        state: 'valid',
        notAfter: NOW + 2 * RENEW_BEFORE_MS,
        revokedAt: null,
        revokedWhy: null,
        revokedByOwner: false,
        certificate: '',
        ...change,
    };
}

const nothing = { serial: null, waiting: null };

describe('the standing of a key in this browser', () => {
    it('is nothing at first, and says when another machine has one', () => {
        expect(standingOf({ keys: [], requests: [] }, nothing, NOW)).toEqual({
            kind: 'none',
            elsewhere: false,
        });
        expect(standingOf({ keys: [key()], requests: [] }, nothing, NOW)).toEqual({
            kind: 'none',
            elsewhere: true,
        });
    });

    it('waits for the officer, then takes the certificate in', () => {
        const held = { serial: null, waiting: 'aa' };
        const list = { keys: [], requests: [asked()] };
        expect(standingOf(list, held, NOW).kind).toBe('pending');
        const approved = {
            keys: [key()],
            requests: [asked({ state: 'approved', serial: '5e' })],
        };
        expect(standingOf(approved, held, NOW)).toEqual({ kind: 'certified', serial: '5e' });
    });

    it('tells why a request was rejected, until another key waits', () => {
        const rejected = asked({ state: 'rejected', reason: 'Chưa gặp' });
        const list = { keys: [], requests: [rejected, asked({ id: '8', spki: 'bb' })] };
        expect(standingOf(list, { serial: null, waiting: 'aa' }, NOW)).toEqual({
            kind: 'rejected',
            asked: rejected,
        });
        expect(standingOf(list, { serial: null, waiting: 'bb' }, NOW).kind).toBe('pending');
    });

    it('is ready, and asks for renewal sixty days before its end', () => {
        const held = { serial: '5e', waiting: null };
        const soon = key({ notAfter: NOW + RENEW_BEFORE_MS - 1 });
        expect(standingOf({ keys: [key()], requests: [] }, held, NOW)).toMatchObject({
            kind: 'ready',
            renew: false,
        });
        expect(standingOf({ keys: [soon], requests: [] }, held, NOW)).toMatchObject({
            kind: 'ready',
            renew: true,
        });
    });

    it('goes on signing while the key that follows it waits', () => {
        const held = { serial: '5e', waiting: 'bb' };
        const list = { keys: [key()], requests: [asked({ spki: 'bb', renews: '5e' })] };
        expect(standingOf(list, held, NOW).kind).toBe('ready');
        expect(waitingOf(list, held)?.kind).toBe('pending');
    });

    it('is over when expired or revoked, whatever this browser still holds', () => {
        const held = { serial: '5e', waiting: null };
        const late = key({ notAfter: NOW });
        const lost = key({ state: 'revoked', revokedAt: NOW, revokedByOwner: true });
        expect(standingOf({ keys: [late], requests: [] }, held, NOW).kind).toBe('expired');
        expect(standingOf({ keys: [lost], requests: [] }, held, NOW)).toMatchObject({
            kind: 'revoked',
            byOwner: true,
        });
    });
});
