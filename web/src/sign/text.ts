import { dictionary } from '../lib/i18n/language.svelte';
import type { Step } from './sign';

const vi = {
    title: 'Ký biên bản',
    asSecretary: 'Ký với tư cách thư ký',
    asChair: 'Ký với tư cách chủ tọa',
    read: 'Tôi đã đọc biên bản ở trên và đồng ý ký.',
    hash: 'Dấu vân tay SHA-256 của tệp đã đọc',
    key: 'Khóa ký',
    keyHere: (serial: string, until: string) =>
        `Khóa ký nằm trong trình duyệt này, không thể sao chép ra ngoài. Chứng thư số ${serial}, dùng đến ${until}.`,
    keyNone:
        'Trình duyệt này chưa có khóa ký của đồng chí. Khi bấm ký, khóa được tạo ngay tại đây và được tỉnh cấp chứng thư số.',
    sign: 'Ký biên bản',
    steps: {
        key: 'Tạo khóa ký và xin cấp chứng thư số…',
        prepare: 'Máy chủ chuẩn bị chỗ ký…',
        check: 'Trình duyệt kiểm tra tệp sắp ký…',
        sign: 'Đang ký bằng khóa trong trình duyệt…',
        send: 'Máy chủ ghép và kiểm tra chữ ký…',
        done: 'Đã ký xong.',
    } satisfies Record<Step, string>,
};

const en: typeof vi = {
    title: 'Sign the minutes',
    asSecretary: 'Sign as secretary',
    asChair: 'Sign as chair',
    read: 'I have read the minutes above and agree to sign them.',
    hash: 'SHA-256 fingerprint of the file that was read',
    key: 'Signing key',
    keyHere: (serial: string, until: string) =>
        `Your key lives in this browser and cannot be copied out of it. Certificate ${serial}, valid until ${until}.`,
    keyNone:
        'This browser holds no key of yours yet. When you sign, one is made right here and certified by the province.',
    sign: 'Sign the minutes',
    steps: {
        key: 'Making a key and having it certified…',
        prepare: 'The server prepares the signature’s place…',
        check: 'This browser checks the file that is to be signed…',
        sign: 'Signing with the key in this browser…',
        send: 'The server puts the signature in and checks it…',
        done: 'Signed.',
    },
};

export const text = dictionary(vi, en);
