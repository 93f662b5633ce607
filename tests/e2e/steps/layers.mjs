// 720p with three layers: one sender with a large camera on the stage, and three viewers who need
// it in three sizes: a whole stage, the corner beside a document, and that corner on a phone.
// Nobody else sends a picture: encoding three layers takes a core.

import { readFileSync } from 'node:fs';

import { PHONE } from '../harness/browsers.mjs';
import { check, expect, expectEqual, figure, must, sleep, until } from '../harness/checks.mjs';
import * as media from '../harness/media.mjs';
import { fixture } from '../harness/places.mjs';
import { stats } from '../harness/probe.mjs';
import { command, DOCUMENT, snapshot, upload } from './preparing.mjs';
import { enter } from './room.mjs';

const HEIGHTS = { q: 180, h: 360, f: 720 };
const OVER_MS = 4000;

/** By layer: height, frames and bytes sent so far. */
async function layersSent(tab) {
  const { outbound } = await stats(tab);
  const rows = outbound.filter((row) => row.kind === 'video' && row.rid);
  return Object.fromEntries(
    rows.map(({ rid, frameHeight, framesSent, bytesSent }) => [
      rid,
      { height: frameHeight ?? 0, frames: framesSent ?? 0, bytes: bytesSent ?? 0 },
    ]),
  );
}

/** What each layer sends over a few seconds. */
async function layersFlowing(tab) {
  const before = await layersSent(tab);
  await sleep(OVER_MS);
  const after = await layersSent(tab);
  return Object.entries(HEIGHTS).map(([rid, wanted]) => ({
    rid,
    wanted,
    height: after[rid]?.height ?? 0,
    frames: ((after[rid]?.frames ?? 0) - (before[rid]?.frames ?? 0)) * (1000 / OVER_MS),
    kbps: (((after[rid]?.bytes ?? 0) - (before[rid]?.bytes ?? 0)) * 8) / OVER_MS,
  }));
}

async function everybodyComes({ chair, viewers, meeting, origin }) {
  await viewers.q.resize(PHONE);
  await enter(chair, meeting, origin);
  for (const tab of Object.values(viewers))
    await enter(tab, meeting, origin, { without: 'Bật camera khi vào họp' });
  await command(chair, meeting, { kind: 'start' });
  chair.source = (await media.inside(chair)).source;
  await media.stageIs(viewers.f, chair.source);
}

/** Two viewers read along, which leaves the stage a corner; one closes the document. */
async function documentIsShown({ chair, viewers, meeting }) {
  const answer = await upload(viewers.f, meeting, DOCUMENT, readFileSync(fixture('document.pdf')));
  expectEqual(answer.status, 201, 'handing in the document');
  const { id } = (await snapshot(chair, meeting)).documents.at(-1);
  await command(chair, meeting, { kind: 'document.present', documentId: id, page: 1 });
  for (const tab of Object.values(viewers)) await tab.sees('/ 3');
  await viewers.f.press('Đóng', { whole: true });
}

/** `viewers` by the layer that each will need. */
export async function threeLayers({ chair, viewers, meeting, origin }) {
  await must('a chair with a 720p camera opens the demo meeting', () =>
    everybodyComes({ chair, viewers, meeting, origin }));
  await check('the stage reaches 720 lines', async () => {
    const started = performance.now();
    await until(
      '720 lines at the receiver',
      async () => (await media.stage(viewers.f)).height === 720,
    );
    const ms = Math.round(performance.now() - started);
    figure('720p on the stage, after the first picture', ms, 'ms');
    const rate = await media.stageMoves(viewers.f);
    return `${ms} ms, then ${rate.toFixed(1)} frames a second`;
  });
  await must('a document leaves two of three viewers a small stage', () =>
    documentIsShown({ chair, viewers, meeting }));
  await check('the sender sends three layers at once, each of its height', async () => {
    // A sender that is short of time pauses its top layer for a while: look more than once.
    const layers = await until(
      'all three layers',
      async () => {
        const now = await layersFlowing(chair);
        const said = now.map(({ rid, height, frames }) => `${rid} ${height} ${frames}`).join(', ');
        expect(now.every((one) => one.frames > 1 && one.height === one.wanted), said);
        return now;
      },
      { timeout: 45000 },
    );
    for (const { rid, height, frames, kbps } of layers)
      figure(`layer ${rid} of ${height} lines`, `${frames.toFixed(1)} / ${Math.round(kbps)}`,
        'frames/s / kbit/s');
    return layers.map(({ rid, height, kbps }) => `${rid} ${height}: ${Math.round(kbps)} kbit/s`)
      .join(', ');
  });
  for (const [rid, tab] of Object.entries(viewers))
    await check(`${tab.name} gets the layer of ${HEIGHTS[rid]} lines`, async () => {
      await until(
        `${HEIGHTS[rid]} lines`,
        async () => (await media.stage(tab)).height === HEIGHTS[rid],
      );
      await media.stageMoves(tab, 10);
    });
}
