import { dictionary } from '../lib/i18n/language.svelte';

const vi = {
    title: 'Lịch họp',
    next: 'Cuộc họp sắp tới',
    now: 'Cuộc họp đang diễn ra',
    none: 'Đồng chí chưa có cuộc họp nào sắp tới.',
    enter: 'Vào họp',
    prepare: 'Xem chuẩn bị',
    create: 'Tạo cuộc họp',
    list: 'Danh sách cuộc họp',
    past: 'Cuộc họp đã qua',
    documents: 'Tài liệu cần đọc',
    noDocuments: 'Chưa có tài liệu.',
    pages: (count: number) => `${count} trang`,
    toSign: 'Biên bản chờ ký',
    noSign: 'Không có biên bản chờ đồng chí ký.',
    minutes: 'Biên bản',
    sign: 'Đọc và ký',
    chair: 'Chủ tọa',
    place: 'Địa điểm',
    at: (from: string, to: string) => `${from} – ${to}`,
    today: 'Hôm nay',
};

const en: typeof vi = {
    title: 'Meetings',
    next: 'Next meeting',
    now: 'Meeting under way',
    none: 'You have no meeting ahead.',
    enter: 'Join the meeting',
    prepare: 'See the preparation',
    create: 'New meeting',
    list: 'Meetings',
    past: 'Past meetings',
    documents: 'Documents to read',
    noDocuments: 'No documents yet.',
    pages: (count: number) => (count === 1 ? '1 page' : `${count} pages`),
    toSign: 'Minutes to sign',
    noSign: 'No minutes wait for your signature.',
    minutes: 'Minutes',
    sign: 'Read and sign',
    chair: 'Chair',
    place: 'Place',
    at: (from: string, to: string) => `${from} – ${to}`,
    today: 'Today',
};

export const text = dictionary(vi, en);
