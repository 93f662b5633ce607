import type { Choice } from '../lib/api/schema';
import { dictionary } from '../lib/i18n/language.svelte';

const vi = {
    title: 'Biểu quyết',
    choices: {
        agree: 'Tán thành',
        disagree: 'Không tán thành',
        abstain: 'Không biểu quyết',
    } satisfies Record<Choice, string>,
    choose: 'Chọn một phương án, sau đó xác nhận.',
    confirm: (choice: string) => `Xác nhận: ${choice}`,
    again: 'Chọn lại',
    receipt: (choice: string) => `Đã ghi nhận biểu quyết của đồng chí: ${choice}.`,
    waiting: 'Kết quả hiện ra khi chủ tọa kết thúc biểu quyết.',
    cast: (cast: number, eligible: number) => `Đã biểu quyết ${cast}/${eligible}`,
    question: 'Nội dung biểu quyết',
    open: 'Mở biểu quyết',
    close: 'Kết thúc biểu quyết',
    running: 'Tiến độ biểu quyết',
    none: 'Chưa có biểu quyết nào.',
    result: 'Kết quả',
    choice: 'Ý kiến',
    count: 'Số phiếu',
    share: 'Tỷ lệ',
    notCast: 'Chưa bỏ phiếu',
    ofEligible: (eligible: number) => `Tỷ lệ tính trên ${eligible} đại biểu có quyền biểu quyết.`,
    mine: (choice: string) => `Phiếu của đồng chí: ${choice}`,
    hide: 'Thu gọn',
    show: 'Mở phiếu biểu quyết',
};

const en: typeof vi = {
    title: 'Vote',
    choices: { agree: 'Agree', disagree: 'Disagree', abstain: 'Abstain' },
    choose: 'Choose one, then confirm.',
    confirm: (choice: string) => `Confirm: ${choice}`,
    again: 'Choose again',
    receipt: (choice: string) => `Your vote is recorded: ${choice}.`,
    waiting: 'The result appears when the chair closes the vote.',
    cast: (cast: number, eligible: number) => `${cast} of ${eligible} have voted`,
    question: 'What is voted on',
    open: 'Open the vote',
    close: 'Close the vote',
    running: 'Progress of the vote',
    none: 'There has been no vote yet.',
    result: 'Result',
    choice: 'Choice',
    count: 'Votes',
    share: 'Share',
    notCast: 'Did not vote',
    ofEligible: (eligible: number) => `Shares are of the ${eligible} people entitled to vote.`,
    mine: (choice: string) => `Your vote: ${choice}`,
    hide: 'Fold away',
    show: 'Open the ballot',
};

export const text = dictionary(vi, en);
