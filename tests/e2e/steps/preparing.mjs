// Days before, all by the buttons of the screens: the secretary plans the meeting, invites, writes
// the agenda, hands in the document; the chair sends it back once and then approves it.

import { randomBytes } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import path from 'node:path';

import { check, expect, expectEqual, must, until } from '../harness/checks.mjs';
import { BUILD, fixture } from '../harness/places.mjs';

export const TITLE = 'Họp thông qua phương án tuyến đường liên xã';
export const DOCUMENT = 'Tờ trình tuyến đường liên xã';
const UNITS = { 'lam kieu': 'Phường Lam Kiều', 'tran bien': 'Phường Trấn Biên' };
const AGENDA = [
  { title: 'Trình bày phương án', minutes: 20 },
  { title: 'Thảo luận và biểu quyết', minutes: 30 },
];

/** A command of the meeting; gives the answer's JSON, throws on a refusal. */
export async function command(tab, meeting, body) {
  const answer = await tab.request('POST', `/api/v1/meetings/${meeting}/commands`, body);
  if (answer.status !== 200)
    throw new Error(`${body.kind}: ${answer.status} ${answer.json?.error?.vi ?? ''}`);
  return answer.json;
}

export async function snapshot(tab, meeting) {
  const answer = await tab.request('GET', `/api/v1/meetings/${meeting}`);
  expectEqual(answer.status, 200, 'reading the meeting');
  return answer.json;
}

/** Who is present, by name. */
export async function present(tab, meeting) {
  const path = `/api/v1/meetings/${meeting}/participants?present=true&limit=200`;
  const answer = await tab.request('GET', path);
  expectEqual(answer.status, 200, 'reading the roll');
  return answer.json.participants.map((one) => one.name);
}

/** Every event of the record, in order. */
export async function record(tab, meeting) {
  const all = [];
  for (;;) {
    const after = all.at(-1)?.seq ?? 0;
    const answer = await tab.request('GET', `/api/v1/meetings/${meeting}/events?after=${after}`);
    expectEqual(answer.status, 200, 'reading the record');
    all.push(...answer.json.events);
    if (answer.json.events.length === 0 || all.at(-1).seq >= answer.json.seq) return all;
  }
}

/* In the page: hands in bytes (base64) as one part; gives status and JSON. */
async function putPart({ url, data }) {
  const session = await fetch('/api/v1/session').then((answer) => answer.json());
  const body = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const headers = { 'X-CSRF': session.csrf, 'Content-Type': 'application/octet-stream' };
  const answer = await fetch(url, { method: 'PUT', headers, body });
  return { status: answer.status, json: await answer.json().catch(() => null) };
}

export function upload(tab, meeting, title, bytes, size = bytes.length) {
  const id = randomBytes(16).toString('hex');
  const query = new URLSearchParams({ offset: '0', size: String(size), title });
  const url = `/api/v1/meetings/${meeting}/uploads/${id}?${query}`;
  return tab.evaluate(putPart, { url, data: bytes.toString('base64') });
}

/** The document under the name that a secretary would give its file. */
function namedDocument() {
  const file = path.join(BUILD, `${DOCUMENT}.pdf`);
  copyFileSync(fixture('document.pdf'), file);
  return file;
}

const FILES = 'input[type=file]';

async function plans({ secretary, people, origin }) {
  await secretary.goto(`${origin}/`);
  await secretary.press('Tạo cuộc họp');
  await secretary.fill('Tên cuộc họp', TITLE);
  await secretary.fill('Địa điểm', 'Phòng họp Diên Hồng');
  await secretary.choose('Chủ tọa', people.chair.name);
  await secretary.choose('Thư ký', people.secretary.name);
  await secretary.press('Tạo cuộc họp', { whole: true });
  await secretary.waitFor('the meeting\'s page', () => /^\/meetings\/\d+$/.test(location.pathname));
  return secretary.evaluate(() => location.pathname.split('/').at(-1));
}

/** Units are found without diacritics, as people type in a hurry. */
async function invites({ secretary, meeting }) {
  for (const [typed, unit] of Object.entries(UNITS)) {
    await secretary.fill('Tìm đơn vị', typed);
    await secretary.press(unit);
  }
  await secretary.press('Lưu danh sách mời');
  const invited = async () => (await snapshot(secretary, meeting)).counts.units;
  await until('both communes', async () => (await invited()) === 2);
  const { units } = (await secretary.request('GET', `/api/v1/meetings/${meeting}/units`)).json;
  expectEqual(units.map((unit) => unit.name).sort(), Object.values(UNITS).sort(), 'invited');
}

async function writesAgenda({ secretary, meeting, people }) {
  for (const [index, { title, minutes }] of AGENDA.entries()) {
    await secretary.press('Thêm mục');
    await secretary.fill(`Tên mục ${index + 1}`, title);
    await secretary.fill(`Số phút của mục ${index + 1}`, String(minutes));
  }
  await secretary.choose('Người trình bày mục 1', people.commune.name);
  await secretary.press('Đưa mục 2 lên');
  await secretary.press('Đưa mục 1 xuống');
  await secretary.press('Lưu chương trình');
  await until('the agenda', async () => (await snapshot(secretary, meeting)).agenda.length === 2);
  const { agenda } = await snapshot(secretary, meeting);
  const kept = agenda.map(({ title, plannedMinutes }) => ({ title, minutes: plannedMinutes }));
  expectEqual(kept, AGENDA, 'the agenda');
  expect(agenda[0].presenterId !== null, 'the presenter is not kept');
}

async function refusedFile(tab, file, code) {
  await tab.upload(FILES, fixture(file));
  const read = (wanted) => document.querySelector(`[data-code="${wanted}"]`)?.textContent ?? '';
  return tab.waitFor(`the refusal ${code}`, read, code);
}

async function filesAreJudged({ secretary, meeting }) {
  await must('the document is taken from the secretary\'s screen: three pages', async () => {
    await secretary.upload(FILES, namedDocument());
    await until('it', async () => (await snapshot(secretary, meeting)).documents.length === 1);
    const [document] = (await snapshot(secretary, meeting)).documents;
    expectEqual([document.title, document.pages], [DOCUMENT, 3], 'title and pages');
    await secretary.sees(DOCUMENT);
  });
  await check('a file that is no PDF is refused, in the user\'s language', () =>
    refusedFile(secretary, 'not-a-pdf.pdf', 'document.not_pdf'));
  await check('an encrypted PDF is refused with that reason', () =>
    refusedFile(secretary, 'encrypted.pdf', 'document.encrypted'));
  await check('a file over the limit is refused before it is sent', async () => {
    const answer = await upload(secretary, meeting, 'Quá lớn', Buffer.from('%PDF-1.7'), 65 << 20);
    expectEqual(answer.status, 413, 'status');
    expectEqual(answer.json.error.code, 'document.too_large', 'code');
  });
}

async function isApproved({ chair, secretary, meeting, origin }) {
  const state = async () => (await snapshot(chair, meeting)).state;
  const page = `${origin}/meetings/${meeting}`;
  await must('the secretary submits it, and the chair sends it back with a reason', async () => {
    await secretary.press('Trình chủ tọa duyệt');
    await until('submitted', async () => (await state()) === 'submitted');
    await chair.goto(`${origin}/`);
    await chair.press(TITLE);
    await chair.press('Trả lại', { whole: true });
    await chair.fill('Lý do trả lại', 'Đề nghị gửi tài liệu sớm hơn.');
    await chair.press('Xác nhận', { whole: true });
    await until('a draft again', async () => (await state()) === 'draft');
  });
  await check('the secretary may not approve her own plan', async () => {
    await secretary.goto(page);
    await secretary.sees('Đề nghị gửi tài liệu sớm hơn.');
    await secretary.press('Trình chủ tọa duyệt');
    await secretary.sees('Chờ chủ tọa duyệt');
    expect(!(await secretary.has('Trả lại', 'button')), 'she has the chair\'s buttons');
    const answer = await secretary.request('POST', `/api/v1/meetings/${meeting}/commands`, {
      kind: 'approve',
    });
    expectEqual(answer.status, 403, 'the secretary approving');
  });
  await must('the chair approves and the invitations go out', async () => {
    await chair.goto(page);
    await chair.press('Duyệt', { whole: true });
    await until('approved', async () => (await state()) === 'approved');
    await secretary.goto(page);
    await secretary.press('Gửi giấy mời');
    await until('invited', async () => (await state()) === 'invited');
  });
}

/** Leaves an announced meeting that can be entered; gives its id. `onDraft`: the plan is there. */
export async function prepare({ chair, secretary, people, origin, onDraft }) {
  let meeting;
  await must('the secretary plans a meeting', async () => {
    meeting = await plans({ secretary, people, origin });
    return meeting;
  });
  const day = { chair, secretary, people, origin, meeting };
  await must('she finds two communes without diacritics and invites them', () => invites(day));
  await must('she writes the agenda and puts it in order', () => writesAgenda(day));
  await filesAreJudged(day);
  await onDraft();
  await isApproved(day);
  return meeting;
}
