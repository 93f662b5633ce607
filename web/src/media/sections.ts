// The one offer: which section means what (docs/protocol.md, Offer order). The server goes by the
// order alone, so it is written down once, here.
import { cameraEncodings, SCREEN_MAX_BPS } from './encodings';
import { onlyOpus, onlyVp8 } from './codecs';

export const AUDIO_SLOTS = 4;

export interface Sections {
    microphone: RTCRtpTransceiver;
    camera: RTCRtpTransceiver;
    screen: RTCRtpTransceiver;
    screenSound: RTCRtpTransceiver;
    audio: RTCRtpTransceiver[];
    stage: RTCRtpTransceiver;
    shownScreen: RTCRtpTransceiver;
    tiles: RTCRtpTransceiver[];
}

/** Adds every section, without tracks: those come and go by replaceTrack, with no new offer. */
export function addSections(connection: RTCPeerConnection, tileCount: number): Sections {
    const send = (kind: 'audio' | 'video', sendEncodings?: RTCRtpEncodingParameters[]) =>
        connection.addTransceiver(kind, {
            direction: 'sendonly',
            ...(sendEncodings ? { sendEncodings } : {}),
        });
    const receive = (kind: 'audio' | 'video') =>
        connection.addTransceiver(kind, { direction: 'recvonly' });
    const several = (count: number, kind: 'audio' | 'video') =>
        Array.from({ length: count }, () => receive(kind));

    const sections: Sections = {
        microphone: send('audio'),
        camera: send('video', cameraEncodings(720, [true, true, false])),
        screen: send('video', [{ maxBitrate: SCREEN_MAX_BPS, maxFramerate: 5 }]),
        screenSound: send('audio'),
        audio: several(AUDIO_SLOTS, 'audio'),
        stage: receive('video'),
        shownScreen: receive('video'),
        tiles: several(tileCount, 'video'),
    };
    preferCodecs(connection);
    return sections;
}

/** Keeps the offer at a third of its size, and both sides at codecs that every browser has. */
function preferCodecs(connection: RTCPeerConnection): void {
    for (const transceiver of connection.getTransceivers()) {
        const kind = transceiver.receiver.track.kind;
        const capabilities = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
        const wanted = kind === 'audio' ? onlyOpus(capabilities) : onlyVp8(capabilities);
        if (wanted.length > 0) transceiver.setCodecPreferences(wanted);
    }
}
