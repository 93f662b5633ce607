import { dictionary } from '../lib/i18n/language.svelte';
import type { Step } from './sign';

const vi = {
    title: 'Ký biên bản',
    asSecretary: 'Ký với tư cách thư ký',
    asChair: 'Ký với tư cách chủ tọa',
    read: 'Tôi đã đọc biên bản ở trên và đồng ý ký.',
    hash: 'Dấu vân tay SHA-256 của tệp đã đọc',
    key: 'Khóa ký',
    sign: 'Ký biên bản',
    other: 'Cách ký khác',
    vgca: 'Ký bằng VGCA Sign Service',
    vgcaAbout:
        'Dùng chứng thư số chuyên dùng Chính phủ trên thiết bị ký của đồng chí: chương trình VGCA Sign Service đang mở trên máy này sẽ tải biên bản, ký và gửi trả. Chứng thư số phải được đăng ký với hệ thống này.',
    helper: 'Ký bằng thiết bị cắm vào máy này',
    helperAbout:
        'Dùng khóa trên thiết bị PKCS#11 của đồng chí, qua chương trình ký trên máy này. Chương trình cho xem văn bản rồi mới hỏi mã PIN.',
    steps: {
        helper: 'Chờ đồng chí xem văn bản và nhập PIN trong chương trình ký…',
        program: 'Chờ VGCA Sign Service ký trên máy này…',
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
    sign: 'Sign the minutes',
    other: 'Other ways to sign',
    vgca: 'Sign with VGCA Sign Service',
    vgcaAbout:
        'Uses the government’s certificate on your signing token: the program VGCA Sign Service on this machine fetches the minutes, signs and returns them. The certificate must be registered here.',
    helper: 'Sign with a token in this machine',
    helperAbout:
        'Uses the key in your PKCS#11 token, through the signing helper on this machine. It shows the paper before it asks for the PIN.',
    steps: {
        helper: 'Waiting for you to see the paper and enter the PIN in the helper…',
        program: 'Waiting for VGCA Sign Service on this machine…',
        prepare: 'The server prepares the signature’s place…',
        check: 'This browser checks the file that is to be signed…',
        sign: 'Signing with the key in this browser…',
        send: 'The server puts the signature in and checks it…',
        done: 'Signed.',
    },
};

export const text = dictionary(vi, en);
