// After the meeting: minutes, signatures, and what a stranger can check.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { check, expect, expectEqual, must, until } from '../harness/checks.mjs';
import { staysInDialog } from '../harness/keys.mjs';
import { BUILD } from '../harness/places.mjs';
import { dienhong, tool } from '../harness/server.mjs';
import { snapshot } from './preparing.mjs';
import { CONCLUSION, QUESTION } from './room.mjs';

const ADDITION = 'Các đại biểu không có ý kiến gì khác.';
const SIGNED = path.join(BUILD, 'minutes.pdf');
const FLIPPED = path.join(BUILD, 'minutes-flipped.pdf');

async function minutes(tab, meeting) {
  const answer = await tab.request('GET', `/api/v1/meetings/${meeting}/minutes`);
  expectEqual(answer.status, 200, 'reading the minutes');
  return answer.json;
}

const plain = (blocks) =>
  blocks.map((block) => block.runs.map((run) => run.text).join('')).join('\n');

/* In the page: a file behind the session, as base64. */
export async function readFile(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192)
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/* In the page: the cursor stays in the last paragraph. Just after a press the editor may put it
 * back to where it was pressed. */
async function cursorRestsAtEnd() {
  const last = document.querySelector('.ProseMirror > :last-child');
  for (let i = 0; i < 5; i += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (!last.contains(getSelection().anchorNode)) return false;
  }
  return true;
}

export async function minutesAreWritten({ tabs, meeting, people, onWriting }) {
  await must('the chair ends the meeting', async () => {
    await tabs.chair.tab('Chương trình');
    await tabs.chair.press('Kết thúc cuộc họp', { whole: true });
    await tabs.chair.press('Kết thúc cuộc họp', { whole: true });
    await until('ended', async () => (await snapshot(tabs.chair, meeting)).state === 'ended');
  });
  await check('the draft holds presence, speakers, vote and conclusion as it was', async () => {
    const { blocks } = await minutes(tabs.secretary, meeting);
    const text = plain(blocks).normalize('NFC').toLowerCase();
    for (const person of Object.values(people))
      expect(text.includes(person.name.toLowerCase()), `${person.name} is missing`);
    for (const words of [QUESTION, CONCLUSION, 'tán thành'])
      expect(text.includes(words.toLowerCase()), `"${words}" is missing in:\n${text}`);
    const tally = /(?<!không )tán thành 2 \([\d,]+%\), không tán thành 1 \([\d,]+%\)/;
    expect(tally.test(text), `the result of the vote is missing in:\n${text}`);
    const speech = text.slice(text.indexOf('ý kiến phát biểu'));
    expect(speech.includes(people.firefox.name.toLowerCase()), 'the speaker is missing');
  });
  await must('the secretary completes them in the editor', async () => {
    await tabs.secretary.press('Soạn biên bản');
    await tabs.secretary.press('Nhận soạn biên bản');
    await tabs.secretary.press('Nội dung biên bản', { kind: 'field' });
    await until('the cursor rests at the end', async () => {
      await tabs.secretary.key('Control+End');
      return tabs.secretary.evaluate(cursorRestsAtEnd);
    });
    await tabs.secretary.key('Enter');
    await tabs.secretary.type(ADDITION);
    await until('it is saved, at the end', async () =>
      plain((await minutes(tabs.secretary, meeting)).blocks).endsWith(`\n${ADDITION}`));
    await tabs.secretary.sees('Đã lưu trên máy chủ');
  });
  await check('a save of an older revision is refused', async () => {
    const { revision, blocks } = await minutes(tabs.secretary, meeting);
    const save = { kind: 'minutes.save', baseRevision: revision - 1, blocks };
    const again = await tabs.secretary.request(
      'POST', `/api/v1/meetings/${meeting}/commands`, save);
    expectEqual(again.status, 409, 'saving over a newer revision');
  });
  await onWriting();
  await must('she makes them final, after a question that keeps the focus', async () => {
    await tabs.secretary.press('Chốt biên bản', { whole: true });
    await staysInDialog(tabs.secretary);
    await tabs.secretary.press('Chốt biên bản', { whole: true });
    await until('the pages are laid out', async () => {
      const now = await minutes(tabs.secretary, meeting);
      return now.files.pdf && now.state === 'final';
    }, { timeout: 20000 });
  });
}

export async function published({ tabs, meeting, origin }) {
  await check('what the clerk distributed is published, with its number', async () => {
    await tabs.secretary.goto(`${origin}/meetings/${meeting}/minutes`);
    await tabs.secretary.sees('Biên bản đã ban hành');
    await tabs.secretary.sees('01/BB-UBND');
    expectEqual((await snapshot(tabs.chair, meeting)).state, 'published', 'state');
  });
  await check('everyone finds them on the home page', async () => {
    await tabs.chair.goto(`${origin}/`);
    await tabs.chair.sees('Đã ban hành');
  });
}

export async function bothSign({ tabs, meeting, origin }) {
  for (const [role, field] of [['secretary', 'secretary'], ['chair', 'chair']])
    await must(`${role} signs in ${tabs[role].browser} with a key that stays there`, async () => {
      const tab = tabs[role];
      await tab.goto(`${origin}/meetings/${meeting}/minutes`);
      await tab.press('Tôi đã đọc biên bản ở trên và đồng ý ký.', { timeout: 20000 });
      await tab.press('Ký biên bản', { whole: true });
      await until('the signature is kept', async () => {
        const { signatures } = await minutes(tab, meeting);
        return signatures.some((one) => one.field === field);
      }, { timeout: 30000 });
    });
  await check('the key cannot be taken out of the browser', async () => {
    const exportable = await tabs.chair.evaluate(async () => {
      const names = (await indexedDB.databases()).map((one) => one.name);
      const values = [];
      for (const name of names) {
        const database = await new Promise((resolve, reject) => {
          const request = indexedDB.open(name);
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
        for (const store of database.objectStoreNames) {
          const request = database.transaction(store).objectStore(store).getAll();
          values.push(...(await new Promise((resolve) => {
            request.onsuccess = () => resolve(request.result);
          })));
        }
        database.close();
      }
      const keys = [];
      const walk = (value, depth) => {
        if (value instanceof CryptoKey) keys.push(value);
        else if (value && typeof value === 'object' && depth < 4)
          for (const inner of Object.values(value)) walk(inner, depth + 1);
      };
      walk(values, 0);
      return keys.filter((key) => key.type === 'private').map((key) => key.extractable);
    });
    expectEqual(exportable, [false], 'private keys, and whether they can be exported');
  });
  await must('the signed file can be fetched', async () => {
    const data = await tabs.secretary.evaluate(
      readFile, `/api/v1/meetings/${meeting}/minutes/file`);
    writeFileSync(SIGNED, Buffer.from(data, 'base64'));
  });
}

/** pdfsig with a trust store of its own that holds the development authority. */
function pdfsig(file, caFile) {
  const folder = path.join(BUILD, 'pdfsig');
  tool('bash', ['-c', `rm -rf '${folder}' && mkdir -p '${folder}'`]);
  tool('certutil', ['-d', `sql:${folder}`, '-N', '--empty-password']);
  tool('certutil', ['-d', `sql:${folder}`, '-A', '-t', 'CT,C,C', '-n', 'root', '-i', caFile]);
  return tool('pdfsig', ['-nssdir', `sql:${folder}`, file], { statuses: [0, 1, 2] });
}

/** What NSS alone thinks of this person's certificates, with the authority as its anchor. pdfsig
 * would ask the OCSP responder over HTTPS, which NSS cannot, and says "unknown" then. */
function nssTrusts(person, { data, caFile }) {
  const base = ['-d', `sql:${path.join(BUILD, 'pdfsig')}`];
  const ca = path.dirname(caFile);
  const issued = path.join(data, 'ca', 'issued');
  const mine = readdirSync(issued).map((name) => path.join(issued, name)).filter((file) =>
    tool('openssl', ['x509', '-in', file, '-noout', '-subject', '-nameopt', 'utf8'])
      .includes(`CN=${person.name}`));
  const keep = (name, file) =>
    tool('certutil', [...base, '-A', '-t', ',,', '-n', name, '-i', file]);
  keep('issuing', path.join(ca, 'issuing.pem'));
  return mine.map((file) => {
    const name = path.basename(file);
    keep(name, file);
    return tool('certutil', [...base, '-V', '-u', 'S', '-n', name]).trim();
  });
}

const count = (text, words) => text.split(words).length - 1;

/** The four numbers of each signature's /ByteRange, in the order of the file. */
function byteRanges(bytes) {
  const found = bytes.toString('latin1').matchAll(/\/ByteRange *\[([\d ]+)\]/g);
  return [...found].map((match) => match[1].trim().split(/ +/).map(Number));
}

/** Places in what the signatures cover: the pages, the first update, and the end of the file. */
function flips(bytes) {
  const [first, last] = [byteRanges(bytes)[0], byteRanges(bytes).at(-1)];
  return {
    'in the pages': Math.floor(first[1] * 0.3),
    'in the first signature\'s update': first[2] + Math.floor(first[3] / 2),
    'in the last bytes of the file': last[2] + Math.floor(last[3] / 2),
  };
}

/** Writes the file with one bit changed; `dienhong verify` must refuse it. */
function flip(bytes, place, caFile) {
  const changed = Buffer.from(bytes);
  changed[place] ^= 0x01;
  writeFileSync(FLIPPED, changed);
  const { status, output } = dienhong('verify', FLIPPED, '--trust', caFile);
  expect(status !== 0, 'dienhong verify exits 0');
  expect(JSON.parse(output).verdict === 'invalid', `dienhong verify says ${output}`);
}

export async function strangersCanCheck({ people, server }) {
  await check('pdfsig finds both signatures valid, and NSS their certificates', async () => {
    const answer = pdfsig(SIGNED, server.caFile);
    expectEqual(count(answer, 'Signature is Valid.'), 2, `valid signatures in\n${answer}`);
    for (const role of ['chair', 'secretary']) {
      expect(answer.includes(people[role].name), `${people[role].name} is not named`);
      const said = [...new Set(nssTrusts(people[role], server))];
      expectEqual(said, ['certutil: certificate is valid'], role);
    }
  });
  await check('dienhong verify says valid and who signed', async () => {
    const { status, output } = dienhong('verify', SIGNED, '--trust', server.caFile);
    const report = JSON.parse(output);
    expectEqual([status, report.verdict, report.signatures.length], [0, 'valid', 2], output);
    expectEqual(report.signatures.map((one) => one.field), ['secretary', 'chair'], 'fields');
  });
  const bytes = readFileSync(SIGNED);
  for (const [where, place] of Object.entries(flips(bytes)))
    await check(`one flipped byte ${where} is refused by both`, async () => {
      flip(bytes, place, server.caFile);
      const valid = count(pdfsig(FLIPPED, server.caFile), 'Signature is Valid.');
      expect(valid < 2, `pdfsig finds ${valid} valid signatures`);
    });
  await check('one flipped byte in the padding of a signature is refused, too', async () => {
    const [, first, second] = byteRanges(bytes).at(-1);
    flip(bytes, first + Math.floor((second - first) * 0.9), server.caFile);
  });
  await check('an authority that is not ours makes it invalid', async () => {
    const other = path.join(BUILD, 'other.pem');
    tool('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
      '-nodes', '-keyout', path.join(BUILD, 'other.key'), '-out', other, '-days', '2',
      '-subj', '/CN=Another authority']);
    const { status, output } = dienhong('verify', SIGNED, '--trust', other);
    expect(status !== 0 && JSON.parse(output).verdict === 'invalid', output);
  });
}

export async function publicPageTells({ stranger, tabs, meeting, origin }) {
  const { code } = await minutes(tabs.secretary, meeting);
  await check('the page of the QR code tells a stranger who signed', async () => {
    expectEqual(code.length, 16, 'letters of the code');
    await stranger.goto(`${origin}/v/${code}`);
    await stranger.sees('hợp lệ');
    await stranger.sees('chưa', { timeout: 3000 });
  });
  await check('a flipped file dropped there is called changed', async () => {
    await stranger.upload('input[type=file]', FLIPPED);
    await stranger.sees('không hợp lệ');
  });
}
