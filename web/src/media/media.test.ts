import { describe, expect, it } from 'vitest';
import { onlyOpus, onlyVp8 } from './codecs';
import { findRemembered } from './devices';
import { cameraEncodings, layerScale, usefulLayers } from './encodings';
import { newestSource } from './frames';
import { levelOf } from './level';
import { judge, QualityMeter } from './quality';
import { RecoveryPlan } from './recovery';
import { applySlots, changedSlots, emptySlots, pageCount, sourceOf, tilePage } from './slots';
import { lineSample, lineTotals } from './stats';

describe('codecs', () => {
    const all = ['video/AV1', 'video/VP8', 'video/rtx', 'video/H264'].map((mimeType) => ({
        mimeType,
    }));

    it('offers VP8 with its retransmission and nothing else', () => {
        expect(onlyVp8(all).map((one) => one.mimeType)).toEqual(['video/VP8', 'video/rtx']);
    });

    it('offers nothing that the browser does not have', () => {
        expect(onlyOpus([{ mimeType: 'audio/PCMU' }])).toEqual([]);
    });
});

describe('camera layers', () => {
    it('are 180, 360 and 720 lines of a 720p camera', () => {
        expect([0, 1, 2].map((layer) => 720 / layerScale(720, layer as 0 | 1 | 2))).toEqual([
            180, 360, 720,
        ]);
    });

    it('never enlarge a small camera', () => {
        expect([0, 1, 2].map((layer) => layerScale(360, layer as 0 | 1 | 2))).toEqual([2, 1, 1]);
        expect(layerScale(144, 0)).toBe(1);
    });

    it('leave out a layer that repeats the one below', () => {
        expect(usefulLayers(360, [true, true, true])).toEqual([true, true, false]);
        expect(usefulLayers(720, [true, true, true])).toEqual([true, true, true]);
    });

    it('send the best there is when a better one is asked for', () => {
        expect(usefulLayers(360, [false, false, true])).toEqual([false, true, false]);
        expect(usefulLayers(180, [false, false, true])).toEqual([true, false, false]);
    });

    it('send nothing when nobody watches', () => {
        expect(usefulLayers(720, [false, false, false])).toEqual([false, false, false]);
    });

    it('are announced in the order q, h, f', () => {
        const encodings = cameraEncodings(720, [true, true, false]);
        expect(encodings.map((one) => [one.rid, one.active])).toEqual([
            ['q', true],
            ['h', true],
            ['f', false],
        ]);
    });
});

describe('the slot map', () => {
    const first = applySlots(emptySlots, { number: 1, stage: 7, screen: 0, tiles: [8, 9] });

    it('ignores a map that is not newer', () => {
        expect(applySlots(first, { number: 1, stage: 1, screen: 1, tiles: [] })).toBe(first);
        expect(applySlots(first, { number: 0, stage: 1, screen: 1, tiles: [] })).toBe(first);
    });

    it('names the slots that changed', () => {
        const second = applySlots(first, { number: 2, stage: 7, screen: 5, tiles: [9, 9, 4] });
        expect(changedSlots(first, second)).toEqual(['screen', 'tile0', 'tile2']);
        expect(sourceOf(second, 'tile2')).toBe(4);
        expect(sourceOf(second, 'tile7')).toBe(0);
    });

    it('pages through the others', () => {
        const sources = [1, 2, 3, 4, 5];
        expect(tilePage(sources, 1, 2)).toEqual([3, 4]);
        expect(tilePage(sources, 2, 2)).toEqual([5]);
        expect(pageCount(5, 2)).toBe(3);
        expect(pageCount(0, 2)).toBe(1);
    });
});

describe('recovery', () => {
    const well = (bytesReceived: number) => ({
        state: 'connected' as const,
        bytesReceived,
        expectsMedia: true,
    });

    it('leaves a running connection alone', () => {
        const plan = new RecoveryPlan(true);
        for (let second = 0; second < 60; second += 1) {
            expect(plan.check(1000 * second, well(second))).toBe('none');
        }
    });

    it('ignores a short disconnection', () => {
        const plan = new RecoveryPlan(true);
        plan.check(0, well(1));
        expect(plan.check(500, { ...well(1), state: 'disconnected' })).toBe('none');
    });

    it('restarts when it failed, and rebuilds when that did not help in 8 s', () => {
        const plan = new RecoveryPlan(true);
        plan.check(0, well(1));
        const failed = { ...well(1), state: 'failed' as const };
        expect(plan.check(1000, failed)).toBe('restart');
        expect(plan.check(5000, failed)).toBe('none');
        expect(plan.check(9000, failed)).toBe('rebuild');
    });

    it('rebuilds at once where a restart does not bring it back', () => {
        const plan = new RecoveryPlan(false);
        expect(plan.check(0, { ...well(0), state: 'failed' })).toBe('rebuild');
    });

    it('restarts after 5 s without a packet, but not when nothing is to come', () => {
        const plan = new RecoveryPlan(true);
        plan.check(0, well(1));
        expect(plan.check(4000, well(1))).toBe('none');
        expect(plan.check(5000, well(1))).toBe('restart');
        const idle = new RecoveryPlan(true);
        idle.check(0, { ...well(1), expectsMedia: false });
        expect(idle.check(60_000, { ...well(1), expectsMedia: false })).toBe('none');
    });

    it('is steady again once packets come', () => {
        const plan = new RecoveryPlan(true);
        plan.check(0, well(1));
        plan.check(5000, well(1));
        expect(plan.check(6000, well(2))).toBe('none');
        expect(plan.check(20_000, well(3))).toBe('none');
    });

    it('restarts once when the network changes', () => {
        const plan = new RecoveryPlan(true);
        expect(plan.onNetworkChange(0)).toBe('restart');
        expect(plan.onNetworkChange(10)).toBe('none');
    });
});

describe('the quality of the line', () => {
    const good = { loss: 0, rttMs: 20, frozenS: 0 };
    const bad = { loss: 0.3, rttMs: 20, frozenS: 0 };

    it('is judged by loss, delay and frozen pictures', () => {
        expect(judge(good)).toBe('good');
        expect(judge({ ...good, rttMs: 400 })).toBe('fair');
        expect(judge({ ...good, loss: 0.08 })).toBe('poor');
        expect(judge({ ...good, frozenS: 1.9 })).toBe('bad');
    });

    it('gets worse after two bad samples, not after one', () => {
        const meter = new QualityMeter();
        expect(meter.add(bad)).toBe('good');
        expect(meter.add(good)).toBe('good');
        expect(meter.add(bad)).toBe('good');
        expect(meter.add(bad)).toBe('bad');
    });

    it('gets better only after five good samples', () => {
        const meter = new QualityMeter();
        meter.add(bad);
        meter.add(bad);
        for (let count = 0; count < 4; count += 1) expect(meter.add(good)).toBe('bad');
        expect(meter.add(good)).toBe('good');
    });
});

describe('statistics', () => {
    const report = (received: number, lost: number): [string, unknown][] => [
        ['a', { type: 'inbound-rtp', kind: 'video', packetsReceived: received, packetsLost: lost }],
        ['b', { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.04 }],
        ['c', { type: 'outbound-rtp', packetsSent: 9 }],
    ];

    it('give the loss since the reading before', () => {
        const sample = lineSample(lineTotals(report(100, 10)), lineTotals(report(190, 20)));
        expect(sample).toEqual({ loss: 0.1, rttMs: 40, frozenS: 0 });
    });

    it('do not count a counter that went back', () => {
        expect(lineSample(lineTotals(report(100, 10)), lineTotals(report(0, 0))).loss).toBe(0);
    });
});

it('finds the device of last time by id, else by label', () => {
    const devices = [
        { deviceId: 'a', label: 'Built-in' },
        { deviceId: 'b', label: 'Conference microphone' },
    ];
    expect(findRemembered(devices, { id: 'a', label: 'x' })).toBe('a');
    expect(findRemembered(devices, { id: 'gone', label: 'Conference microphone' })).toBe('b');
    expect(findRemembered(devices, { id: 'gone', label: '' })).toBeNull();
    expect(findRemembered(devices, null)).toBeNull();
});

it('measures a level on a scale that the ear would agree with', () => {
    expect(levelOf([0, 0, 0])).toBe(0);
    expect(levelOf([1, -1])).toBe(1);
    expect(levelOf([0.1, -0.1])).toBeCloseTo(2 / 3);
});

it('takes the newest packets for the picture that is shown', () => {
    expect(newestSource([])).toBeNull();
    expect(
        newestSource([
            { source: 7, timestamp: 10 },
            { source: 9, timestamp: 30 },
            { source: 8, timestamp: 20 },
        ]),
    ).toBe(9);
});
