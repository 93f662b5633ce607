// Reading RTCStatsReport: totals now, and what changed since the reading before. Pure.
import type { LineSample } from './quality';

export interface LineTotals {
    bytesReceived: number;
    packetsReceived: number;
    packetsLost: number;
    freezesS: number;
    rttMs: number;
}

interface InboundStats {
    type: 'inbound-rtp';
    kind: string;
    bytesReceived?: number;
    packetsReceived?: number;
    packetsLost?: number;
    totalFreezesDuration?: number;
}

interface PairStats {
    type: 'candidate-pair';
    nominated?: boolean;
    state?: string;
    currentRoundTripTime?: number;
}

export type StatsLike = Iterable<[string, unknown]>;

export function lineTotals(report: StatsLike): LineTotals {
    const totals: LineTotals = {
        bytesReceived: 0,
        packetsReceived: 0,
        packetsLost: 0,
        freezesS: 0,
        rttMs: 0,
    };
    for (const [, entry] of report) {
        const stats = entry as InboundStats | PairStats;
        if (stats.type === 'inbound-rtp') {
            totals.bytesReceived += stats.bytesReceived ?? 0;
            totals.packetsReceived += stats.packetsReceived ?? 0;
            totals.packetsLost += stats.packetsLost ?? 0;
            totals.freezesS += stats.totalFreezesDuration ?? 0;
        } else if (stats.type === 'candidate-pair' && stats.nominated) {
            totals.rttMs = Math.max(totals.rttMs, (stats.currentRoundTripTime ?? 0) * 1000);
        }
    }
    return totals;
}

export function lineSample(before: LineTotals, now: LineTotals): LineSample {
    const lost = Math.max(0, now.packetsLost - before.packetsLost);
    const received = Math.max(0, now.packetsReceived - before.packetsReceived);
    return {
        loss: lost + received > 0 ? lost / (lost + received) : 0,
        rttMs: now.rttMs,
        frozenS: Math.max(0, now.freezesS - before.freezesS),
    };
}
