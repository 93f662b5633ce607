// The three layers of the camera. Pure.

export type Layers = readonly [boolean, boolean, boolean];

export const RIDS = ['q', 'h', 'f'] as const;
export const SCREEN_MAX_BPS = 1_500_000;

const LAYER_MAX_BPS = [150_000, 450_000, 1_500_000] as const;
const LAYER_HEIGHT = [180, 360, 720] as const;

/** How much smaller than the camera's picture each layer is; a small camera is never enlarged. */
export function layerScale(cameraHeight: number, layer: 0 | 1 | 2): number {
    return Math.max(1, cameraHeight / LAYER_HEIGHT[layer]);
}

/** Which layers to send of a camera this high: one that would only repeat a lower one is left out. */
export function usefulLayers(cameraHeight: number, wanted: Layers): Layers {
    const top = cameraHeight > LAYER_HEIGHT[1] ? 2 : cameraHeight > LAYER_HEIGHT[0] ? 1 : 0;
    const askedAbove = wanted.some((asked, layer) => asked && layer > top);
    const send = (layer: number) =>
        layer <= top && ((wanted[layer] ?? false) || (layer === top && askedAbove));
    return [send(0), send(1), send(2)];
}

export function cameraEncodings(cameraHeight: number, wanted: Layers): RTCRtpEncodingParameters[] {
    const useful = usefulLayers(cameraHeight, wanted);
    return ([0, 1, 2] as const).map((layer) => ({
        rid: RIDS[layer],
        active: useful[layer],
        maxBitrate: LAYER_MAX_BPS[layer],
        scaleResolutionDownBy: layerScale(cameraHeight, layer),
    }));
}
