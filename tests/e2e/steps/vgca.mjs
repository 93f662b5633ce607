// Minutes signed by a program on the signer's machine that returns the whole file: the stand-in of
// VGCA Sign Service, spoken to by a real browser over wss: on the port that the real one has.

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { check, expectEqual, must, until } from '../harness/checks.mjs';
import { BUILD, ROOT } from '../harness/places.mjs';
import { tool } from '../harness/server.mjs';

const PORT = 8987;
const PROGRAM = path.join(ROOT, 'tests', 'integration', 'signaling', 'lib', 'vgca.py');
const SIGNER = path.join(ROOT, 'build', 'release', 'tests', 'whole_file_signer');

/** A key of `tab`'s person that no browser holds, certified like any other. */
async function keyInFiles(tab, officer) {
  const folder = path.join(BUILD, 'vgca');
  const at = (name) => path.join(folder, name);
  mkdirSync(folder, { recursive: true });
  tool('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', at('key.pem')]);
  tool('openssl', ['req', '-new', '-key', at('key.pem'), '-subj', '/CN=x', '-outform', 'DER',
    '-out', at('key.csr')]);
  const csr = readFileSync(at('key.csr')).toString('base64');
  const { json } = await tab.request('POST', '/api/v1/keys', { csr });
  await officer.request('POST', `/api/v1/key-requests/${json.request.id}`, { approve: true });
  const { keys } = (await tab.request('GET', '/api/v1/keys')).json;
  const key = keys.find((one) => one.spki === json.request.spki);
  writeFileSync(at('certificate.der'), Buffer.from(key.certificate, 'base64'));
  return { key: at('key.pem'), certificate: at('certificate.der'), issuer: at('issuer.der') };
}

/** The page of final minutes is open in English; `officer` is logged in. */
export async function signsWithAProgram({ tab, officer, meeting, server, person }) {
  let program = null;
  await must('a signing program runs on the secretary\'s machine', async () => {
    const { key, certificate, issuer } = await keyInFiles(tab, officer);
    tool('openssl', ['x509', '-in', path.join(server.data, 'ca', 'issuing.pem'), '-outform', 'DER',
      '-out', issuer]);
    program = spawn('/usr/bin/python3', ['-B', PROGRAM, SIGNER, key, certificate, issuer,
      person.name, 'secretary', server.data, String(PORT)], { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise((resolve, reject) => {
      program.stdout.once('data', resolve);
      program.once('exit', () => reject(new Error('the program ended')));
    });
  });
  try {
    await check('the whole file comes back signed, and is taken', async () => {
      await tab.press('I have read the minutes above and agree to sign them.');
      await tab.press('Other ways to sign');
      await tab.press('Sign with VGCA Sign Service', { whole: true });
      const { signatures } = await until('the signature is kept', async () => {
        const { json } = await tab.request('GET', `/api/v1/meetings/${meeting}/minutes`);
        return json.signatures.length > 0 && json;
      });
      expectEqual(signatures.map((one) => one.field), ['secretary'], 'fields');
    });
  } finally {
    program?.stdin.end();
    program?.kill();
  }
}
