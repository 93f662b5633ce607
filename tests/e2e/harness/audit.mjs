// Questions to a screen as a whole: does it fit, may everybody use it (axe-core), is it in one
// language. For Chromium and Firefox alike.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { expect } from './checks.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/* In the page: what axe finds, in one line a finding. */
async function runAxe() {
  const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' ; ')}`);
}

/** Nothing that axe-core calls serious or critical. */
export async function isAccessible(tab) {
  await tab.evaluate(`(() => { ${AXE}; return true; })()`);
  const found = await tab.evaluate(runAxe);
  expect(found.length === 0, `axe:\n${found.join('\n')}`);
}

/** Nothing sticks out sideways. */
export async function fits(tab) {
  const [page, window] = await tab.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(page <= window, `the page is ${page} px wide in a window of ${window} px`);
}

/* In the page: every word that is shown or told, but for what is marked as Vietnamese. */
function readWords() {
  const words = [document.title];
  const walk = (element) => {
    if (element.lang === 'vi' || element.matches('script, style, noscript, [hidden]')) return;
    for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
      if (element.hasAttribute(name)) words.push(element.getAttribute(name));
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) words.push(child.textContent);
      else if (child.nodeType === Node.ELEMENT_NODE) walk(child);
    }
  };
  walk(document.body);
  return words.map((one) => one.normalize('NFC').replace(/\s+/g, ' ').trim()).filter(Boolean);
}

/* Of a distinguished name people are shown the common name alone. */
function strings(value) {
  if (typeof value === 'string') return [value, ...(/CN=([^,]*)/.exec(value)?.slice(1) ?? [])];
  return value && typeof value === 'object' ? Object.values(value).flatMap(strings) : [];
}

const VIETNAMESE =
  /[àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i;
const RAW = /\b(undefined|null|NaN)\b|\[object|=>|\b[a-z]+_[a-z_]+\b/;

/**
 * Everything on the screen is English but the names and titles in `data` (answers of the server),
 * and nothing raw is shown: no key, no code, no missing value.
 */
export async function isEnglish(tab, data) {
  const names = [...new Set(['Diên Hồng', ...data.flatMap(strings)])]
    .map((one) => one.normalize('NFC').replace(/\s+/g, ' ').trim())
    .filter((one) => one.length > 1)
    .sort((a, b) => b.length - a.length);
  const left = (await tab.evaluate(readWords)).map((one) =>
    names.reduce((text, name) => text.split(name).join(''), one),
  );
  const wrong = left.filter((one) => VIETNAMESE.test(one) || RAW.test(one));
  expect(wrong.length === 0, `not English: ${[...new Set(wrong)].slice(0, 10).join(' | ')}`);
  expect((await tab.evaluate(() => document.documentElement.lang)) === 'en', 'lang is not en');
}
