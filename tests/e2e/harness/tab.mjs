// One person's page, the same to a test whichever browser and driver stand behind it. What a test
// touches it finds as people do: by the words on a button, the label of a field.

import path from 'node:path';

import { PATIENCE_MS, until } from './checks.mjs';
import { SCREENSHOTS } from './places.mjs';

/* Runs in the page: the visible, enabled thing of this kind whose name is, or contains, `words`. */
function find({ kind, words, whole }) {
  const selectors = {
    button: 'button, [role=button], a, [role=tab], summary, label, [role=radio]',
    tab: '[role=tab]',
    field: 'input, textarea, select, [contenteditable=true], [role=textbox]',
    anything: '*',
  };
  const plain = (text) => text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
  const nameOf = (element) => {
    const by = element.getAttribute('aria-labelledby');
    const labels = by
      ? by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '')
      : [...(element.labels ?? [])].map((label) => label.textContent ?? '');
    const own = element.matches('input, textarea, select') ? '' : element.textContent;
    return [element.getAttribute('aria-label'), ...labels, own, element.placeholder, element.title]
      .filter(Boolean)
      .map(plain);
  };
  const visible = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const on = !element.disabled && element.ariaDisabled !== 'true';
    return box.width > 0 && box.height > 0 && style.visibility !== 'hidden' && on;
  };
  const wanted = plain(words);
  const dialog = [...document.querySelectorAll('dialog[open]')].at(-1);
  const candidates = [...(dialog ?? document).querySelectorAll(selectors[kind])].filter(visible);
  const fits = (test) => candidates.filter((element) => nameOf(element).some(test));
  const exact = fits((name) => name === wanted);
  if (exact.length > 0 || whole) return exact.at(-1) ?? null;
  return fits((name) => name.includes(wanted)).at(kind === 'anything' ? -1 : 0) ?? null;
}

/* Runs in the page: true if the element has kept its place for two frames, so that a press that is
 * aimed at it meets it. */
async function resting(element) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const place = () => JSON.stringify(element.getBoundingClientRect());
  const before = place();
  await frame();
  await frame();
  return element.isConnected && place() === before;
}

export class Tab {
  constructor({ name, browser, page, viewport, close }) {
    Object.assign(this, { name, browser, page, viewport });
    this.closePage = close;
    this.errors = [];
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  async goto(url) {
    await this.page.goto(url, { waitUntil: 'load' });
  }

  reload() {
    return this.page.reload({ waitUntil: 'load' });
  }

  /** Runs `body(argument)` in the page. */
  evaluate(body, argument) {
    return this.page.evaluate(body, argument);
  }

  /** Waits until `body(argument)` in the page gives something true. */
  waitFor(what, body, argument, options) {
    return until(`${this.name}: ${what}`, () => this.page.evaluate(body, argument), options);
  }

  async #handle(kind, words, { timeout = PATIENCE_MS, whole = false } = {}) {
    return until(
      `${this.name}: ${kind} "${words}"`,
      async () => {
        const handle = await this.page.evaluateHandle(find, { kind, words, whole });
        const element = handle.asElement();
        return element && (await element.evaluate(resting)) ? element : null;
      },
      { timeout },
    );
  }

  async has(words, kind = 'anything') {
    const handle = await this.page.evaluateHandle(find, { kind, words, whole: false });
    return handle.asElement() !== null;
  }

  /** Waits until these words stand somewhere on the page. */
  sees(words, options) {
    return this.waitFor(
      `the words "${words}"`,
      (text) => document.body.innerText.normalize('NFC').toLowerCase().includes(text),
      words.normalize('NFC').toLowerCase(),
      options,
    );
  }

  /** Presses what is called `words`, with a real mouse event in the middle of it. */
  async press(words, { kind = 'button', ...options } = {}) {
    const handle = await this.#handle(kind, words, options);
    await handle.click();
  }

  /** Opens the panel whose tab is called `words`. */
  async tab(words, options) {
    const handle = await this.#handle('tab', words, options);
    await handle.click();
  }

  /** Types into the field that is labelled `words`, replacing what is there. */
  async fill(words, text, options) {
    const handle = await this.#handle('field', words, options);
    if (this.browser === 'chromium') {
      await handle.fill(text);
    } else {
      await handle.click();
      await this.page.keyboard.down('Control');
      await this.page.keyboard.press('a');
      await this.page.keyboard.up('Control');
      await this.page.keyboard.type(text);
    }
  }

  /** Chooses the option that contains `option` in the list that is labelled `words`. */
  async choose(words, option, options) {
    const handle = await this.#handle('field', words, options);
    const value = await until(`${this.name}: "${option}" in "${words}"`, () =>
      handle.evaluate(
        (list, text) => [...list.options].find((one) => one.label.includes(text))?.value ?? '',
        option,
      ),
    );
    if (this.browser === 'chromium') await handle.selectOption(value);
    else await handle.select(value);
  }

  /** Hands files to the field that `selector` names. */
  async upload(selector, ...files) {
    if (this.browser === 'chromium') {
      await this.page.setInputFiles(selector, files);
    } else {
      const input = await this.page.$(selector);
      await input.uploadFile(...files);
    }
  }

  key(name) {
    return this.page.keyboard.press(name);
  }

  /** Types where the cursor stands. */
  type(text) {
    return this.page.keyboard.type(text);
  }

  async resize(viewport) {
    if (this.browser === 'chromium') await this.page.setViewportSize(viewport);
    else await this.page.setViewport(viewport);
  }

  async screenshot(title) {
    await this.page.screenshot({ path: path.join(SCREENSHOTS, `${title}.png`) });
  }

  async close() {
    await this.closePage().catch(() => {});
  }

  /** A request to the server from inside the page, with its session; gives status and JSON. */
  request(method, url, body) {
    return this.page.evaluate(
      async ({ method, url, body }) => {
        const session = await fetch('/api/v1/session').then((answer) => answer.json());
        const headers = { 'X-CSRF': session.csrf ?? '' };
        if (body !== undefined) headers['Content-Type'] = 'application/json';
        const answer = await fetch(url, {
          method,
          headers,
          body: body === undefined ? undefined : JSON.stringify(body),
        });
        const text = await answer.text();
        let json = null;
        try {
          json = JSON.parse(text);
        } catch {
          // Not every answer is JSON; the caller sees null.
        }
        return { status: answer.status, json };
      },
      { method, url, body },
    );
  }
}
