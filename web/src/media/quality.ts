// The line in four words, out of one getStats every 2 s. Worse after two bad samples, better only
// after five good ones, so that a single lost second raises no alarm. Pure.

export type Quality = 'good' | 'fair' | 'poor' | 'bad';

export interface LineSample {
    /** Lost of expected packets since the sample before, 0 to 1. */
    loss: number;
    rttMs: number;
    /** Seconds of frozen picture on the stage since the sample before. */
    frozenS: number;
}

const ORDER: readonly Quality[] = ['good', 'fair', 'poor', 'bad'];
const WORSE_AFTER = 2;
const BETTER_AFTER = 5;

export function judge(sample: LineSample): Quality {
    if (sample.loss >= 0.15 || sample.frozenS >= 1.5) return 'bad';
    if (sample.loss >= 0.06 || sample.rttMs >= 600 || sample.frozenS >= 0.6) return 'poor';
    if (sample.loss >= 0.02 || sample.rttMs >= 300 || sample.frozenS > 0.2) return 'fair';
    return 'good';
}

export class QualityMeter {
    #shown: Quality = 'good';
    #worse: Quality[] = [];
    #better: Quality[] = [];

    get quality(): Quality {
        return this.#shown;
    }

    add(sample: LineSample): Quality {
        const seen = judge(sample);
        const distance = ORDER.indexOf(seen) - ORDER.indexOf(this.#shown);
        this.#worse = distance > 0 ? [...this.#worse, seen] : [];
        this.#better = distance < 0 ? [...this.#better, seen] : [];
        if (this.#worse.length >= WORSE_AFTER) this.#show(mildest(this.#worse));
        else if (this.#better.length >= BETTER_AFTER) this.#show(harshest(this.#better));
        return this.#shown;
    }

    #show(quality: Quality): void {
        this.#shown = quality;
        this.#worse = [];
        this.#better = [];
    }
}

function mildest(seen: readonly Quality[]): Quality {
    return ORDER[Math.min(...seen.map((one) => ORDER.indexOf(one)))] ?? 'good';
}

function harshest(seen: readonly Quality[]): Quality {
    return ORDER[Math.max(...seen.map((one) => ORDER.indexOf(one)))] ?? 'good';
}
