// Every screen as people see it: pictures of it at two sizes, and whether it fits and everybody can
// use it. And a tour in English, in which no word of Vietnamese may be left.

import { DESKTOP, PHONE } from '../harness/browsers.mjs';
import { fits, isAccessible, isEnglish } from '../harness/audit.mjs';
import { check } from '../harness/checks.mjs';
import { command, snapshot, TITLE, DOCUMENT } from './preparing.mjs';
import { enter } from './room.mjs';

/* In the page: true when nothing has moved or loaded for three frames. */
async function atRest() {
  const picture = () =>
    `${document.body.innerText.length} ${document.documentElement.scrollHeight} ${
      [...document.images].filter((one) => !one.complete).length}`;
  const before = picture();
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  return picture() === before && !document.querySelector('[aria-busy=true]');
}

const settled = (tab) => tab.waitFor('a screen at rest', atRest);

/** Pictures at both sizes, from the top or from what `at` selects; at both it must fit, and
 * axe-core must have nothing serious. */
export async function look(tab, title, at) {
  await check(`screen ${title}: fits at both sizes, open to everybody`, async () => {
    for (const size of [DESKTOP, PHONE]) {
      await tab.resize(size);
      await tab.evaluate((selector) =>
        selector ? document.querySelector(selector).scrollIntoView() : scrollTo(0, 0), at);
      await settled(tab);
      await tab.screenshot(`${title}-${size.width}x${size.height}`);
      await fits(tab);
      await isAccessible(tab);
    }
  });
  await tab.resize(tab.viewport);
}

const SOON = { timeout: 5000 };
const EVERYWHERE = ['session', 'meetings', 'units?limit=200', 'users?limit=200'];

/** What the server has told this person: names and titles, which no language changes. */
async function told(tab, paths) {
  const answers = [];
  for (const path of paths) answers.push((await tab.request('GET', `/api/v1/${path}`)).json);
  return answers;
}

export class EnglishTour {
  /** `onSigning`: what happens while the final minutes lie open before who signs first. */
  constructor({ tab, leader, meeting, signed, origin, onSigning }) {
    Object.assign(this, { tab, leader, meeting, signed, origin, onSigning });
  }

  async #see(title, { sure, shown = [] } = {}) {
    const { tab, meeting, signed } = this;
    await check(`in English: ${title}`, async () => {
      if (sure) await tab.sees(sure);
      await settled(tab);
      await tab.screenshot(`en-${title.replaceAll(' ', '-')}-1366x768`);
      const paths = [...EVERYWHERE, ...shown];
      for (const id of [meeting, signed]) paths.push(`meetings/${id}`, `meetings/${id}/minutes`);
      await isEnglish(tab, await told(tab, paths));
      await isAccessible(tab);
    });
  }

  async outside() {
    const { tab, meeting, signed, origin } = this;
    await tab.goto(`${origin}/`);
    await tab.press('English', { whole: true });
    await this.#see('home', { sure: 'New meeting' });
    await tab.press('New meeting');
    await this.#see('planning', { sure: 'Name of the meeting' });
    await tab.goto(`${origin}/meetings/${meeting}`);
    await this.#see('preparation', { sure: 'Agenda' });
    await tab.goto(`${origin}/meetings/${signed}`);
    await tab.press(DOCUMENT);
    await this.#see('document', { sure: 'of 3' });
    await check('a document takes what the window has', () =>
      tab.waitFor('a high page', () =>
        document.querySelector('canvas').clientHeight > innerHeight * 0.6, null, SOON));
  }

  async room() {
    const { tab, leader, meeting, origin } = this;
    await tab.goto(`${origin}/meetings/${meeting}/join`);
    await this.#see('prejoin', { sure: 'Join the meeting' });
    await enter(tab, meeting, origin, { join: 'Join the meeting' });
    for (const panel of ['Floor', 'Agenda', 'Documents', 'Votes']) {
      await tab.tab(panel);
      await this.#see(`room ${panel.toLowerCase()}`);
    }
    await command(leader, meeting, { kind: 'vote.open', question: TITLE });
    await this.#see('ballot', { sure: 'Choose' });
    await tab.press('Abstain', { whole: true });
    await tab.press('Confirm');
    await this.#see('receipt', { sure: 'recorded' });
    const { votes } = await snapshot(leader, meeting);
    await command(leader, meeting, { kind: 'vote.close', voteId: votes.at(-1).id });
    await this.#see('result', { sure: 'Share' });
    await tab.press('Leave', { whole: true });
    await this.#see('leaving', { sure: 'Stay' });
    await tab.press('Stay', { whole: true });
    await command(leader, meeting, { kind: 'end' });
    await this.#see('ended', { sure: 'The meeting has ended' });
  }

  async paper() {
    const { tab, meeting, signed, origin } = this;
    await tab.press('Write the minutes');
    await this.#see('draft', { sure: 'Being written' });
    await tab.press('Write the minutes');
    await this.#see('writing', { sure: 'Saved' });
    await tab.press('Make final', { whole: true });
    await this.#see('making final', { sure: 'Cancel' });
    await tab.press('Make final', { whole: true });
    await tab.sees('Sign', { timeout: 20000 });
    await this.#see('signing', { sure: 'SHA-256' });
    await this.onSigning();
    await tab.goto(`${origin}/keys`);
    await this.#see('my key', { sure: 'Ready', shown: ['keys'] });
    await tab.goto(`${origin}/meetings/${signed}/minutes`);
    await this.#see('published', { sure: 'The minutes are published' });
    const { code } = (await tab.request('GET', `/api/v1/meetings/${signed}/minutes`)).json;
    await tab.goto(`${origin}/v/${code}`);
    await this.#see('verification', { sure: 'valid', shown: [`verify/${code}`] });
    await tab.goto(`${origin}/nowhere`);
    await this.#see('no such page', { sure: 'no such page' });
    await tab.press('Log out');
    await this.#see('login', { sure: 'Password' });
  }
}
