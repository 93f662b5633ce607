// The elements that play what comes in, made once, in the click on "Vào họp": browsers let those
// play sound that were made by the user's own action. They live as long as the room; changing what
// a slot shows changes nothing here.
import { AUDIO_SLOTS } from './sections';

export interface Sinks {
    audio: HTMLAudioElement[];
    stage: HTMLVideoElement;
    screen: HTMLVideoElement;
    tiles: HTMLVideoElement[];
}

function makeVideo(name: string): HTMLVideoElement {
    const video = document.createElement('video');
    video.autoplay = true;
    video.muted = true; // its sound comes through the audio slots
    video.playsInline = true;
    video.disablePictureInPicture = true;
    video.dataset.slot = name;
    return video;
}

function makeAudio(name: string): HTMLAudioElement {
    const audio = document.createElement('audio');
    audio.autoplay = true;
    audio.dataset.slot = name;
    return audio;
}

/** Needs: runs inside a click handler. The caller puts the videos where they are to be seen. */
export function createSinks(tileCount: number): Sinks {
    const sinks: Sinks = {
        audio: Array.from({ length: AUDIO_SLOTS }, (_, index) => makeAudio(`audio${index}`)),
        stage: makeVideo('stage'),
        screen: makeVideo('screen'),
        tiles: Array.from({ length: tileCount }, (_, index) => makeVideo(`tile${index}`)),
    };
    for (const audio of sinks.audio) document.body.append(audio);
    return sinks;
}

export function showTrack(element: HTMLMediaElement, track: MediaStreamTrack | null): void {
    element.srcObject = track ? new MediaStream([track]) : null;
}

/** False when the browser refuses sound without another click. */
export async function playSound(sinks: Sinks): Promise<boolean> {
    const tries = sinks.audio
        .filter((audio) => audio.srcObject !== null)
        .map((audio) => audio.play().catch((thrown: DOMException) => thrown));
    const results = await Promise.all(tries);
    return !results.some(
        (result) => result instanceof DOMException && result.name === 'NotAllowedError',
    );
}

export async function setSpeaker(sinks: Sinks, deviceId: string): Promise<void> {
    await Promise.all(sinks.audio.map((audio) => audio.setSinkId?.(deviceId)));
}

export function removeSinks(sinks: Sinks): void {
    for (const element of [...sinks.audio, sinks.stage, sinks.screen, ...sinks.tiles]) {
        element.srcObject = null;
        element.remove();
    }
}
