import type { MinutesState, SignatureField } from '../lib/api/schema';
import { dictionary } from '../lib/i18n/language.svelte';
import type { SaveState } from './autosave';

const vi = {
    title: 'Biên bản',
    tooEarly: 'Biên bản được lập khi cuộc họp kết thúc. Cuộc họp này chưa kết thúc.',
    stages: {
        none: 'Bản dự thảo do hệ thống ghi',
        draft: 'Đang soạn',
        final: 'Đã chốt, chờ thư ký ký',
        secretary_signed: 'Thư ký đã ký, chờ chủ tọa ký',
        chair_signed: 'Thư ký và chủ tọa đã ký',
    } satisfies Record<MinutesState, string>,
    revision: (number: number) => `Bản lưu ${number}`,
    lock: 'Nhận soạn biên bản',
    unlock: 'Thôi soạn',
    takeover: 'Tiếp quản việc soạn',
    lockedBy: (name: string) => `${name} đang soạn biên bản này.`,
    takeoverAsk: (name: string) =>
        `${name} sẽ không lưu được nữa; nội dung đã lưu được giữ nguyên. Tiếp quản việc soạn?`,
    saves: {
        saved: 'Đã lưu trên máy chủ',
        waiting: 'Sẽ lưu ngay khi ngừng gõ',
        saving: 'Đang lưu…',
        offline: 'Chưa lưu được; nội dung được giữ trên máy này và sẽ lưu lại',
        stopped: 'Đã ngừng lưu; nội dung được giữ trên máy này',
    } satisfies Record<SaveState, string>,
    kept: (time: string) =>
        `Máy này còn giữ nội dung chưa lưu lúc ${time}. Đồng chí muốn dùng lại nội dung đó không?`,
    keptUse: 'Dùng nội dung đã giữ',
    keptDrop: 'Bỏ nội dung đó',
    editorLabel: 'Nội dung biên bản',
    forms: {
        heading: 'Đề mục',
        paragraph: 'Đoạn văn',
        item: 'Gạch đầu dòng',
        bold: 'Chữ đậm',
        italic: 'Chữ nghiêng',
        undo: 'Hoàn tác',
        redo: 'Làm lại',
    },
    agenda: 'Chương trình họp',
    conclusions: 'Kết luận đã ghi trong cuộc họp',
    noConclusions: 'Cuộc họp không ghi kết luận nào.',
    insert: 'Đưa vào biên bản',
    finalise: 'Chốt biên bản',
    finaliseAsk:
        'Chốt xong, hệ thống dựng tệp PDF theo mẫu 1.9 của Nghị định 30/2020/NĐ-CP để ký. Muốn sửa sau đó phải mở lại, và mọi chữ ký sẽ bị hủy. Chốt biên bản?',
    finalising: 'Đang dựng tệp PDF…',
    reopen: 'Mở lại để sửa',
    reopenAsk: 'Mở lại sẽ hủy tệp PDF và mọi chữ ký đã có. Mở lại biên bản?',
    publish: 'Ban hành biên bản',
    published: 'Biên bản đã ban hành.',
    file: 'Tệp biên bản',
    download: 'Tải tệp PDF',
    openVerify: 'Trang kiểm tra',
    notNumbered: 'Bản này đã ký nhưng chưa có số và chưa đóng dấu cơ quan.',
    pending:
        'Chưa lấy được dấu thời gian hoặc bằng chứng về chứng thư. Chữ ký vẫn được giữ nguyên; máy chủ tự bổ sung khi liên lạc được, không cần ký lại.',
    signatures: 'Chữ ký',
    fields: { secretary: 'Thư ký', chair: 'Chủ tọa' } satisfies Record<SignatureField, string>,
    unsigned: 'chưa ký',
    signedAt: (name: string, at: string) => `${name}, ký lúc ${at}`,
};

const en: typeof vi = {
    title: 'Minutes',
    tooEarly: 'Minutes are written when the meeting has ended. This one has not.',
    stages: {
        none: 'Draft written by the system',
        draft: 'Being written',
        final: 'Final, awaiting the secretary’s signature',
        secretary_signed: 'Signed by the secretary, awaiting the chair',
        chair_signed: 'Signed by secretary and chair',
    },
    revision: (number: number) => `Revision ${number}`,
    lock: 'Write the minutes',
    unlock: 'Stop writing',
    takeover: 'Take over writing',
    lockedBy: (name: string) => `${name} is writing these minutes.`,
    takeoverAsk: (name: string) =>
        `${name} will no longer be able to save; what is saved stays as it is. Take over writing?`,
    saves: {
        saved: 'Saved on the server',
        waiting: 'Will be saved as soon as you pause',
        saving: 'Saving…',
        offline: 'Not saved yet; kept on this machine and tried again',
        stopped: 'Saving has stopped; kept on this machine',
    },
    kept: (time: string) =>
        `This machine still holds text of ${time} that was not saved. Do you want to use it?`,
    keptUse: 'Use the kept text',
    keptDrop: 'Discard it',
    editorLabel: 'Text of the minutes',
    forms: {
        heading: 'Heading',
        paragraph: 'Paragraph',
        item: 'List item',
        bold: 'Bold',
        italic: 'Italic',
        undo: 'Undo',
        redo: 'Redo',
    },
    agenda: 'Agenda',
    conclusions: 'Conclusions recorded in the meeting',
    noConclusions: 'The meeting recorded no conclusion.',
    insert: 'Put into the minutes',
    finalise: 'Make final',
    finaliseAsk:
        'The PDF for signing is then laid out after form 1.9 of Decree 30/2020. To change it later the minutes must be reopened, which voids every signature. Make the minutes final?',
    finalising: 'Laying out the PDF…',
    reopen: 'Reopen for changes',
    reopenAsk: 'Reopening voids the PDF and every signature. Reopen the minutes?',
    publish: 'Publish the minutes',
    published: 'The minutes are published.',
    file: 'File of the minutes',
    download: 'Download the PDF',
    openVerify: 'Verification page',
    notNumbered: 'This copy is signed but neither numbered nor sealed.',
    pending:
        'A timestamp or the proof of a certificate could not be fetched yet. The signature is kept; the server completes the file by itself when it can, and nobody needs to sign again.',
    signatures: 'Signatures',
    fields: { secretary: 'Secretary', chair: 'Chair' },
    unsigned: 'not signed yet',
    signedAt: (name: string, at: string) => `${name}, signed at ${at}`,
};

export const text = dictionary(vi, en);
