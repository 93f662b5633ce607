// Signing keys: made in the browser, approved by an officer who compares the words, lost, revoked.

import { check, expect, expectEqual, must, until } from '../harness/checks.mjs';
import { logIn } from './people.mjs';

const ASK = 'Tạo khóa ký và gửi yêu cầu';
const REASON = 'Chưa gặp được để đối chiếu';

/* In the page: the words of the one key that is shown, or of the request of the person named. */
function wordsShown(name) {
  const of = name
    ? [...document.querySelectorAll('[data-request]')].find((one) => one.innerText.includes(name))
    : document;
  return [...(of?.querySelectorAll('[data-fingerprint] li') ?? [])].map((one) => one.textContent);
}

async function asks(tab, origin, label = ASK) {
  await tab.goto(`${origin}/keys`);
  await tab.press(label, { whole: true });
  await tab.sees('Chờ cán bộ chứng thực');
  return tab.evaluate(wordsShown, null);
}

/** The officer finds the person's request with these words, and approves it. */
async function approves(officer, person, words) {
  await officer.waitFor(`the request of ${person.name}`, (name) =>
    [...document.querySelectorAll('[data-request]')].some((one) => one.innerText.includes(name)),
    person.name);
  expectEqual(await officer.evaluate(wordsShown, person.name), words, 'the words at both ends');
  await officer.press('Tôi đã nghe người này đọc và các từ trùng khớp.', { whole: true });
  await officer.press('Duyệt và cấp chứng thư số', { whole: true });
}

const state = async (tab) => (await tab.request('GET', '/api/v1/keys')).json;

/** Everybody who signs gets a certificate; one in Firefox is refused, approved, and lost again. */
export async function keysAreCertified({ tabs, people, officer, password, origin, onScreen }) {
  await must('the officer logs in', async () => {
    await logIn(officer, 'chungthuc', password, origin);
    await officer.goto(`${origin}/keys/requests`);
    await officer.sees('Không có yêu cầu nào chờ duyệt');
  });
  const words = {};
  for (const role of ['secretary', 'chair', 'firefox'])
    await must(`${role} makes a key in ${tabs[role].browser} and asks for its certificate`,
      async () => {
        words[role] = await asks(tabs[role], origin);
        expectEqual(words[role].length, 8, 'words of the fingerprint');
        expectEqual((await state(tabs[role])).keys, [], 'certificates before any approval');
      });
  await onScreen('key-asked', tabs.secretary);
  await check('the officer refuses one with a reason, and the person reads it', async () => {
    await until('all three wait', async () =>
      (await officer.request('GET', '/api/v1/key-requests')).json.requests.length === 3);
    await officer.sees(people.firefox.name);
    await onScreen('key-requests', officer);
    await officer.press('Từ chối', { whole: true });
    await officer.fill('Lý do', REASON);
    await officer.press('Từ chối', { whole: true });
    await tabs.firefox.sees(REASON);
    words.firefox = await asks(tabs.firefox, origin, 'Tạo khóa khác và gửi lại yêu cầu');
  });
  for (const role of ['firefox', 'chair', 'secretary'])
    await must(`the officer compares the words of ${role} and approves`, async () => {
      await approves(officer, people[role], words[role]);
      await tabs[role].sees('Khóa sẵn sàng');
      await tabs[role].waitFor('the key put to use', () =>
        document.querySelector('[data-key=ready]') !== null);
    });
  await check('a key reported lost ends at once', async () => {
    const tab = tabs.firefox;
    await tab.press('Báo mất hoặc lộ khóa', { whole: true });
    await tab.press('Báo mất hoặc lộ khóa', { whole: true });
    await tab.sees('Đã thu hồi');
    const { keys } = await state(tab);
    expectEqual(keys.map((one) => one.state), ['revoked'], 'the certificate');
    expect(await tab.has(ASK, 'button'), 'a new key cannot be asked for');
  });
  await onScreen('key-ready', tabs.secretary);
}
