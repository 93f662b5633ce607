// The devices while somebody looks at the pre-join screen: opened at once, never required.
import {
    deviceTrouble,
    type DeviceTrouble,
    listDevices,
    openCamera,
    openMicrophone,
    rememberDevice,
    rememberedDevice,
    type DeviceKind,
} from '../media/devices';
import { measureLevel, type LevelMeter } from '../media/level';

export class Preview {
    camera = $state.raw<MediaStreamTrack | null>(null);
    level = $state(0);
    trouble = $state<DeviceTrouble | null>(null);
    cameras = $state.raw<MediaDeviceInfo[]>([]);
    microphones = $state.raw<MediaDeviceInfo[]>([]);
    speakers = $state.raw<MediaDeviceInfo[]>([]);
    cameraId = $state<string>('');
    microphoneId = $state<string>('');
    speakerId = $state<string>('');

    #microphone: MediaStreamTrack | null = null;
    #meter: LevelMeter | null = null;
    #timer: ReturnType<typeof setInterval> | undefined;
    #over = false;

    async start(): Promise<void> {
        this.cameraId = (await rememberedDevice('videoinput')) ?? '';
        this.microphoneId = (await rememberedDevice('audioinput')) ?? '';
        this.speakerId = (await rememberedDevice('audiooutput')) ?? '';
        await this.openMicrophone();
        await this.openCamera();
        await this.#list();
        this.#timer = setInterval(() => {
            this.level = this.#meter?.read() ?? 0;
        }, 100);
    }

    async openCamera(): Promise<void> {
        this.closeCamera();
        await this.#try(async () => {
            const track = await openCamera(this.cameraId || null);
            if (this.#over) track.stop();
            else this.camera = track;
        });
    }

    closeCamera(): void {
        this.camera?.stop();
        this.camera = null;
    }

    async openMicrophone(): Promise<void> {
        this.#closeMicrophone();
        await this.#try(async () => {
            const track = await openMicrophone(this.microphoneId || null);
            if (this.#over) return track.stop();
            this.#microphone = track;
            this.#meter = measureLevel(track);
        });
    }

    /** Remembers what was chosen, for the next meeting. */
    remember(kind: DeviceKind, id: string): void {
        const all = { audioinput: this.microphones, videoinput: this.cameras };
        const devices = kind === 'audiooutput' ? this.speakers : all[kind];
        const device = devices.find((one) => one.deviceId === id);
        if (device) rememberDevice(kind, device);
    }

    /** Gives the camera away to the room, which then stops it. */
    takeCamera(): MediaStreamTrack | null {
        const track = this.camera;
        this.camera = null;
        return track;
    }

    stop(): void {
        this.#over = true;
        clearInterval(this.#timer);
        this.closeCamera();
        this.#closeMicrophone();
    }

    #closeMicrophone(): void {
        this.#meter?.stop();
        this.#meter = null;
        this.#microphone?.stop();
        this.#microphone = null;
    }

    async #try(open: () => Promise<void>): Promise<void> {
        try {
            await open();
        } catch (thrown) {
            this.trouble = deviceTrouble(thrown);
        }
    }

    async #list(): Promise<void> {
        this.cameras = await listDevices('videoinput');
        this.microphones = await listDevices('audioinput');
        this.speakers = await listDevices('audiooutput');
    }
}
