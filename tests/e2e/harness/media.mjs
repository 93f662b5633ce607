// Questions about moving pictures and sound: who is on the stage, do frames and voices arrive.

import { expect, sleep, until } from './checks.mjs';
import { received, stats } from './probe.mjs';

/** The slot map and the page's own measurements (web/README.md, "Looking inside"). */
export function inside(tab) {
  return tab.evaluate(() => {
    const hooks = window.dienhong;
    if (!hooks) return null;
    return {
      source: hooks.source,
      slots: hooks.slots,
      connectionState: hooks.connectionState,
      liveState: hooks.liveState,
      firstFrameMs: hooks.firstFrameMs,
      switches: hooks.switches,
    };
  });
}

export async function connected(tab, options) {
  await until(
    `${tab.name}: media connected`,
    async () => (await inside(tab))?.connectionState === 'connected',
    options,
  );
}

export async function stageIs(tab, source, options) {
  await until(
    `${tab.name}: stage shows source ${source}`,
    async () => (await inside(tab))?.slots.stage === source,
    options,
  );
}

/* In the page: the stage's own receiver, found as the one whose track the stage's element plays. */
function readStage() {
  const connection = window.mediaProbe.connections.at(-1);
  const sections = connection
    .getTransceivers()
    .filter((one) => one.receiver.track.kind === 'video' && one.direction !== 'sendonly');
  const receiver = sections[0]?.receiver;
  if (!receiver) return null;
  return receiver.getStats().then((report) => {
    for (const row of report.values())
      if (row.type === 'inbound-rtp')
        return {
          frames: row.framesDecoded ?? 0,
          width: row.frameWidth ?? 0,
          height: row.frameHeight ?? 0,
          sources: receiver.getContributingSources().map((one) => one.source),
        };
    return { frames: 0, width: 0, height: 0, sources: [] };
  });
}

export const stage = (tab) => tab.evaluate(readStage);

/** Decoded frames of the stage a second, over `ms`. */
export async function stageRate(tab, ms = 3000) {
  const before = await stage(tab);
  await sleep(ms);
  const after = await stage(tab);
  return ((after.frames - before.frames) * 1000) / ms;
}

/** Waits for `wanted` more decoded frames on the stage; gives their rate a second. */
export async function stageMoves(tab, wanted = 30) {
  const started = performance.now();
  const before = (await stage(tab)).frames;
  const after = await until(`${tab.name}: ${wanted} more frames on the stage`, async () => {
    const { frames } = await stage(tab);
    return frames >= before + wanted ? frames : 0;
  });
  return ((after - before) * 1000) / (performance.now() - started);
}

/* In the page: whom the receive-only audio slots have carried in the last seconds, and how loud. */
function readVoices() {
  const connection = window.mediaProbe.connections.at(-1);
  const voices = {};
  for (const { receiver, direction } of connection.getTransceivers()) {
    if (receiver.track.kind !== 'audio' || direction === 'sendonly') continue;
    for (const one of receiver.getContributingSources()) {
      const level = one.audioLevel ?? 0;
      voices[one.source] = Math.max(voices[one.source] ?? 0, level);
    }
  }
  return voices;
}

export const voices = (tab) => tab.evaluate(readVoices);

/** True loudness: energy of the decoded sound gathered over `ms`, and its packets. */
export async function heard(tab, ms = 2000) {
  const before = received(await stats(tab), 'audio');
  await sleep(ms);
  const after = received(await stats(tab), 'audio');
  return { energy: after.energy - before.energy, packets: after.packets - before.packets };
}

export async function hears(tab, source, options) {
  await until(
    `${tab.name} hears source ${source}`,
    async () => String(source) in (await voices(tab)),
    options,
  );
  const { energy, packets } = await heard(tab);
  expect(packets > 50, `${tab.name}: ${packets} audio packets in 2 s`);
  expect(energy > 1e-5, `${tab.name}: the sound is silence (energy ${energy})`);
}

const FILMS = {
  chair: [0xb0, 0x10, 0x20],
  secretary: [0x10, 0xa0, 0x40],
  commune: [0x20, 0x40, 0xc0],
};

/* In the page: mean colour of the top of the largest playing video. */
function readColour() {
  const videos = [...document.querySelectorAll('video')].filter((one) => one.videoWidth > 0);
  const area = (one) => one.getBoundingClientRect().width * one.getBoundingClientRect().height;
  const video = videos.sort((a, b) => area(b) - area(a))[0];
  if (!video) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [32, 18];
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, 32, 18);
  const pixels = context.getImageData(16, 4, 6, 1).data;
  const mean = [0, 0, 0];
  for (let i = 0; i < pixels.length; i += 4)
    for (let part = 0; part < 3; part += 1) mean[part] += pixels[i + part] / (pixels.length / 4);
  return mean;
}

/** Whose film the largest picture on the page shows, by the colour of its upper third. */
export async function filmShown(tab) {
  const mean = await tab.evaluate(readColour);
  if (!mean) return null;
  for (const [role, colour] of Object.entries(FILMS))
    if (colour.every((part, i) => Math.abs(part - mean[i]) < 40)) return role;
  return `another (${mean.map(Math.round).join(', ')})`;
}

/** Packets received and lost so far, the loss in percent, and how often one was asked for again. */
export async function loss(tab) {
  const snapshot = await stats(tab);
  const [video, audio] = [received(snapshot, 'video'), received(snapshot, 'audio')];
  const all = video.packets + audio.packets;
  const lost = Math.max(0, video.lost) + Math.max(0, audio.lost);
  const percent = all > 0 ? (100 * lost) / (all + lost) : 0;
  return { percent, packets: all, lost, nacks: video.nacks + audio.nacks };
}
