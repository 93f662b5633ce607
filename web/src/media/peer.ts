// One RTCPeerConnection to the server: one offer, fixed sections, tracks put in and taken out
// without a new offer. It asks for signalling by callbacks and knows nothing of the WebSocket.
import type { Layers } from './encodings';
import { cameraEncodings } from './encodings';
import { FrameWatch } from './frames';
import { type Health, type Recovery, RecoveryPlan } from './recovery';
import { addSections, type Sections } from './sections';
import { showTrack, type Sinks } from './sinks';
import { lineTotals, type LineTotals } from './stats';

export interface LocalTracks {
    microphone: MediaStreamTrack | null;
    camera: MediaStreamTrack | null;
    screen: MediaStreamTrack | null;
    screenSound: MediaStreamTrack | null;
}

export interface PeerHandlers {
    /** A whole new connection is needed: this one is beyond repair. */
    onRebuild(): void;
    /** An offer to be sent as `restart`. */
    onRestart(sdp: string): void;
    onState(state: RTCPeerConnectionState): void;
    /** Whether something must be arriving now, so that silence means a broken line. */
    expectsMedia(): boolean;
}

const CHECK_EVERY_MS = 2000; // one getStats, for recovery and for the line's quality
const restartsFromFailed = !navigator.userAgent.includes('Firefox/');

export class Peer {
    readonly connection: RTCPeerConnection;
    readonly #sections: Sections;
    readonly #sinks: Sinks;
    readonly #handlers: PeerHandlers;
    readonly #plan = new RecoveryPlan(restartsFromFailed);
    readonly #checkTimer: ReturnType<typeof setInterval>;
    #layers: Layers = [true, true, false];
    #screenWatched = true;
    #cameraHeight = 720;
    #totals: LineTotals | null = null;
    #encodings: Promise<void> = Promise.resolve();
    #closed = false;

    constructor(sinks: Sinks, tileCount: number, frames: FrameWatch, handlers: PeerHandlers) {
        this.#sinks = sinks;
        this.#handlers = handlers;
        this.connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
        this.#sections = addSections(this.connection, tileCount);
        this.#connectSinks(frames);
        this.connection.onconnectionstatechange = () => {
            if (this.#closed) return;
            this.#handlers.onState(this.connection.connectionState);
            void this.#check();
        };
        this.#checkTimer = setInterval(() => void this.#check(), CHECK_EVERY_MS);
    }

    /** The offer to be sent as `join`. The server is ICE-lite: it needs none of our candidates. */
    async offer(): Promise<string> {
        await this.connection.setLocalDescription();
        return this.connection.localDescription?.sdp ?? '';
    }

    async answer(sdp: string): Promise<void> {
        if (this.#closed || this.connection.signalingState !== 'have-local-offer') return;
        await this.connection.setRemoteDescription({ type: 'answer', sdp });
        await this.#applyEncodings(); // Firefox forgets `active` set before the answer
    }

    async send(tracks: LocalTracks): Promise<void> {
        const { microphone, camera, screen, screenSound } = this.#sections;
        this.#cameraHeight = tracks.camera?.getSettings().height ?? 720;
        await Promise.all([
            microphone.sender.replaceTrack(tracks.microphone),
            camera.sender.replaceTrack(tracks.camera),
            screen.sender.replaceTrack(tracks.screen),
            screenSound.sender.replaceTrack(tracks.screenSound),
        ]);
        await this.#applyEncodings();
    }

    /** What somebody watches of what we send; nothing else is encoded. */
    async setLayers(camera: Layers, screen: boolean): Promise<void> {
        this.#layers = camera;
        this.#screenWatched = screen;
        await this.#applyEncodings();
    }

    async restart(): Promise<void> {
        if (this.#closed || this.connection.signalingState !== 'stable') return;
        this.connection.restartIce();
        await this.connection.setLocalDescription();
        this.#handlers.onRestart(this.connection.localDescription?.sdp ?? '');
    }

    onNetworkChange(): void {
        this.#act(this.#plan.onNetworkChange(performance.now()));
    }

    /** The newest totals, at most CHECK_EVERY_MS old. */
    get totals(): LineTotals | null {
        return this.#totals;
    }

    close(): void {
        this.#closed = true;
        clearInterval(this.#checkTimer);
        this.connection.close();
    }

    #connectSinks(frames: FrameWatch): void {
        const pairs: [HTMLMediaElement | undefined, RTCRtpTransceiver][] = [
            ...this.#sections.audio.map(
                (slot, index): [HTMLMediaElement | undefined, RTCRtpTransceiver] => [
                    this.#sinks.audio[index],
                    slot,
                ],
            ),
            [this.#sinks.stage, this.#sections.stage],
            [this.#sinks.screen, this.#sections.shownScreen],
            ...this.#sections.tiles.map(
                (slot, index): [HTMLMediaElement | undefined, RTCRtpTransceiver] => [
                    this.#sinks.tiles[index],
                    slot,
                ],
            ),
        ];
        for (const [element, transceiver] of pairs) {
            if (!element) continue;
            showTrack(element, transceiver.receiver.track);
            if (element instanceof HTMLVideoElement) frames.attach(element, transceiver.receiver);
        }
    }

    /** One after the other: a change while another is under way would be refused. */
    #applyEncodings(): Promise<void> {
        this.#encodings = this.#encodings.then(() => this.#changeEncodings());
        return this.#encodings;
    }

    async #changeEncodings(): Promise<void> {
        if (this.#closed) return;
        const camera = this.#sections.camera.sender;
        const wanted = cameraEncodings(this.#cameraHeight, this.#layers);
        await changeEncodings(camera, (encoding, index) => ({ ...encoding, ...wanted[index] }));
        const active = this.#screenWatched;
        await changeEncodings(this.#sections.screen.sender, (encoding) => ({
            ...encoding,
            active,
        }));
    }

    async #check(): Promise<void> {
        if (this.#closed) return;
        this.#totals = lineTotals(await this.connection.getStats());
        if (this.#closed) return;
        const health: Health = {
            state: this.connection.connectionState,
            bytesReceived: this.#totals.bytesReceived,
            expectsMedia: this.#handlers.expectsMedia(),
        };
        this.#act(this.#plan.check(performance.now(), health));
    }

    #act(recovery: Recovery): void {
        if (recovery === 'restart') void this.restart();
        else if (recovery === 'rebuild') this.#handlers.onRebuild();
    }
}

async function changeEncodings(
    sender: RTCRtpSender,
    change: (encoding: RTCRtpEncodingParameters, index: number) => RTCRtpEncodingParameters,
): Promise<void> {
    const parameters = sender.getParameters();
    const encodings = parameters.encodings.map(change);
    if (encodings.length === 0 || sameEncodings(parameters.encodings, encodings)) return;
    parameters.encodings = encodings;
    // Refused while a negotiation is under way; answer() then applies the newest wish.
    await sender.setParameters(parameters).catch(() => undefined);
}

function sameEncodings(
    before: readonly RTCRtpEncodingParameters[],
    after: readonly RTCRtpEncodingParameters[],
): boolean {
    return before.every((encoding, index) => {
        const other = after[index];
        return (
            encoding.active === other?.active &&
            encoding.scaleResolutionDownBy === other?.scaleResolutionDownBy
        );
    });
}
