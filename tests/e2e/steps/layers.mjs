// 720p with three layers: one sender with a large camera on the stage, one receiver. In a meeting
// of its own (the demo province's) and two browsers only: encoding three layers takes a core.

import { check, figure, must, sleep, until } from '../harness/checks.mjs';
import * as media from '../harness/media.mjs';
import { stats } from '../harness/probe.mjs';
import { command } from './preparing.mjs';
import { enter } from './room.mjs';

async function layersSent(tab) {
  const { outbound } = await stats(tab);
  return outbound
    .filter((row) => row.kind === 'video' && row.rid)
    .map((row) => ({ rid: row.rid, height: row.frameHeight ?? 0, frames: row.framesEncoded ?? 0 }));
}

export async function threeLayers({ chair, viewer, meeting, origin }) {
  await must('a chair with a 720p camera opens the demo meeting', async () => {
    for (const tab of [chair, viewer]) await enter(tab, meeting, origin);
    await command(chair, meeting, { kind: 'start' });
    chair.source = (await media.inside(chair)).source;
    await media.stageIs(viewer, chair.source);
  });
  await check('the stage reaches 720 lines', async () => {
    const started = performance.now();
    await until(
      '720 lines at the receiver',
      async () => (await media.stage(viewer)).height === 720,
      { timeout: 30000 },
    );
    const ms = Math.round(performance.now() - started);
    figure('720p on the stage, after the first picture', ms, 'ms');
    const rate = await media.stageMoves(viewer);
    return `${ms} ms, then ${rate.toFixed(1)} frames a second`;
  });
  await check('the sender sends what somebody watches, each layer of its height', async () => {
    const full = { q: 180, h: 360, f: 720 };
    // A sender that is short of time pauses its top layer for a while: look more than once.
    return until('the top layer, and every live layer of its own height', async () => {
      const before = await layersSent(chair);
      await sleep(3000);
      const live = (await layersSent(chair)).filter(
        (row) => row.frames > (before.find((one) => one.rid === row.rid)?.frames ?? 0) + 5,
      );
      const right = live.every((row) => row.height === full[row.rid]);
      const said = live.map((row) => `${row.rid} ${row.height}`).join(', ');
      return right && live.some((row) => row.rid === 'f') ? said : '';
    });
  });
}
