// The clerk's desk: the signed minutes get a number, the seal and their way to the communes, whose
// officials confirm that they have them.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { isAccessible, isEnglish } from '../harness/audit.mjs';
import { check, expect, expectEqual, must, until } from '../harness/checks.mjs';
import { BUILD } from '../harness/places.mjs';
import { dienhong } from '../harness/server.mjs';
import { drawSheets, measureSheets } from '../harness/sheets.mjs';
import { readFile } from './paper.mjs';

export const SEALED = path.join(BUILD, 'minutes-sealed.pdf');

const desk = async (clerk) => (await clerk.request('GET', '/api/v1/desk')).json;
const register = async (clerk) => (await clerk.request('GET', '/api/v1/issues')).json.issues;
const stage = (wanted) => async (clerk) => (await register(clerk))[0]?.stage === wanted;

async function numbers(clerk, onScreen) {
  await must('the clerk finds the signed minutes on the desk and numbers them', async () => {
    await clerk.press('Mở bàn văn thư');
    await clerk.sees('Chờ cấp số (1)');
    await onScreen('desk-number', clerk);
    await clerk.press('Cấp số', { whole: true });
    await until('the number stands in the file', () => stage('written')(clerk));
    await clerk.sees('01/BB-UBND');
  });
}

async function seals(clerk, server, onScreen) {
  const pin = readFileSync(path.join(server.data, 'seal', 'pin'), 'utf8').trim();
  await check('a wrong PIN is refused in words', async () => {
    await clerk.fill('Mã PIN của con dấu', '000000');
    await clerk.press('Đóng dấu', { whole: true });
    await clerk.sees('Mã PIN của con dấu chưa đúng');
    expectEqual((await register(clerk))[0].stage, 'written', 'stage after a wrong PIN');
  });
  await onScreen('desk-seal', clerk);
  await must('the clerk seals them with the PIN', async () => {
    await clerk.fill('Mã PIN của con dấu', pin);
    await clerk.press('Đóng dấu', { whole: true });
    await until('the seal is kept', () => stage('sealed')(clerk));
    await clerk.sees('Chờ phát hành (1)');
  });
}

async function distributes(clerk, onScreen) {
  await must('the clerk adds a unit and distributes them', async () => {
    await clerk.fill('Thêm nơi nhận', 'so tai chinh');
    await clerk.press('Thêm Sở Tài chính');
    await onScreen('desk-distribute', clerk);
    await clerk.press('Phát hành', { whole: true });
    await clerk.press('Phát hành', { whole: true });
    await until('they are distributed', () => stage('distributed')(clerk));
    expectEqual((await desk(clerk)).waiting, [], 'papers that still wait');
  });
}

async function communeConfirms(commune, clerk, origin, onScreen) {
  await must('a commune finds the paper among its incoming ones and confirms it', async () => {
    await commune.goto(`${origin}/`);
    await commune.sees('01/BB-UBND');
    await onScreen('incoming', commune);
    await commune.press('Xác nhận đã nhận', { whole: true });
    await commune.sees('Đã nhận lúc');
  });
  await check('the clerk sees who has received it', async () => {
    const [issue] = await register(clerk);
    expectEqual(issue.received, 1, 'receipts');
    expect(issue.recipients >= 3, `${issue.recipients} recipients`);
    await clerk.tab('Sổ văn bản đi');
    await clerk.press('01/BB-UBND');
    await clerk.sees(`1/${issue.recipients} nơi đã nhận`);
    await onScreen('issue', clerk);
  });
}

/** What the commune holds: three signatures, the number, and the same file as the register's. Gives
 * the number of its pages. */
async function paperIsWhole(commune, server) {
  let pages = 0;
  await check('the file that the commune reads is sealed, numbered and valid', async () => {
    const { issue } = (await commune.request('GET', '/api/v1/incoming')).json.issues[0];
    const data = await commune.evaluate(readFile, `/api/v1/issues/${issue.id}/file`);
    writeFileSync(SEALED, Buffer.from(data, 'base64'));
    const { status, output } = dienhong('verify', SEALED, '--trust', server.caFile);
    const report = JSON.parse(output);
    expectEqual([status, report.verdict, report.sha256], [0, 'valid', issue.sha256], output);
    expectEqual(report.signatures.map((one) => one.field), ['secretary', 'chair', 'agency'],
      'fields');
    pages = report.pages;
  });
  return pages;
}

/** The pictures go beside the screenshots, to be looked at beside the decree's sample. */
async function paperIsDrawn(pages) {
  await check('poppler draws every page: A4, none empty, the seal in red on one', async () => {
    const sheets = measureSheets(SEALED);
    expectEqual([sheets.length, drawSheets(SEALED, 'minutes-sealed')], [pages, pages], 'sheets');
    for (const { width, height, dark } of sheets) {
      expect(Math.abs(width - 210) < 1 && Math.abs(height - 297) < 1, `${width} × ${height} mm`);
      expect(dark > 200, `only ${dark} dark dots`);
    }
    expectEqual(sheets.filter(({ red }) => red > 100).length, 1, 'pages with a seal');
  });
}

async function speaksEnglish(clerk, origin) {
  await check('in English: the clerk\'s desk and the register', async () => {
    await clerk.goto(`${origin}/desk`);
    await clerk.press('English', { whole: true });
    await clerk.tab('Register');
    await clerk.sees('Kind of document');
    const told = [];
    for (const path of ['session', 'issues'])
      told.push((await clerk.request('GET', `/api/v1/${path}`)).json);
    await isEnglish(clerk, told);
    await isAccessible(clerk);
  });
}

export async function paperLeavesTheHouse({ tabs, clerk, server, origin, onScreen }) {
  await numbers(clerk, onScreen);
  await seals(clerk, server, onScreen);
  await distributes(clerk, onScreen);
  await communeConfirms(tabs.commune, clerk, origin, onScreen);
  await paperIsDrawn(await paperIsWhole(tabs.commune, server));
  await onScreen('home-commune-received', tabs.commune);
  await speaksEnglish(clerk, origin);
}
