// The server dies in mid-meeting, as by a pulled plug, and comes back.

import { check, expect, expectEqual, figure, must, until } from '../harness/checks.mjs';
import * as media from '../harness/media.mjs';
import { dienhong } from '../harness/server.mjs';
import { record, snapshot } from './preparing.mjs';

export async function serverIsKilledAndComesBack({ tabs, meeting, server }) {
  const before = await record(tabs.secretary, meeting);
  const killed = performance.now();
  await must('the server is killed (SIGKILL) and started again', async () => {
    expectEqual(await server.stop('SIGKILL'), 'SIGKILL', 'how it ended');
    const ms = await server.start();
    figure('start after a kill, to ready', ms, 'ms');
  });
  await check('the record is the same, event by event', async () => {
    const after = await until('the record can be read', () => record(tabs.secretary, meeting));
    expectEqual(after.slice(0, before.length), before, 'the record');
    return `${before.length} events`;
  });
  for (const [role, tab] of Object.entries(tabs))
    await check(`${role}'s page rejoins by itself`, async () => {
      await until(
        'live and media are back',
        async () => {
          const now = await media.inside(tab);
          return now?.liveState === 'open' && now.connectionState === 'connected';
        },
        { timeout: 40000 },
      );
      tab.source = (await media.inside(tab)).source;
      const ms = Math.round(performance.now() - killed);
      figure(`back in the room after the kill, ${role} (${tab.browser})`, ms, 'ms');
      return `${ms} ms`;
    });
  for (const role of ['secretary', 'commune', 'firefox'])
    await check(`${role} sees the chair again`, async () => {
      await media.stageIs(tabs[role], tabs.chair.source, { timeout: 20000 });
      await media.stageMoves(tabs[role]);
    });
  await check('the meeting is where it was', async () => {
    const { state, votes, conclusions, counts } = await snapshot(tabs.chair, meeting);
    expectEqual(state, 'live', 'state');
    expectEqual([votes.length, conclusions.length], [1, 1], 'votes, conclusions');
    expectEqual(counts.present, 4, 'present');
  });
}

export async function logIsWhole({ server }) {
  await check('the chain of the record is unbroken (dienhong log verify)', async () => {
    const { status, output, errors } = dienhong('log', 'verify', server.data);
    expectEqual(status, 0, `exit (${errors.trim()})`);
    return output.trim().split('\n').at(-1);
  });
}

export async function stopsCleanly({ server }) {
  await check('SIGTERM ends the server cleanly', async () => {
    const how = await server.stop('SIGTERM');
    expect(how === 0, `it ended with ${how}`);
  });
}
