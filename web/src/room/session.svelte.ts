// One person in one room: signalling, media and the meeting's state, put together. Made by the
// click on "Vào họp" and ended by leaving; the room screen only shows it.
import { api } from '../lib/api/client';
import { asRefusal, Refusal } from '../lib/api/refusal';
import type { Command, LiveMedia, LiveServerMessage, Meeting } from '../lib/api/schema';
import { LiveSocket, type LiveState } from '../lib/live/socket';
import { MeetingFollower } from '../lib/meeting/follower';
import { Roll } from '../lib/meeting/roll';
import { canShareScreen, openCamera, openMicrophone, openScreen } from '../media/devices';
import { FrameWatch } from '../media/frames';
import { installHooks, removeHooks } from '../media/hooks';
import { type LocalTracks, Peer } from '../media/peer';
import { type Quality, QualityMeter } from '../media/quality';
import { createSinks, playSound, removeSinks, setSpeaker, type Sinks } from '../media/sinks';
import { applySlots, changedSlots, emptySlots, sourceOf, type SlotMap } from '../media/slots';
import { lineSample, type LineTotals } from '../media/stats';
import { isOver, mayBeHeard } from './rules';

export interface Choices {
    camera: MediaStreamTrack | null;
    microphoneId: string | null;
    cameraId: string | null;
    speakerId: string | null;
    wantsMicrophone: boolean;
    wantsCamera: boolean;
}

export interface View {
    tiles: number[];
    stageHeight: number;
    screenHeight: number;
    tileHeight: number;
}

export const TILES_WIDE = 12;
export const TILES_NARROW = 4;
const QUALITY_EVERY_MS = 2000;
const REBUILD_AFTER_MS = 1000;
const ASK_AFTER_LOSSES = 3;

/** A page of those who are present. */
function inRoom(after: string | undefined): { present: string; limit: number; after?: string } {
    return { present: 'true', limit: 24, ...(after === undefined ? {} : { after }) };
}

export class RoomSession {
    readonly meetingId: string;
    readonly tileCount: number;
    readonly sinks: Sinks;

    meeting = $state.raw<Meeting | null>(null);
    slots = $state.raw<SlotMap>(emptySlots);
    speakers = $state.raw<number[]>([]);
    othersMedia = $state.raw<ReadonlyMap<number, LiveMedia>>(new Map());
    live = $state<LiveState>('connecting');
    media = $state<RTCPeerConnectionState>('new');
    quality = $state<Quality>('good');
    source = $state(0);
    microphoneOn = $state(false);
    cameraOn = $state(false);
    screenOn = $state(false);
    soundRefused = $state(false);
    /** Many join at once: about so long until it is this page's turn; 0: it is not waiting. */
    waitSeconds = $state(0);
    trouble = $state.raw<Refusal | null>(null);
    fatal = $state.raw<Refusal | null>(null);
    cameraTrack = $state.raw<MediaStreamTrack | null>(null);

    readonly #choices: Choices;
    readonly #socket: LiveSocket;
    readonly #follower: MeetingFollower;
    readonly #roll: Roll;
    readonly #frames = new FrameWatch();
    readonly #meter = new QualityMeter();
    readonly #tracks: LocalTracks = {
        microphone: null,
        camera: null,
        screen: null,
        screenSound: null,
    };
    readonly #qualityTimer: ReturnType<typeof setInterval>;
    #peer: Peer | null = null;
    #resume: string | null = null;
    #view: View = { tiles: [], stageHeight: 360, screenHeight: 720, tileHeight: 180 };
    #lastTotals: LineTotals | null = null;
    #rebuildTimer: ReturnType<typeof setTimeout> | undefined;
    #hadFloor = false;
    #losses = 0;
    #left = false;

    /** Needs: runs inside a click handler, because it makes the elements that play sound. */
    constructor(meetingId: string, tileCount: number, choices: Choices) {
        this.meetingId = meetingId;
        this.tileCount = tileCount;
        this.#choices = choices;
        this.sinks = createSinks(tileCount);
        this.#tracks.camera = choices.camera;
        this.cameraTrack = choices.camera;
        this.cameraOn = choices.camera !== null;
        this.#follower = new MeetingFollower(
            () => api.meeting(meetingId),
            (meeting) => this.#onMeeting(meeting),
        );
        this.#roll = new Roll(
            (after) => api.participants(meetingId, inRoom(after)),
            (people) => this.#follower.onPeople(people),
        );
        const scheme = location.protocol === 'http:' ? 'ws:' : 'wss:';
        const url = `${scheme}//${location.host}/api/v1/live?meeting=${meetingId}`;
        this.#socket = new LiveSocket(url, {
            onMessage: (message) => void this.#onMessage(message),
            onState: (state) => this.#onLiveState(state),
        });
        this.#qualityTimer = setInterval(() => this.#measure(), QUALITY_EVERY_MS);
        installHooks(this.#inside());
        addEventListener('online', this.#onNetwork);
        addEventListener('pagehide', this.#onPageHide);
    }

    enter(): void {
        this.#socket.open();
        // Somebody was quicker than the preview: the camera follows by itself.
        if (this.#choices.wantsCamera && !this.cameraOn) {
            void this.setCamera(true).catch(() => undefined);
        }
        this.#follower
            .refresh()
            .then(() => this.#roll.begin())
            .catch((thrown: unknown) => {
                this.fatal = asRefusal(thrown);
            });
    }

    leave(): void {
        if (this.#left) return;
        this.#left = true;
        removeEventListener('online', this.#onNetwork);
        removeEventListener('pagehide', this.#onPageHide);
        clearInterval(this.#qualityTimer);
        clearTimeout(this.#rebuildTimer);
        this.#socket.close();
        this.#roll.close();
        this.#stopMedia();
        removeSinks(this.sinks);
        removeHooks();
    }

    /** Sends a command; a refusal is shown, and given back as false. */
    async command(command: Command): Promise<boolean> {
        try {
            await api.command(this.meetingId, command);
            // While a vote is open, events tell nobody a choice: the own receipt is in the snapshot.
            if (command.kind === 'vote.cast') await this.#follower.refresh();
            this.trouble = null;
            return true;
        } catch (thrown) {
            this.trouble = asRefusal(thrown);
            return false;
        }
    }

    may(action: Meeting['you']['may'][number]): boolean {
        return this.live === 'open' && (this.meeting?.you.may.includes(action) ?? false);
    }

    async setMicrophone(on: boolean): Promise<void> {
        this.#tracks.microphone?.stop();
        this.#tracks.microphone = on ? await openMicrophone(this.#choices.microphoneId) : null;
        this.microphoneOn = on;
        await this.#announceTracks();
    }

    async setCamera(on: boolean): Promise<void> {
        this.#tracks.camera?.stop();
        this.#tracks.camera = on ? await openCamera(this.#choices.cameraId) : null;
        this.cameraTrack = this.#tracks.camera;
        this.cameraOn = on;
        await this.#announceTracks();
    }

    get canShareScreen(): boolean {
        return canShareScreen();
    }

    async setScreen(on: boolean): Promise<void> {
        this.#tracks.screen?.stop();
        this.#tracks.screenSound?.stop();
        const tracks = on ? await openScreen() : [];
        this.#tracks.screen = tracks.find((track) => track.kind === 'video') ?? null;
        this.#tracks.screenSound = tracks.find((track) => track.kind === 'audio') ?? null;
        this.screenOn = this.#tracks.screen !== null;
        const shared = this.#tracks.screen;
        if (shared) shared.onended = () => void this.setScreen(false);
        await this.#announceTracks();
    }

    /** More of those who are present, for who turns the pages of pictures. */
    morePeople(): void {
        void this.#roll.more();
    }

    /** Looks for people whom this page does not know yet; they come as `meeting.participants`. */
    async findPeople(query: string): Promise<void> {
        const page = await api
            .participants(this.meetingId, { query, ...inRoom(undefined) })
            .catch(() => null);
        if (page) this.#follower.onPeople(page.participants);
    }

    /** What this screen shows now; nothing else is sent to us. */
    setView(view: View): void {
        if (JSON.stringify(view) === JSON.stringify(this.#view)) return;
        this.#view = view;
        this.#socket.send({ type: 'watch', ...view });
    }

    async allowSound(): Promise<void> {
        this.soundRefused = !(await playSound(this.sinks));
    }

    readonly #onNetwork = (): void => {
        this.#socket.retryNow();
        this.#peer?.onNetworkChange();
    };

    readonly #onPageHide = (): void => this.leave();

    #inside() {
        const session = this;
        return {
            get connection() {
                return session.#peer?.connection ?? null;
            },
            get slots() {
                return session.slots;
            },
            get source() {
                return session.source;
            },
            get liveState() {
                return session.live;
            },
            get quality() {
                return session.quality;
            },
            frames: this.#frames,
        };
    }

    /** A WebSocket does not tell why it was refused, so now and then the session itself is asked for:
     * if it is over, the login screen comes by itself. */
    #onLiveState(state: LiveState): void {
        this.live = state;
        this.#losses = state === 'waiting' ? this.#losses + 1 : state === 'open' ? 0 : this.#losses;
        if (state === 'waiting' && this.#losses % ASK_AFTER_LOSSES === 0) {
            void api.session().catch(() => undefined);
        }
    }

    async #onMessage(message: LiveServerMessage): Promise<void> {
        switch (message.type) {
            case 'hello':
                this.source = message.source;
                this.#follower.onHello(message.seq);
                return this.#joinMedia();
            case 'joined':
                this.waitSeconds = 0;
                this.#resume = message.resume;
                await this.#peer?.answer(message.sdp);
                return this.#afterJoin();
            case 'answer':
                return this.#peer?.answer(message.sdp);
            case 'event':
                return this.#follower.onTold(message);
            case 'crowd':
                this.#follower.onTold(message);
                if (message.participants === null) this.#roll.onMany();
                return;
            case 'wait':
                this.waitSeconds = message.seconds;
                return;
            case 'may':
                return this.#follower.onMay(message.actions);
            case 'slots':
                return this.#onSlots(applySlots(this.slots, message));
            case 'speakers':
                this.speakers = message.sources;
                return;
            case 'layers': {
                const [low = true, middle = true, high = false] = message.camera;
                return this.#peer?.setLayers([low, middle, high], message.screen);
            }
            case 'media':
                this.othersMedia = new Map(this.othersMedia).set(message.source, message);
                return;
            case 'error':
                return this.#onError(new Refusal(0, message), message.fatal);
            case 'pong':
                return;
        }
    }

    /** Every hello means a new seat on the server's side, so the media start anew as well. */
    async #joinMedia(): Promise<void> {
        clearTimeout(this.#rebuildTimer);
        this.#peer?.close();
        this.#onSlots(emptySlots);
        this.#lastTotals = null;
        const peer = new Peer(this.sinks, this.tileCount, this.#frames, {
            onRebuild: () => this.#rebuildSoon(),
            onRestart: (sdp) => void this.#socket.send({ type: 'restart', sdp }),
            onState: (state) => {
                this.media = state;
            },
            expectsMedia: () => this.othersMedia.get(this.slots.stage)?.camera ?? false,
        });
        this.#peer = peer;
        this.media = 'new';
        await peer.send(this.#tracks);
        const sdp = await peer.offer();
        const resume = this.#resume === null ? {} : { resume: this.#resume };
        this.#socket.send({ type: 'join', sdp, tiles: this.tileCount, ...resume });
    }

    async #afterJoin(): Promise<void> {
        this.#socket.send({ type: 'watch', ...this.#view });
        this.#sayMedia();
        if (this.#choices.speakerId) {
            await setSpeaker(this.sinks, this.#choices.speakerId).catch(() => undefined);
        }
        await this.allowSound();
    }

    #rebuildSoon(): void {
        clearTimeout(this.#rebuildTimer);
        this.#rebuildTimer = setTimeout(() => {
            if (this.#socket.state === 'open') void this.#joinMedia();
        }, Math.random() * REBUILD_AFTER_MS);
    }

    #onSlots(slots: SlotMap): void {
        const changed = changedSlots(this.slots, slots);
        this.slots = slots;
        for (const slot of changed) {
            const video =
                slot === 'stage' || slot === 'screen'
                    ? this.sinks[slot]
                    : this.sinks.tiles[Number(slot.slice('tile'.length))];
            if (video) this.#frames.onChange(video, slot, sourceOf(slots, slot));
        }
    }

    #stopMedia(): void {
        this.#peer?.close();
        this.#peer = null;
        for (const track of Object.values(this.#tracks) as (MediaStreamTrack | null)[]) {
            track?.stop();
        }
        this.cameraTrack = null;
    }

    #onError(refusal: Refusal, fatal: boolean): void {
        if (!fatal) {
            this.trouble = refusal;
            return;
        }
        this.fatal = refusal;
        this.leave();
    }

    /** The floor opens the microphone of whoever asked for it, and losing it closes it again. */
    #onMeeting(meeting: Meeting): void {
        this.meeting = meeting;
        if (isOver(meeting)) {
            this.#stopMedia();
            return;
        }
        const heard = mayBeHeard(meeting);
        if (heard && !this.#hadFloor && !this.microphoneOn && this.#choices.wantsMicrophone) {
            void this.setMicrophone(true).catch(() => undefined);
        }
        if (!heard && this.#hadFloor && this.microphoneOn) void this.setMicrophone(false);
        this.#hadFloor = heard;
    }

    async #announceTracks(): Promise<void> {
        await this.#peer?.send(this.#tracks);
        this.#sayMedia();
    }

    #sayMedia(): void {
        this.#socket.send({
            type: 'media',
            microphone: this.microphoneOn,
            camera: this.cameraOn,
            screen: this.screenOn,
        });
    }

    #measure(): void {
        const totals = this.#peer?.totals ?? null;
        if (totals && this.#lastTotals && totals !== this.#lastTotals) {
            this.quality = this.#meter.add(lineSample(this.#lastTotals, totals));
        }
        this.#lastTotals = totals;
    }
}

let active: RoomSession | null = null;

/** The room this page is in. It outlives a change of screen, not a reload. */
export function activeRoom(meetingId: string): RoomSession | null {
    return active?.meetingId === meetingId ? active : null;
}

export function enterRoom(meetingId: string, tileCount: number, choices: Choices): RoomSession {
    active?.leave();
    active = new RoomSession(meetingId, tileCount, choices);
    active.enter();
    return active;
}

export function leaveRoom(): void {
    active?.leave();
    active = null;
}
