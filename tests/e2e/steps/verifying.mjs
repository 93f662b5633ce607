// What the public page tells a stranger beyond the verdict: about whole record packages, and in
// pictures of what a file's revisions changed on its pages.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { isEnglish } from '../harness/audit.mjs';
import { check, expect, expectEqual, figure, must } from '../harness/checks.mjs';
import { goTo } from '../harness/keys.mjs';
import { BUILD, ROOT } from '../harness/places.mjs';
import { dienhong, tool } from '../harness/server.mjs';
import { SEALED } from './clerk.mjs';
import { readFile } from './paper.mjs';

const PACKAGE = path.join(BUILD, 'record.zip');
const BROKEN = path.join(BUILD, 'record-broken.zip');
const FORGERY = 'saving-content-whole';
const FORGER = path.join(ROOT, 'build', 'release', 'tests', 'attack_list');

const PICTURES = '[data-part=difference]';

const drop = (stranger, file) => stranger.upload('input[type=file]', file);

/** Where a paper lies in the archive: its bytes are stored as they are. */
function insideAPaper(bytes) {
  const at = bytes.indexOf('papers/');
  expect(at > 0, 'no paper in the package');
  return bytes.indexOf('%PDF', at) + 2000;
}

export async function recordPackage({ tabs, stranger, meeting, origin, onScreen }) {
  await must('the secretary takes the record out of the house', async () => {
    const data = await tabs.secretary.evaluate(readFile, `/api/v1/meetings/${meeting}/package`);
    const bytes = Buffer.from(data, 'base64');
    writeFileSync(PACKAGE, bytes);
    bytes[insideAPaper(bytes)] ^= 1;
    writeFileSync(BROKEN, bytes);
    return `${bytes.length} bytes`;
  });
  await check('a stranger learns that it is whole, and what is in it', async () => {
    await stranger.goto(`${origin}/verify`);
    await drop(stranger, PACKAGE);
    await stranger.sees('Gói hồ sơ nguyên vẹn');
    await stranger.sees('Nhật ký cuộc họp');
    await stranger.sees('3 chữ ký hợp lệ');
  });
  await onScreen('verify-package', '[data-verdict]');
  await check('of a changed one, which file it was', async () => {
    await drop(stranger, BROKEN);
    await stranger.sees('Gói hồ sơ không nguyên vẹn');
    const states = await stranger.evaluate(() =>
      [...document.querySelectorAll('[data-state]')].map((one) => one.dataset.state));
    expectEqual(states.filter((one) => one !== 'whole'), ['changed'], 'what is not whole');
    expectEqual(states[0], 'changed', 'what comes first');
  });
  await onScreen('verify-package-broken', '[data-verdict]');
}

/* In the page: of each picture its words, its size, and how much of it is dark, whatever colour;
 * a mark is as dark on either side. */
function pictures() {
  return [...document.querySelectorAll('[data-part=difference] canvas')].map((canvas) => {
    const dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let ink = 0;
    for (let i = 0; i < dots.length; i += 4)
      if (dots[i] + dots[i + 1] + dots[i + 2] < 400) ink += 1;
    return { words: canvas.getAttribute('aria-label'), width: canvas.width, ink };
  });
}

/** Presses what is to be pressed with the keyboard, until there is something to look at again. */
async function show(stranger, label) {
  const before = performance.now();
  await goTo(stranger, label, { role: 'button' });
  await stranger.key('Enter');
  await stranger.waitFor('the pictures', () =>
    ['resting', 'done'].includes(
      document.querySelector('[data-part=difference]')?.dataset.phase));
  return Math.round(performance.now() - before);
}

const kindsShown = (stranger) =>
  stranger.evaluate(() =>
    [...document.querySelectorAll('[data-change]')].map((one) => one.dataset.change));

async function lawfulChanges({ stranger, origin, onScreen }) {
  await check('what signers and clerk added is shown before and after, by keyboard', async () => {
    await stranger.goto(`${origin}/verify`);
    await drop(stranger, SEALED);
    await stranger.sees('Văn bản hợp lệ');
    const ms = await show(stranger, 'Xem hình những chỗ thay đổi');
    figure('pictures of the first three changes of sealed minutes', ms, 'ms');
    expectEqual(await kindsShown(stranger), ['signed', 'signed', 'filled'], 'changes');
    const seen = await stranger.evaluate(pictures);
    expectEqual(seen.length, 6, 'pictures');
    for (let i = 0; i < seen.length; i += 2) {
      const [before, after] = [seen[i], seen[i + 1]];
      expect(before.words.startsWith('Trước') && after.words.startsWith('Sau'), before.words);
      expect(after.ink > before.ink, `nothing came to "${after.words}"`);
    }
  });
  await onScreen('verify-difference', PICTURES);
  await check('the next press shows the seal, and that this is all', async () => {
    await show(stranger, 'Xem tiếp');
    const kinds = await kindsShown(stranger);
    expect(kinds.length > 0 && kinds.every((one) => one === 'signed'), kinds.join());
    await stranger.sees('Đã so hết các trang');
  });
}

async function forgedChange({ stranger, onScreen }) {
  await check('of a forged paper, the page that the forger changed comes first', async () => {
    tool(FORGER, [BUILD, FORGERY]);
    await drop(stranger, path.join(BUILD, `${FORGERY}.pdf`));
    await stranger.sees('Văn bản không hợp lệ');
    await stranger.sees('không kèm chữ ký nào');
    await show(stranger, 'Xem hình những chỗ thay đổi');
    const kinds = await kindsShown(stranger);
    expectEqual(kinds[0], 'refused', 'the first change');
    const [before, after] = await stranger.evaluate(pictures);
    expect(before.ink > 2 * after.ink, `${before.ink} dots before, ${after.ink} after`);
  });
  await onScreen('verify-difference-forged', PICTURES);
}

async function undrawable({ stranger }) {
  await check('a state that cannot be drawn is said to be so', async () => {
    const broken = path.join(BUILD, 'undrawable.pdf');
    const bytes = readFileSync(SEALED);
    bytes.fill(0x20, 9, bytes.indexOf('startxref'));
    writeFileSync(broken, bytes);
    await drop(stranger, broken);
    await stranger.sees('Văn bản không hợp lệ');
    await show(stranger, 'Xem hình những chỗ thay đổi');
    await stranger.sees('Không vẽ được');
  });
}

async function inEnglish({ stranger, server }) {
  await check('in English: packages, and pictures of what changed', async () => {
    await stranger.press('English', { whole: true });
    await drop(stranger, PACKAGE);
    await stranger.sees('is whole');
    await isEnglish(stranger, [JSON.parse(dienhong('verify', PACKAGE, '--trust',
      server.caFile).output)]);
    const forged = path.join(BUILD, `${FORGERY}.pdf`);
    await drop(stranger, forged);
    await stranger.sees('not valid');
    await show(stranger, 'Show what changed');
    await isEnglish(stranger, [JSON.parse(dienhong('verify', forged, '--trust',
      server.caFile).output)]);
    await stranger.press('Tiếng Việt', { whole: true });
  });
}

export async function changesAreDrawn(day) {
  await lawfulChanges(day);
  await forgedChange(day);
  await undrawable(day);
  await inEnglish(day);
}
