// Which codecs we offer, out of what a browser has. Pure.

type Codec = Pick<RTCRtpCodec, 'mimeType'>;

function named<T extends Codec>(codecs: readonly T[], ...names: string[]): T[] {
    return names.flatMap((name) => codecs.filter((codec) => codec.mimeType.toLowerCase() === name));
}

/** VP8 and its retransmission. */
export function onlyVp8<T extends Codec>(codecs: readonly T[]): T[] {
    return named(codecs, 'video/vp8', 'video/rtx');
}

/** Opus, and its redundant form (RFC 2198) for lines that lose packets. */
export function onlyOpus<T extends Codec>(codecs: readonly T[]): T[] {
    return named(codecs, 'audio/opus', 'audio/red');
}
