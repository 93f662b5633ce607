import { dictionary } from '../lib/i18n/language.svelte';

const vi = {
    loading: 'Đang mở tài liệu…',
    failed: 'Chưa mở được tài liệu. Kiểm tra đường truyền rồi thử lại.',
    page: 'Trang',
    of: (count: number) => `/ ${count}`,
    earlier: 'Trang trước',
    later: 'Trang sau',
    larger: 'Phóng to',
    smaller: 'Thu nhỏ',
    fit: 'Vừa khung',
    close: 'Đóng',
    following: 'Đang theo người trình bày',
    follow: 'Theo người trình bày',
    presentThis: 'Trình bày',
    presenting: 'Đồng chí đang trình bày',
    stopPresenting: 'Dừng trình bày',
    contents: (page: number) => `Nội dung trang ${page}`,
};

const en: typeof vi = {
    loading: 'Opening the document…',
    failed: 'The document could not be opened. Check the line, then try again.',
    page: 'Page',
    of: (count: number) => `of ${count}`,
    earlier: 'Previous page',
    later: 'Next page',
    larger: 'Larger',
    smaller: 'Smaller',
    fit: 'Fit to window',
    close: 'Close',
    following: 'Following the presenter',
    follow: 'Follow the presenter',
    presentThis: 'Present',
    presenting: 'You are presenting',
    stopPresenting: 'Stop presenting',
    contents: (page: number) => `Text of page ${page}`,
};

export const text = dictionary(vi, en);
