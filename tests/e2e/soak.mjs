// An hour of one meeting (./test soak): two browsers see and hear each other, a third comes and
// goes, the floor changes hands, and neither the server nor a page may grow.
//
// Usage: node soak.mjs [--minutes N]

import path from 'node:path';
import { readFileSync } from 'node:fs';

import { openChromium } from './harness/browsers.mjs';
import { check, conclude, expect, figure, must, note, sleep } from './harness/checks.mjs';
import * as media from './harness/media.mjs';
import { fixture, FIXTURES, ROOT } from './harness/places.mjs';
import { Server, tool } from './harness/server.mjs';
import { logIn } from './steps/people.mjs';
import { command } from './steps/preparing.mjs';
import { enter } from './steps/room.mjs';

const MINUTES = Number(process.argv[process.argv.indexOf('--minutes') + 1]) || 60;
const SETTLED_ROUNDS = 3; // memory is compared from here on, when caches and pools are warm
const SERVER_GROWTH_KB = 4096;
const HEAP_GROWTH_BYTES = 10 * 1024 * 1024;

const province = JSON.parse(
  readFileSync(path.join(ROOT, 'packaging', 'demo', 'province.json'), 'utf8'),
);

const heap = (tab) => tab.evaluate(() => performance.memory.usedJSHeapSize);

async function round({ chair, member, guest, meeting, origin }) {
  const floor = { kind: 'floor.grant', participantId: member.participant };
  await command(chair, meeting, floor);
  await media.stageIs(chair, member.source);
  await command(chair, meeting, { kind: 'floor.release' });
  await media.stageIs(member, chair.source);
  await enter(guest, meeting, origin);
  await sleep(5000);
  await guest.goto(`${origin}/`);
  const rate = await media.stageRate(member);
  expect(rate > 5, `${rate.toFixed(1)} frames a second on the stage`);
}

async function main() {
  tool(path.join(ROOT, 'tests', 'fixtures', 'make.sh'), [FIXTURES]);
  const server = new Server({ port: 18543 });
  server.clear();
  await must('the server starts', () => server.start().then((ms) => `${ms} ms`));
  const { caFile, origin } = server;
  const open = async (name, login) => {
    const film = fixture(`${name === 'guest' ? 'secretary' : name}.mjpeg`);
    const speech = fixture(`${name === 'guest' ? 'secretary' : name}.wav`);
    const tab = await openChromium({ name: `soak-${name}`, caFile, film, speech });
    await logIn(tab, login, province.password, origin);
    return tab;
  };
  const chair = await open('chair', 'chutich');
  const member = await open('commune', 'xa01');
  const guest = await open('guest', 'xa02');
  const { json } = await chair.request('GET', '/api/v1/meetings');
  const meeting = json.meetings[0].id;
  for (const tab of [chair, member]) {
    await enter(tab, meeting, origin);
    tab.source = (await media.inside(tab)).source;
    const answer = await tab.request('GET', `/api/v1/meetings/${meeting}`);
    tab.participant = answer.json.you.participantId;
  }
  await command(chair, meeting, { kind: 'start' });

  const samples = [];
  const end = performance.now() + MINUTES * 60000;
  await check('every round of the meeting goes through', async () => {
    while (performance.now() < end) {
      await round({ chair, member, guest, meeting, origin });
      samples.push({ server: server.memory(), heap: await heap(member) });
      note(`round ${samples.length}: server ${samples.at(-1).server} kB`);
      await sleep(20000);
    }
    return `${samples.length} rounds`;
  });
  const [first, last] = [samples[SETTLED_ROUNDS] ?? samples[0], samples.at(-1)];
  figure('server memory, settled', first.server, 'kB');
  figure('server memory, at the end', last.server, 'kB');
  await check('the server did not grow', () =>
    expect(last.server - first.server < SERVER_GROWTH_KB, `${last.server - first.server} kB more`));
  await check('the page did not grow', () =>
    expect(last.heap - first.heap < HEAP_GROWTH_BYTES, `${last.heap - first.heap} bytes more`));
  await check('loss stayed under 1 %', async () => {
    const { percent } = await media.loss(member);
    expect(percent < 1, `${percent.toFixed(2)} %`);
  });
  for (const tab of [chair, member, guest]) await tab.close();
  await check('SIGTERM ends the server cleanly', async () => {
    expect((await server.stop('SIGTERM')) === 0, 'it did not');
  });
}

await main().catch((error) => check('the run goes through', () => Promise.reject(error)));
process.exit(conclude());
