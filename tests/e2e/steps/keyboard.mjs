// What a commune lives through with its keyboard only: it logs in, goes in, asks for the floor,
// votes and leaves. Every stop of Tab must show where it is, and no step may lose the place.

import { expect, expectEqual, must, check, until } from '../harness/checks.mjs';
import { expectSeen, focus, goTo, isAt, staysInDialog } from '../harness/keys.mjs';
import * as media from '../harness/media.mjs';
import { snapshot } from './preparing.mjs';

export async function logIn(tab, login, password, origin) {
  await tab.goto(`${origin}/login`);
  await tab.sees('Mật khẩu');
  await goTo(tab, 'Tên đăng nhập');
  await tab.type(login);
  await goTo(tab, 'Mật khẩu');
  await tab.type(password);
  await tab.key('Enter');
  await tab.waitFor('the home page', () => location.pathname === '/');
}

/** From the home page by the meeting's own page and the pre-join screen into the room. */
export async function enter(tab, title, origin) {
  await tab.goto(`${origin}/`);
  await tab.sees(title);
  await goTo(tab, title, { role: 'a' });
  await tab.key('Enter');
  await tab.sees('Chương trình họp');
  await goTo(tab, 'Vào họp');
  await tab.key('Enter');
  await tab.waitFor('the pre-join screen', () => location.pathname.endsWith('/join'));
  await tab.sees('Micro');
  const before = await goTo(tab, 'camera', { role: 'input' });
  await tab.key('Space');
  expectEqual((await focus(tab)).checked, !before.checked, 'the camera\'s tick after Space');
  await tab.key('Space');
  await goTo(tab, 'Vào họp', { key: 'Shift+Tab' });
  await tab.key('Enter');
  await media.connected(tab);
}

export async function asksForTheFloor({ tabs, meeting }) {
  const tab = tabs.commune;
  const queue = async () => (await snapshot(tabs.chair, meeting)).floor.queue.length;
  await check('the keyboard asks for the floor and withdraws, on the same button', async () => {
    await goTo(tab, 'Xin phát biểu', { role: 'button' });
    await tab.key('Enter');
    await until('the request', async () => (await queue()) === 1);
    await isAt(tab, 'Thôi xin phát biểu');
    await tab.key('Space');
    await until('no request', async () => (await queue()) === 0);
    await until('the first word again', async () =>
      (await focus(tab))?.name.startsWith('Xin phát biểu'));
    expectSeen(await focus(tab));
  });
  await check('arrows go along the bar and from tab to tab', async () => {
    await tab.key('ArrowRight');
    await isAt(tab, 'Tài liệu');
    await tab.key('End');
    await isAt(tab, 'Rời phòng');
    await goTo(tab, 'Chương trình', { role: 'tab', key: 'Shift+Tab' });
    await tab.key('ArrowRight');
    expect((await isAt(tab, 'Tài liệu')).selected, 'the tab is not selected');
    await tab.key('ArrowLeft');
    expect((await isAt(tab, 'Chương trình')).selected, 'the tab is not selected');
  });
  await check('the question before leaving keeps the focus, and Escape gives it back', async () => {
    await goTo(tab, 'Rời phòng', { role: 'button' });
    await tab.key('Enter');
    await staysInDialog(tab);
    await tab.key('Escape');
    await isAt(tab, 'Rời phòng');
    const open = await tab.evaluate(() => document.querySelector('dialog[open]') !== null);
    expect(!open, 'the question is still open');
  });
}

/** Needs: the ballot is there. */
export async function votes(tab, choice) {
  await goTo(tab, choice, { role: 'button' });
  await tab.key('Enter');
  await isAt(tab, `Xác nhận: ${choice}`);
  await tab.key('Enter');
  await tab.sees('Đã ghi nhận biểu quyết');
  const inside = () => document.activeElement?.closest('[data-vote]') !== null;
  await tab.waitFor('the focus still in the ballot', inside);
}

export async function leavesAndComesBack({ tabs, meeting, title, origin }) {
  const tab = tabs.commune;
  const present = async () => (await snapshot(tabs.chair, meeting)).counts.present;
  await must('the keyboard leaves the room, is out at once, and comes in again', async () => {
    await goTo(tab, 'Rời phòng', { role: 'button' });
    await tab.key('Enter');
    await isAt(tab, 'Rời phòng');
    expect((await focus(tab)).inDialog, 'the question has not taken the focus');
    await tab.key('Enter');
    await tab.waitFor('the home page', () => location.pathname === '/');
    await until('three present', async () => (await present()) === 3, { timeout: 8000 });
    await enter(tab, title, origin);
    await until('four present', async () => (await present()) === 4);
    tab.source = (await media.inside(tab)).source;
  });
}
