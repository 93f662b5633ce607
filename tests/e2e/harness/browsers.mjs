// One browser process for each person, with a fresh profile that trusts the development authority,
// as a province's own computers would; no certificate check is switched off.
//
// Chromium takes its camera and microphone from files (tests/fixtures); they belong to the whole
// process, hence one process a person. It reads trusted authorities from the NSS database of its
// HOME. Firefox has them in its profile, and shows its built-in moving picture and tone.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';

import { watchMedia } from './probe.mjs';
import { BUILD } from './places.mjs';
import { tool } from './server.mjs';
import { Tab } from './tab.mjs';

export const DESKTOP = { width: 1366, height: 768 };
export const PHONE = { width: 390, height: 844 };

function freshFolder(name) {
  const folder = path.join(BUILD, 'browsers', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

function trust(folder, caFile) {
  mkdirSync(folder, { recursive: true });
  tool('certutil', ['-d', `sql:${folder}`, '-N', '--empty-password']);
  tool('certutil', ['-d', `sql:${folder}`, '-A', '-t', 'C,,', '-n', 'development', '-i', caFile]);
}

const CHROMIUM_FLAGS = [
  '--no-sandbox', // root, as in a container of the continuous integration
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
];

/** Chromium for one person; `film` and `speech` are files. */
export async function openChromium({ name, caFile, film, speech, viewport = DESKTOP }) {
  const home = freshFolder(name);
  if (caFile) trust(path.join(home, '.pki', 'nssdb'), caFile);
  const args = [...CHROMIUM_FLAGS];
  if (film) args.push(`--use-file-for-fake-video-capture=${film}`);
  if (speech) args.push(`--use-file-for-fake-audio-capture=${speech}`);
  const context = await chromium.launchPersistentContext(path.join(home, 'profile'), {
    executablePath: '/usr/bin/chromium',
    headless: true,
    args,
    env: { ...process.env, HOME: home },
    viewport,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    permissions: ['camera', 'microphone'],
    acceptDownloads: true,
  });
  await context.addInitScript(watchMedia);
  const page = context.pages()[0] ?? (await context.newPage());
  return new Tab({ name, browser: 'chromium', page, viewport, close: () => context.close() });
}

/** Debian's Firefox ESR for one person, driven by WebDriver BiDi. */
export async function openFirefox({ name, caFile, viewport = DESKTOP }) {
  const home = freshFolder(name);
  const profile = path.join(home, 'profile');
  mkdirSync(profile, { recursive: true });
  if (caFile) trust(profile, caFile);
  writeFileSync(path.join(home, '.keep'), '');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    userDataDir: profile,
    defaultViewport: viewport,
    env: { ...process.env, HOME: home, MOZ_DISABLE_CONTENT_SANDBOX: '1', TZ: 'Asia/Ho_Chi_Minh' },
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      'intl.accept_languages': 'vi-VN, vi',
      'app.update.enabled': false,
      'datareporting.policy.dataSubmissionEnabled': false,
    },
  });
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  await page.setViewport(viewport);
  await page.evaluateOnNewDocument(watchMedia);
  return new Tab({ name, browser: 'firefox', page, viewport, close: () => browser.close() });
}
