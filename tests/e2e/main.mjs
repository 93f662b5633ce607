// One meeting, the whole way, in real browsers: planned, held, voted, minuted, signed, verified.
//
// Chair, secretary and a commune sit in Chromium, a second commune in Firefox ESR; all are members
// with a vote. The minutes are signed in both: by the secretary and the clerk in Chromium, by the
// chair in Firefox. The steps stand in steps/, in the order of the day. Prints one line a check,
// the figures it measured, and ends on "N passed, N failed". Screenshots go to build/screenshots/.
//
// Usage: node main.mjs [--port N]

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { openChromium, openFirefox } from './harness/browsers.mjs';
import { check, conclude, expect, figure, must, note, RunEnded } from './harness/checks.mjs';
import * as media from './harness/media.mjs';
import { mediaAddress } from './harness/network.mjs';
import { fixture, FIXTURES, ROOT } from './harness/places.mjs';
import { Server, tool } from './harness/server.mjs';
import { paperLeavesTheHouse } from './steps/clerk.mjs';
import * as keyboard from './steps/keyboard.mjs';
import { keysAreCertified } from './steps/keys.mjs';
import { threeLayers } from './steps/layers.mjs';
import * as paper from './steps/paper.mjs';
import { logIn } from './steps/people.mjs';
import { prepare, TITLE } from './steps/preparing.mjs';
import * as restart from './steps/restart.mjs';
import * as room from './steps/room.mjs';
import { EnglishTour, look } from './steps/screens.mjs';
import { signsWithAToken } from './steps/token.mjs';
import * as verifying from './steps/verifying.mjs';
import { signsWithAProgram } from './steps/vgca.mjs';

const PORT = Number(process.argv[process.argv.indexOf('--port') + 1]) || 18443;
const LOGINS = { chair: 'chutich', secretary: 'thuky', commune: 'xa01', firefox: 'xa02' };

const province = JSON.parse(
  readFileSync(path.join(ROOT, 'packaging', 'demo', 'province.json'), 'utf8'),
);
const people = Object.fromEntries(
  Object.entries(LOGINS).map(([role, login]) => [
    role,
    province.users.find((user) => user.login === login),
  ]),
);

async function openAll(server, tabs) {
  const { caFile, origin } = server;
  for (const role of Object.keys(LOGINS))
    await must(`${people[role].name} logs in (${role})`, async () => {
      const film = role === 'firefox' ? undefined : fixture(`${role}.mjpeg`);
      const speech = role === 'firefox' ? undefined : fixture(`${role}.wav`);
      const open = role === 'firefox' ? openFirefox : openChromium;
      tabs[role] = await open({ name: role, caFile, film, speech });
      const come = role === 'commune' ? keyboard.logIn : logIn;
      await come(tabs[role], LOGINS[role], province.password, origin);
    });
}

async function wrongPassword({ tabs, server }) {
  await check('a wrong password is refused in words', async () => {
    const tab = tabs.stranger;
    await tab.goto(`${server.origin}/login`);
    await look(tab, 'login');
    await tab.fill('Tên đăng nhập', 'chutich');
    await tab.fill('Mật khẩu', 'khong-phai');
    await tab.press('Đăng nhập', { whole: true });
    await tab.sees('không đúng');
  });
}

async function theMeeting(day) {
  const { tabs, server } = day;
  const { origin } = server;
  tabs.stranger = await openChromium({ name: 'stranger', caFile: server.caFile });
  await wrongPassword(day);
  await tabs.stranger.close();
  delete tabs.stranger;
  await openAll(server, tabs);
  await look(tabs.commune, 'home');
  day.meeting = await prepare({
    ...tabs,
    people,
    origin,
    onDraft: () => look(tabs.secretary, 'preparation'),
  });
  await tabs.firefox.goto(`${origin}/meetings/${day.meeting}/join`);
  await look(tabs.firefox, 'prejoin');
  await room.everybodyEnters({ ...day, origin });
  await room.chairIsSeenAndHeard(day);
  await keyboard.asksForTheFloor(day);
  await look(tabs.commune, 'room-commune');
  await room.floorGoesToFirefox(day);
  await room.withoutTheFloorNothingPasses(day);
  await look(tabs.chair, 'room-chair');
  await room.floorComesBack(day);
  await room.documentFollows(day);
  await look(tabs.firefox, 'reader');
  await room.voteIsCounted({ ...day, onBallot: () => look(tabs.secretary, 'vote') });
  await room.presentationEnds(day);
  await look(tabs.commune, 'vote-result');
  await room.conclusionIsKept(day);
  for (const [role, tab] of Object.entries(tabs)) {
    const { percent, packets, lost, nacks } = await media.loss(tab);
    figure(`loss, ${role} (${tab.browser}), of ${packets} packets`, percent.toFixed(2), '%');
    await check(`${role} lost less than 1 % on this machine's own network`, () =>
      expect(percent < 1, `${percent.toFixed(2)} %`));
    figure(`NACKs, ${role}`, nacks, '');
    await check(`${role} asked again only for what was lost, never for a gap of our making`, () =>
      expect(nacks <= lost + packets / 500, `${nacks} NACKs, ${lost} of ${packets} lost`));
  }
  await keyboard.leavesAndComesBack({ ...day, title: TITLE, origin });
  await restart.serverIsKilledAndComesBack(day);
}

/** The meeting is over: the chair signs at the desk, where the browser is Firefox. */
async function chairMovesToFirefox({ tabs, server }) {
  await tabs.chair.close();
  await must('the chair logs in at another machine, with Firefox', async () => {
    tabs.chair = await openFirefox({ name: 'chair-desk', caFile: server.caFile });
    await logIn(tabs.chair, LOGINS.chair, province.password, server.origin);
  });
}

async function thePaper(day) {
  const { tabs, server } = day;
  const { origin } = server;
  await paper.minutesAreWritten({
    ...day,
    people,
    onWriting: () => look(tabs.secretary, 'minutes'),
  });
  await chairMovesToFirefox(day);
  const officer = await openChromium({ name: 'officer', caFile: server.caFile });
  tabs.officer = officer;
  await keysAreCertified({
    ...day,
    people,
    officer,
    password: province.password,
    origin,
    onScreen: (title, tab) => look(tab, title),
  });
  await officer.close();
  delete tabs.officer;
  await paper.bothSign({ ...day, origin });
  await look(tabs.chair, 'signed');
  await paper.strangersCanCheck({ people, server });
  tabs.stranger = await openChromium({ name: 'stranger', caFile: server.caFile });
  await paper.publicPageTells({ ...day, stranger: tabs.stranger, origin });
  await look(tabs.stranger, 'verify');
  await theClerk(day, origin);
  await paper.published({ ...day, origin });
  const asked = { ...day, stranger: tabs.stranger, origin,
    onScreen: (title, at) => look(tabs.stranger, title, at) };
  await verifying.recordPackage(asked);
  await verifying.changesAreDrawn(asked);
}

async function theClerk(day, origin) {
  const clerk = await openChromium({ name: 'clerk', caFile: day.server.caFile });
  day.tabs.clerk = clerk;
  await must('the clerk logs in', () => logIn(clerk, 'vanthu', province.password, origin));
  await look(clerk, 'home-clerk');
  await paperLeavesTheHouse({
    ...day,
    clerk,
    origin,
    onScreen: (title, tab) => look(tab, title),
  });
  await clerk.close();
  delete day.tabs.clerk;
}

async function theLayers(day) {
  const { tabs, server } = day;
  const { origin } = server;
  for (const role of ['chair', 'stranger']) await tabs[role]?.close();
  delete tabs.stranger;
  const { json } = await tabs.secretary.request('GET', '/api/v1/meetings');
  const demo = json.meetings.find((one) => one.title === province.meeting.title);
  tabs.chair = await openChromium({
    name: 'chair-hd',
    caFile: server.caFile,
    film: fixture('hd.mjpeg'),
    speech: fixture('chair.wav'),
  });
  await logIn(tabs.chair, LOGINS.chair, province.password, origin);
  const viewers = { f: tabs.secretary, h: tabs.commune, q: tabs.firefox };
  await threeLayers({ chair: tabs.chair, viewers, meeting: demo.id, origin });
  return demo.id;
}

/** The secretary's day once more, in English; the chair only lends a hand. */
async function inEnglish({ tabs, server, meeting }, demo) {
  for (const role of ['commune', 'firefox']) {
    await tabs[role].close();
    delete tabs[role];
  }
  const officer = await openChromium({ name: 'officer', caFile: server.caFile });
  tabs.officer = officer;
  await logIn(officer, 'chungthuc', province.password, server.origin);
  const signing = {
    tab: tabs.secretary, officer, meeting: demo, server, person: people.secretary };
  const token = { tab: tabs.chair, officer, meeting: demo, server, person: people.chair,
    onScreen: (title) => look(tabs.chair, title) };
  const tour = new EnglishTour({
    tab: tabs.secretary,
    leader: tabs.chair,
    meeting: demo,
    signed: meeting,
    origin: server.origin,
    onSigning: async () => {
      await signsWithAProgram(signing);
      await signsWithAToken(token);
    },
  });
  await tour.outside();
  await tour.room();
  await tour.paper();
}

async function main() {
  tool(path.join(ROOT, 'tests', 'fixtures', 'make.sh'), [FIXTURES]);
  const network = mediaAddress();
  const server = new Server({ port: PORT });
  const day = { tabs: {}, server, people };
  note(`media address ${network.address}`);
  try {
    server.clear();
    await must('the server starts in an empty data folder', async () => {
      const ms = await server.start();
      figure('first start, with the demo province, to ready', ms, 'ms');
      return `${ms} ms`;
    });
    await theMeeting(day);
    await thePaper(day);
    const demo = await theLayers(day);
    await inEnglish(day, demo);
    await restart.logIsWhole(day);
    await restart.stopsCleanly(day);
  } catch (error) {
    if (!(error instanceof RunEnded))
      await check('the run goes through', () => {
        throw error;
      });
    for (const tab of Object.values(day.tabs)) {
      await tab.screenshot(`at-the-end-${tab.name}`).catch(() => {});
      for (const text of new Set(tab.errors)) note(`${tab.name}: ${text}`);
    }
  } finally {
    for (const tab of Object.values(day.tabs)) await tab.close();
    await server.stop('SIGKILL');
    network.remove();
  }
  process.exitCode = conclude();
}

await main();
process.exit();
