// The meeting under way: pictures, voices, the floor, a document, a vote.

import {
  check,
  expect,
  expectEqual,
  figure,
  must,
  note,
  sleep,
  until,
} from '../harness/checks.mjs';
import * as media from '../harness/media.mjs';
import { stats } from '../harness/probe.mjs';
import * as keyboard from './keyboard.mjs';
import { DOCUMENT, present, snapshot, TITLE } from './preparing.mjs';

/** Through the pre-join screen into the room. */
export async function enter(tab, meeting, origin, { join = 'Vào họp', without } = {}) {
  await tab.goto(`${origin}/meetings/${meeting}/join`);
  await tab.waitFor('the pre-join screen', () => document.querySelector('video, meter') !== null);
  if (without) await tab.press(without);
  await tab.press(join, { whole: true });
  await media.connected(tab);
}

export async function everybodyEnters({ tabs, meeting, origin, server }) {
  for (const [role, tab] of Object.entries(tabs))
    await must(`${role} enters by "Vào họp"`, async () => {
      if (role === 'commune') await keyboard.enter(tab, TITLE, origin);
      else await enter(tab, meeting, origin);
      const { source } = await media.inside(tab);
      tab.source = source;
      return `source ${source}`;
    });
  await check('the meeting says who is present', async () => {
    const names = await present(tabs.secretary, meeting);
    expectEqual(names.length, Object.keys(tabs).length, `present: ${names.join(', ')}`);
  });
  await must('the chair opens the meeting', async () => {
    await tabs.chair.tab('Chương trình');
    await tabs.chair.press('Bắt đầu cuộc họp');
    await until('live', async () => (await snapshot(tabs.firefox, meeting)).state === 'live');
    await tabs.chair.press('Chuyển sang mục tiếp theo');
    await tabs.firefox.sees('Mục 1/2');
  });
  note(`server memory ${server.memory()} kB`);
}

export async function chairIsSeenAndHeard({ tabs }) {
  const receivers = Object.entries(tabs).filter(([role]) => role !== 'chair');
  for (const [role, tab] of receivers) {
    await check(`${role} decodes the chair on the stage`, async () => {
      await media.stageIs(tab, tabs.chair.source);
      const first = await until(
        'a first frame',
        async () => (await media.inside(tab)).firstFrameMs,
      );
      figure(`time to first frame, ${role} (${tab.browser})`, Math.round(first), 'ms');
      const rate = await media.stageMoves(tab);
      figure(`stage at ${role} (${tab.browser})`, rate.toFixed(1), 'frames/s');
      const film = await media.filmShown(tab);
      expectEqual(film, 'chair', 'the film on the stage');
      return `${rate.toFixed(1)} frames a second`;
    });
    await check(`${role} hears the chair`, () => media.hears(tab, tabs.chair.source));
  }
}

/** The commune in Firefox asks; the chair gives; every stage changes, and how soon. */
export async function floorGoesToFirefox({ tabs, meeting, people }) {
  const speaker = tabs.firefox;
  await must('the Firefox commune asks for the floor', async () => {
    await speaker.press('Xin phát biểu');
    await until(
      'the chair sees the request',
      async () => (await snapshot(tabs.chair, meeting)).floor.queue.length === 1,
    );
  });
  const before = {};
  for (const [role, tab] of Object.entries(tabs))
    before[role] = (await media.inside(tab)).switches.length;
  await must('the chair gives it with one touch', async () => {
    await tabs.chair.tab('Phát biểu');
    await tabs.chair.press(`Mời phát biểu: ${people.firefox.name}`);
    await until(
      'the floor is held',
      async () => (await snapshot(tabs.chair, meeting)).floor.holder !== null,
    );
  });
  for (const [role, tab] of Object.entries(tabs)) {
    if (role === 'firefox') continue;
    await check(`${role}'s stage changes to the new speaker`, async () => {
      await media.stageIs(tab, speaker.source);
      const change = await until(`${role}: a frame of the new source`, async () => {
        const { switches } = await media.inside(tab);
        return switches
          .slice(before[role])
          .filter((one) => one.slot === 'stage' && one.source === speaker.source)
          .find((one) => one.afterMs !== null);
      });
      figure(`stage switch to its first frame, ${role} (${tab.browser})`,
        Math.round(change.afterMs), 'ms');
      await media.stageMoves(tab);
      expect((await media.filmShown(tab)) !== 'chair', 'the stage still shows the chair');
      return `${Math.round(change.afterMs)} ms`;
    });
    await check(`${role} hears the new speaker`, () => media.hears(tab, speaker.source));
  }
}

/* In the page of someone without the floor: sends microphone and camera, whatever it should do. */
async function sendAnyway() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const connection = window.mediaProbe.connections.at(-1);
  const senders = connection
    .getTransceivers()
    .filter((one) => one.direction === 'sendonly' || one.currentDirection === 'sendonly')
    .map((one) => one.sender);
  const [microphone, camera] = [
    senders[0],
    senders.find((one) => one.getParameters().encodings.length === 3) ?? senders[1],
  ];
  const own = { microphone: microphone.track, camera: camera.track };
  window.stopSendingAnyway = async () => {
    await microphone.replaceTrack(own.microphone);
    await camera.replaceTrack(own.camera);
    for (const track of stream.getTracks()) track.stop();
  };
  await microphone.replaceTrack(stream.getAudioTracks()[0]);
  await camera.replaceTrack(stream.getVideoTracks()[0]);
  const parameters = camera.getParameters();
  for (const encoding of parameters.encodings) encoding.active = true;
  await camera.setParameters(parameters);
}

async function sentPackets(tab) {
  const { outbound } = await stats(tab);
  const of = (kind) =>
    outbound
      .filter((row) => row.kind === kind)
      .reduce((total, row) => total + (row.packetsSent ?? 0), 0);
  return { audio: of('audio'), video: of('video') };
}

/** Rights are kept where packets are forwarded: no floor, neither voice nor stage. */
export async function withoutTheFloorNothingPasses({ tabs }) {
  const rogue = tabs.commune;
  await check('a page made to send without the floor does send', async () => {
    const before = await sentPackets(rogue);
    await rogue.evaluate(sendAnyway);
    await sleep(3000);
    const after = await sentPackets(rogue);
    expect(after.audio - before.audio > 50, `audio packets: ${after.audio - before.audio}`);
    expect(after.video - before.video > 30, `video packets: ${after.video - before.video}`);
    const [audio, video] = [after.audio - before.audio, after.video - before.video];
    return `${audio} audio and ${video} video packets in 3 s`;
  });
  for (const role of ['chair', 'secretary', 'firefox'])
    await check(`but ${role} neither hears it nor has it on the stage`, async () => {
      for (let i = 0; i < 10; i += 1) {
        const voices = await media.voices(tabs[role]);
        expect(!(String(rogue.source) in voices), `heard with level ${voices[rogue.source]}`);
        const { slots } = await media.inside(tabs[role]);
        expect(slots.stage !== rogue.source, 'it is on the stage');
        const now = await media.stage(tabs[role]);
        expect(!now.sources.includes(rogue.source), 'its packets are on the stage');
        await sleep(200);
      }
    });
  await rogue.evaluate(() => window.stopSendingAnyway());
}

export async function floorComesBack({ tabs }) {
  await check('the floor comes back and every stage with it', async () => {
    await tabs.chair.press('Kết thúc lượt nói');
    for (const role of ['secretary', 'commune', 'firefox'])
      await media.stageIs(tabs[role], tabs.chair.source);
  });
}

const PAGES = { 1: [204, 13, 13], 2: [13, 153, 38], 3: [26, 51, 191] };

/* In the page: true if the largest canvas shows the wanted page, by the bar at its top. */
function readPage({ pages, wanted }) {
  const canvases = [...document.querySelectorAll('canvas')].filter((one) => one.width > 100);
  const canvas = canvases.sort((a, b) => b.width * b.height - a.width * a.height)[0];
  if (!canvas) return false;
  const context = canvas.getContext('2d');
  const at = [Math.round(canvas.width / 2), Math.round(canvas.height * 0.03)];
  const pixel = context.getImageData(...at, 1, 1).data;
  return pages[wanted].every((part, i) => Math.abs(part - pixel[i]) < 30);
}

/** The chair opens the document from its panel, presents it and turns its pages. */
export async function documentFollows({ tabs }) {
  const { chair } = tabs;
  for (const page of [1, 2, 3])
    await check(`everyone sees page ${page} when the chair presents it`, async () => {
      if (page === 1) {
        await chair.tab('Tài liệu');
        await chair.sees(DOCUMENT);
        await chair.press('Mở đọc');
      }
      const started = performance.now();
      await chair.press(page === 1 ? 'Trình bày' : 'Trang sau', { whole: true });
      for (const tab of Object.values(tabs))
        await tab.waitFor(
          `page ${page} on the screen`,
          readPage,
          { pages: PAGES, wanted: page },
        );
      const ms = Math.round(performance.now() - started);
      if (page > 1) figure(`document page ${page} on all four screens`, ms, 'ms');
      return `${ms} ms`;
    });
  await check('a reader turns pages for himself, and comes back to the presenter', async () => {
    await tabs.secretary.press('Trang trước', { whole: true });
    await tabs.secretary.waitFor('page 2', readPage, { pages: PAGES, wanted: 2 });
    await tabs.secretary.press('Theo người trình bày');
    await tabs.secretary.waitFor('page 3', readPage, { pages: PAGES, wanted: 3 });
  });
}

export async function presentationEnds({ tabs }) {
  await check('the document goes from every screen when the chair stops presenting', async () => {
    await tabs.chair.press('Dừng trình bày');
    await tabs.chair.press('Đóng', { whole: true });
    for (const tab of Object.values(tabs))
      await tab.waitFor('the stage alone', () => document.querySelector('[data-page]') === null);
  });
}

const BALLOTS = { chair: 'agree', secretary: 'agree', commune: 'disagree', firefox: 'abstain' };
const WORDS = { agree: 'Tán thành', disagree: 'Không tán thành', abstain: 'Không biểu quyết' };
export const QUESTION = 'Đồng chí có tán thành phương án 2 không?';

export async function voteIsCounted({ tabs, meeting, onBallot }) {
  let vote;
  await must('the chair opens a vote', async () => {
    await tabs.chair.tab('Chương trình');
    await tabs.chair.press('Chuyển sang mục tiếp theo');
    await tabs.firefox.sees('Mục 2/2');
    await tabs.chair.tab('Biểu quyết');
    await tabs.chair.fill('Nội dung biểu quyết', QUESTION);
    await tabs.chair.press('Mở biểu quyết');
    await until('the vote', async () => (await snapshot(tabs.chair, meeting)).votes.length === 1);
    vote = (await snapshot(tabs.chair, meeting)).votes.at(-1);
    expectEqual(vote.eligible, 4, 'members with a vote');
    await Promise.all(Object.values(tabs).map((tab) => tab.sees('phương án 2')));
  });
  await onBallot();
  for (const [role, choice] of Object.entries(BALLOTS))
    await check(`${role} votes "${WORDS[choice]}"`, async () => {
      if (role === 'commune') await keyboard.votes(tabs[role], WORDS[choice]);
      else {
        await tabs[role].press(WORDS[choice], { whole: true });
        await tabs[role].press(`Xác nhận: ${WORDS[choice]}`);
        await tabs[role].sees('Đã ghi nhận biểu quyết');
      }
      await until('the receipt', async () => {
        const { votes } = await snapshot(tabs[role], meeting);
        return votes.at(-1).mine === choice;
      });
    });
  await check('nobody sees counts while the vote is open', async () => {
    const { agree, disagree, abstain, cast } = (await snapshot(tabs.firefox, meeting)).votes.at(-1);
    expectEqual([agree, disagree, abstain, cast], [null, null, null, 4], 'counts');
  });
  await check('voting twice is refused with the reason', async () => {
    const answer = await tabs.commune.request('POST', `/api/v1/meetings/${meeting}/commands`, {
      kind: 'vote.cast',
      voteId: vote.id,
      choice: 'agree',
    });
    expectEqual(answer.status, 409, 'status');
    expectEqual(answer.json.error.code, 'vote.already_cast', 'code');
    return answer.json.error.vi;
  });
  await check('the result is right, on every page', async () => {
    await tabs.chair.press('Kết thúc biểu quyết');
    await until(
      'the vote is closed',
      async () => (await snapshot(tabs.chair, meeting)).votes[0].state === 'closed',
    );
    for (const tab of Object.values(tabs)) {
      await tab.waitFor('the result', () => document.querySelector('[data-result]') !== null);
      await tab.press('Đã xem');
      await tab.tab('Biểu quyết');
      await tab.sees(QUESTION);
      const { agree, disagree, abstain } = (await snapshot(tab, meeting)).votes.at(-1);
      expectEqual([agree, disagree, abstain], [2, 1, 1], `the result at ${tab.name}`);
    }
  });
}

export const CONCLUSION = 'Thống nhất chủ trương đầu tư theo phương án 2.';

export async function conclusionIsKept({ tabs, meeting }) {
  await check('the chair\'s conclusion is kept', async () => {
    await tabs.chair.tab('Chương trình');
    await tabs.chair.fill('Nội dung kết luận', CONCLUSION);
    await tabs.chair.press('Ghi kết luận');
    await until('it stands in the meeting', async () => {
      const { conclusions } = await snapshot(tabs.secretary, meeting);
      return conclusions.length === 1 && conclusions[0].text === CONCLUSION;
    });
  });
}
