const TONE_HZ = 660;
const TONE_S = 0.7;
const RATE_HZ = 16_000;

/** A soft tone as a WAV file: an <audio> element can play it on the chosen speaker. */
export function toneFile(): Blob {
    const count = Math.round(TONE_S * RATE_HZ);
    const view = new DataView(new ArrayBuffer(44 + 2 * count));
    const word = (offset: number, text: string) => {
        for (let index = 0; index < 4; index += 1) {
            view.setUint8(offset + index, text.charCodeAt(index));
        }
    };
    word(0, 'RIFF');
    view.setUint32(4, 36 + 2 * count, true);
    word(8, 'WAVE');
    word(12, 'fmt ');
    view.setUint32(16, 16, true);
    view.setUint16(20, 1, true); // PCM
    view.setUint16(22, 1, true); // mono
    view.setUint32(24, RATE_HZ, true);
    view.setUint32(28, 2 * RATE_HZ, true);
    view.setUint16(32, 2, true);
    view.setUint16(34, 16, true);
    word(36, 'data');
    view.setUint32(40, 2 * count, true);
    for (let index = 0; index < count; index += 1) {
        const swell = Math.sin((Math.PI * index) / count);
        const value = 9000 * swell * Math.sin((2 * Math.PI * TONE_HZ * index) / RATE_HZ);
        view.setInt16(44 + 2 * index, Math.round(value), true);
    }
    return new Blob([view.buffer], { type: 'audio/wav' });
}
