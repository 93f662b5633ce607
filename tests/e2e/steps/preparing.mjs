// Days before: the secretary plans the meeting, hands in its document, invites; the chair approves.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { check, expect, expectEqual, must } from '../harness/checks.mjs';
import { fixture } from '../harness/places.mjs';

export const TITLE = 'Họp thông qua phương án tuyến đường liên xã';

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

async function findUser(tab, login, name) {
  const query = new URLSearchParams({ query: name, limit: '200' });
  const answer = await tab.request('GET', `/api/v1/users?${query}`);
  expectEqual(answer.status, 200, 'searching people');
  const found = answer.json.users.find((user) => user.name === name);
  expect(found, `${login} (${name}) is not in the directory`);
  return found;
}

async function refusedFile(tab, meeting, file, code) {
  const answer = await upload(tab, meeting, file, readFileSync(fixture(file)));
  expectEqual(answer.status, 422, `status for ${file}`);
  expectEqual(answer.json.error.code, code, `code for ${file}`);
  expect(answer.json.error.vi.length > 10, 'the reason is told in Vietnamese');
  return answer.json.error.vi;
}

/** Leaves an announced meeting that can be entered; gives its id. */
export async function prepare({ chair, secretary, people }) {
  let meeting;
  await must('the secretary plans a meeting', async () => {
    const [leader, writer] = await Promise.all([
      findUser(secretary, 'chutich', people.chair.name),
      findUser(secretary, 'thuky', people.secretary.name),
    ]);
    const now = Date.now();
    const answer = await secretary.request('POST', '/api/v1/meetings', {
      title: TITLE,
      startAt: now,
      endAt: now + 7200000,
      place: 'Phòng họp Diên Hồng',
      chairId: leader.id,
      secretaryId: writer.id,
    });
    expectEqual(answer.status, 201, `creating (${answer.json?.error?.vi ?? ''})`);
    meeting = answer.json.id;
    await command(secretary, meeting, {
      kind: 'agenda.set',
      items: [
        { title: 'Trình bày phương án', plannedMinutes: 20 },
        { title: 'Thảo luận và biểu quyết', plannedMinutes: 30 },
      ],
    });
  });
  await check('a search without diacritics finds a commune', async () => {
    const query = new URLSearchParams({ query: 'lam kieu' });
    const answer = await secretary.request('GET', `/api/v1/units?${query}`);
    const names = answer.json.units.map((unit) => unit.name);
    expect(names.includes('Phường Lam Kiều'), `found ${names.join(', ')}`);
  });
  await must('the two communes are invited', async () => {
    const users = await Promise.all(
      ['commune', 'firefox'].map((one) => findUser(secretary, one, people[one].name)),
    );
    const unitIds = users.map((user) => user.unitId);
    await command(secretary, meeting, { kind: 'units.invite', unitIds, userIds: [] });
  });
  await must('the document is taken: three pages', async () => {
    const bytes = readFileSync(fixture('document.pdf'));
    const answer = await upload(secretary, meeting, 'Tờ trình tuyến đường liên xã', bytes);
    expectEqual(answer.status, 201, `handing in (${answer.json?.error?.vi ?? ''})`);
    expectEqual(answer.json.document.pages, 3, 'pages');
  });
  await check('a file that is no PDF is refused, in the user\'s language', () =>
    refusedFile(secretary, meeting, 'not-a-pdf.pdf', 'document.not_pdf'));
  await check('an encrypted PDF is refused with that reason', () =>
    refusedFile(secretary, meeting, 'encrypted.pdf', 'document.encrypted'));
  await check('a file over the limit is refused before it is sent', async () => {
    const answer = await upload(secretary, meeting, 'Quá lớn', Buffer.from('%PDF-1.7'), 65 << 20);
    expectEqual(answer.status, 413, 'status');
    expectEqual(answer.json.error.code, 'document.too_large', 'code');
  });
  await check('the secretary may not approve her own plan', async () => {
    await command(secretary, meeting, { kind: 'submit' });
    const answer = await secretary.request('POST', `/api/v1/meetings/${meeting}/commands`, {
      kind: 'approve',
    });
    expectEqual(answer.status, 403, 'the secretary approving');
  });
  await must('the chair approves and the invitations go out', async () => {
    await command(chair, meeting, { kind: 'approve' });
    await command(secretary, meeting, { kind: 'announce' });
    expectEqual((await snapshot(secretary, meeting)).state, 'invited', 'state');
  });
  return meeting;
}
