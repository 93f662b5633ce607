// The microphone's level for the eye: 0 to 1. Playing never goes through WebAudio, only this does.

export interface LevelMeter {
    read(): number;
    stop(): void;
}

export function measureLevel(track: MediaStreamTrack): LevelMeter {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    return {
        read() {
            analyser.getFloatTimeDomainData(samples);
            return levelOf(samples);
        },
        stop() {
            void context.close();
        },
    };
}

/** -60 dBFS and less is 0, full scale is 1. */
export function levelOf(samples: ArrayLike<number>): number {
    let sum = 0;
    for (let index = 0; index < samples.length; index += 1) sum += (samples[index] ?? 0) ** 2;
    const rms = Math.sqrt(sum / Math.max(1, samples.length));
    if (rms === 0) return 0;
    return Math.min(1, Math.max(0, 1 + (20 * Math.log10(rms)) / 60));
}
