// A key in a PKCS#11 token, through the reference helper on the signer's machine: made there from
// the page, approved by an officer, its certificate put there, and minutes signed with it. The page
// speaks with the helper over the real port; the person is this file, who types the PIN.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { check, expectEqual, must, until } from '../harness/checks.mjs';
import { BUILD, ROOT } from '../harness/places.mjs';

const PORT = 8988;
const PIN = '135790';
const MODULE = '/usr/lib/softhsm/libsofthsm2.so';
const HELPER = path.join(ROOT, 'build', 'release', 'tests', 'signing_helper');

/** A token with nothing on it, and the helper that knows our page. */
class Machine {
  constructor(origin) {
    const folder = path.join(BUILD, 'token');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(path.join(folder, 'tokens'), { recursive: true });
    const conf = path.join(folder, 'softhsm2.conf');
    writeFileSync(conf, `directories.tokendir = ${folder}/tokens\nlog.level = ERROR\n`);
    const env = { ...process.env, SOFTHSM2_CONF: conf };
    const made = spawnSync('softhsm2-util', ['--init-token', '--free', '--label', 'toi',
      '--so-pin', '12345678', '--pin', PIN], { env, encoding: 'utf8' });
    expectEqual(made.status, 0, `softhsm2-util: ${made.stderr}`);
    this.shown = '';
    this.process = spawn(HELPER, [MODULE, 'toi', 'khoa-ky', String(PORT), folder, origin], { env });
    this.process.stderr.on('data', (data) => (this.shown += data));
    this.ready = new Promise((resolve, reject) => {
      this.process.stdout.once('data', resolve);
      this.process.once('exit', () => reject(new Error(`the helper ended: ${this.shown}`)));
    });
  }

  /** Waits until the helper shows `words` and asks, and then types `pin`. */
  async types(words, pin) {
    const asks = () => this.shown.includes(words) && this.shown.trimEnd().endsWith('no):');
    await until(`the helper shows "${words}"`, asks);
    this.shown = '';
    this.process.stdin.write(`${pin}\n`);
  }

  close() {
    this.process.kill();
  }
}

const standing = (tab, kind) =>
  tab.waitFor(`the token to be ${kind}`, (wanted) =>
    document.querySelector('[data-token]')?.dataset.token === wanted, kind);

async function isEnrolled({ tab, officer, server, person, onScreen, machine }) {
  await must('the chair makes a key in the token from the page', async () => {
    await tab.goto(`${server.origin}/keys`);
    await tab.press('Xem thiết bị ký', { whole: true });
    await standing(tab, 'empty');
    await tab.press('Tạo khóa trong thiết bị và gửi yêu cầu', { whole: true });
    await machine.types(person.name, '000000');
    await tab.sees('Mã PIN của thiết bị chưa đúng');
    await tab.press('Tạo khóa trong thiết bị và gửi yêu cầu', { whole: true });
    await machine.types(person.name, PIN);
    await standing(tab, 'pending');
  });
  await onScreen('key-token');
  await must('an officer approves the very key, and its certificate goes into the token',
    async () => {
      const spki = await tab.evaluate(() =>
        document.querySelector('[data-token] [data-fingerprint]').dataset.fingerprint);
      const { requests } = (await officer.request('GET', '/api/v1/key-requests')).json;
      const asked = requests.find((one) => one.spki === spki);
      await officer.request('POST', `/api/v1/key-requests/${asked.id}`, { approve: true });
      await standing(tab, 'certified');
      await tab.press('Đưa chứng thư số vào thiết bị', { whole: true });
      await machine.types('chứng thư số', PIN);
      await standing(tab, 'ready');
    });
}

/** The minutes are signed by the secretary; `tab` is the chair's, `officer` is logged in. */
export async function signsWithAToken(day) {
  const { tab, meeting, server } = day;
  const machine = new Machine(server.origin);
  try {
    await machine.ready;
    await isEnrolled({ ...day, machine });
    await check('the chair signs the minutes with the token', async () => {
      await tab.goto(`${server.origin}/meetings/${meeting}/minutes`);
      await tab.press('Tôi đã đọc biên bản ở trên và đồng ý ký.');
      await tab.press('Cách ký khác');
      await tab.press('Ký bằng thiết bị', { whole: false });
      await machine.types(server.origin, PIN);
      const { signatures } = await until('the signature is kept', async () => {
        const { json } = await tab.request('GET', `/api/v1/meetings/${meeting}/minutes`);
        return json.signatures.length > 1 && json;
      });
      expectEqual(signatures.map((one) => one.field), ['secretary', 'chair'], 'fields');
    });
  } finally {
    machine.close();
  }
}
