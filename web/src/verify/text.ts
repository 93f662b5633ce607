import type { Verdict } from '../lib/api/schema';
import { dictionary } from '../lib/i18n/language.svelte';

const vi = {
    title: 'Kiểm tra văn bản',
    intro: 'Thả tệp PDF vào đây, hoặc chọn tệp, để biết ai đã ký, ký lúc nào và tệp có bị sửa hay không. Không cần đăng nhập; tệp chỉ được đọc để kiểm tra, không được lưu lại.',
    drop: 'Thả tệp PDF vào đây',
    choose: 'Chọn tệp PDF…',
    checking: 'Đang kiểm tra…',
    code: (code: string) => `Mã kiểm tra ${code}`,
    compare: 'Kiểm tra chính tệp đồng chí đang giữ',
    compareWhy: 'Mã QR chỉ nói về bản đã đăng ký. Thả tệp đang giữ vào đây để so với bản đó.',
    verdicts: {
        valid: 'Văn bản hợp lệ, còn nguyên vẹn',
        invalid: 'Văn bản không hợp lệ',
        unsigned: 'Văn bản chưa được ký',
    } satisfies Record<Verdict, string>,
    registered: 'Tệp này đúng từng byte với một bản đã đăng ký tại máy chủ.',
    notRegistered: 'Tệp này không có trong sổ đăng ký của máy chủ.',
    registeredCopy: 'Bản đăng ký tại máy chủ',
    meeting: 'Cuộc họp',
    issued: 'Lập lúc',
    hash: 'SHA-256',
    pages: (count: number) => `${count} trang`,
    notNumbered: 'Bản này đã ký nhưng chưa có số và chưa đóng dấu cơ quan.',
    signatures: 'Chữ ký',
    fields: { secretary: 'Thư ký', chair: 'Chủ tọa', agency: 'Cơ quan' } as Record<string, string>,
    good: 'Hợp lệ',
    bad: 'Không hợp lệ',
    claimed: (at: string) => `ký lúc ${at} (giờ do người ký khai)`,
    certificate: (issuer: string, serial: string, until: string) =>
        `Chứng thư số ${serial}, do ${issuer} cấp, dùng đến ${until}`,
};

const en: typeof vi = {
    title: 'Verify a document',
    intro: 'Drop a PDF here, or choose one, to learn who signed it, when, and whether it was changed. No account is needed; the file is only read, not kept.',
    drop: 'Drop a PDF here',
    choose: 'Choose a PDF…',
    checking: 'Checking…',
    code: (code: string) => `Verification code ${code}`,
    compare: 'Check the file that you hold',
    compareWhy:
        'The QR code speaks of the registered copy only. Drop your file here to compare it.',
    verdicts: {
        valid: 'The document is valid and unchanged',
        invalid: 'The document is not valid',
        unsigned: 'The document is not signed',
    },
    registered: 'This file is, byte for byte, a copy registered on this server.',
    notRegistered: 'This file is not in this server’s register.',
    registeredCopy: 'Copy registered on this server',
    meeting: 'Meeting',
    issued: 'Made at',
    hash: 'SHA-256',
    pages: (count: number) => (count === 1 ? '1 page' : `${count} pages`),
    notNumbered: 'This copy is signed but neither numbered nor sealed.',
    signatures: 'Signatures',
    fields: { secretary: 'Secretary', chair: 'Chair', agency: 'Agency' },
    good: 'Valid',
    bad: 'Not valid',
    claimed: (at: string) => `signed at ${at} (as the signer claims)`,
    certificate: (issuer: string, serial: string, until: string) =>
        `Certificate ${serial}, issued by ${issuer}, valid until ${until}`,
};

export const text = dictionary(vi, en);
