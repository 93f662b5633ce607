// Cameras and microphones: asking for them, and remembering which one somebody chose.
//
// A device is remembered by id and by label: ids change when site data are cleared, and the label
// then still finds the same microphone.

export type DeviceKind = 'audioinput' | 'videoinput' | 'audiooutput';

interface Remembered {
    id: string;
    label: string;
}

const STORED_AS = 'dienhong.device.';

export function rememberDevice(kind: DeviceKind, device: MediaDeviceInfo): void {
    const value: Remembered = { id: device.deviceId, label: device.label };
    try {
        localStorage.setItem(STORED_AS + kind, JSON.stringify(value));
    } catch {
        // storage may be forbidden; the choice then lasts as long as the page
    }
}

function remembered(kind: DeviceKind): Remembered | null {
    try {
        return JSON.parse(localStorage.getItem(STORED_AS + kind) ?? 'null') as Remembered | null;
    } catch {
        return null;
    }
}

/** The device chosen last time: by id, else by label, else none. */
export function findRemembered(
    devices: readonly Pick<MediaDeviceInfo, 'deviceId' | 'label'>[],
    last: Remembered | null,
): string | null {
    const found =
        devices.find((device) => device.deviceId === last?.id) ??
        devices.find((device) => device.label !== '' && device.label === last?.label);
    return found?.deviceId ?? null;
}

export async function listDevices(kind: DeviceKind): Promise<MediaDeviceInfo[]> {
    const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    return devices.filter((device) => device.kind === kind && device.deviceId !== '');
}

export async function rememberedDevice(kind: DeviceKind): Promise<string | null> {
    return findRemembered(await listDevices(kind), remembered(kind));
}

async function open(constraints: MediaStreamConstraints): Promise<MediaStreamTrack> {
    if (!navigator.mediaDevices) throw new DOMException('no devices', 'NotFoundError');
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    const [track] = stream.getTracks();
    if (!track) throw new DOMException('no track', 'NotFoundError');
    return track;
}

function exactly(deviceId: string | null): { deviceId?: { exact: string } } {
    return deviceId === null ? {} : { deviceId: { exact: deviceId } };
}

export async function openMicrophone(deviceId: string | null): Promise<MediaStreamTrack> {
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    return open({ audio: { ...audio, channelCount: 1, ...exactly(deviceId) } });
}

export async function openCamera(deviceId: string | null): Promise<MediaStreamTrack> {
    const video = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24 } };
    const track = await open({ video: { ...video, ...exactly(deviceId) } });
    track.contentHint = 'motion';
    return track;
}

export async function openScreen(): Promise<MediaStreamTrack[]> {
    const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { max: 5 } },
        audio: true,
    });
    for (const track of stream.getVideoTracks()) track.contentHint = 'detail';
    return stream.getTracks();
}

/** Phones and tablets cannot share their screen; they present documents. */
export function canShareScreen(): boolean {
    return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}

/** The two reasons that a user can do something about, and the rest. */
export type DeviceTrouble = 'denied' | 'missing' | 'busy';

export function deviceTrouble(thrown: unknown): DeviceTrouble {
    const name = thrown instanceof DOMException ? thrown.name : '';
    if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
    if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
    return 'busy';
}
