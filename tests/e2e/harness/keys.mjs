// The keyboard as the only hand: Tab from stop to stop, and at every stop one sees where one is.

import { expect, until } from './checks.mjs';

const STOPS_MAX = 90;

/* In the page: what has the focus, its name, and whether that can be seen. */
function readFocus() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const plain = (text) => text.normalize('NFC').replace(/\s+/g, ' ').trim();
  const by = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean);
  const name =
    element.getAttribute('aria-label') ??
    (by.length > 0
      ? by.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
      : ([...(element.labels ?? [])].map((one) => one.textContent).join(' ') ||
        element.textContent || element.placeholder || ''));
  // A file's field is unseen; its label is the button, and wears the ring.
  const seen = element.matches('.unseen') ? (element.closest('label') ?? element) : element;
  const style = getComputedStyle(seen);
  const box = seen.getBoundingClientRect();
  return {
    name: plain(name),
    role: element.getAttribute('role') ?? element.localName,
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    inView:
      box.width > 1 && box.bottom > 0 && box.right > 0 &&
      box.top < innerHeight && box.left < innerWidth,
    inDialog: element.closest('dialog[open]') !== null,
    selected: element.getAttribute('aria-selected') === 'true',
    checked: element.checked === true,
  };
}

export const focus = (tab) => tab.evaluate(readFocus);

export function expectSeen(stop) {
  expect(stop.ring, `no ring around "${stop.name}" (${stop.role})`);
  expect(stop.inView, `"${stop.name}" (${stop.role}) has the focus out of view`);
}

const called = (stop, words) =>
  stop !== null && stop.name.toLowerCase().includes(words.normalize('NFC').toLowerCase());

/** Presses `key` (Tab) until what is called `words` has the focus; every stop must be visible. */
export async function goTo(tab, words, { key = 'Tab', role } = {}) {
  const passed = [];
  for (let i = 0; i < STOPS_MAX; i += 1) {
    await tab.key(key);
    const stop = await focus(tab);
    if (stop === null) continue; // the browser's own part of the round
    expectSeen(stop);
    if (called(stop, words) && (role === undefined || role === stop.role)) return stop;
    passed.push(stop.name.slice(0, 30));
  }
  throw new Error(`"${words}" is not among the stops: ${[...new Set(passed)].join(' | ')}`);
}

/** Waits until what is called `words` has the focus by itself, and that can be seen. */
export async function isAt(tab, words, options) {
  const stop = await until(
    `${tab.name}: the focus on "${words}"`,
    async () => {
      const now = await focus(tab);
      return called(now, words) ? now : null;
    },
    options,
  );
  expectSeen(stop);
  return stop;
}

/** In an open dialog: goes round with Tab and back; the focus must not get out. */
export async function staysInDialog(tab) {
  await tab.waitFor('an open dialog', () => document.querySelector('dialog[open]') !== null);
  const seen = new Set();
  for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab']) {
    await tab.key(key);
    const stop = await focus(tab);
    if (stop === null) continue;
    expect(stop.inDialog, `the focus left the dialog, to "${stop.name}"`);
    expectSeen(stop);
    seen.add(stop.name);
  }
  expect(seen.size >= 2, `only ${seen.size} stops in the dialog`);
}
