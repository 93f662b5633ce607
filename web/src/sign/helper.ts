// A token on the signer's own machine, through the local helper of docs/signing-helper.md. The
// helper is given the whole file and works out itself what the token signs; it never gets a hash.
import { api } from '../lib/api/client';
import { Refusal } from '../lib/api/refusal';
import type { KeyList, SignatureField } from '../lib/api/schema';
import { faultOf, type Prepared } from './prepared';
import { refuseToSign, type Step } from './sign';

export const HELPER_URL = 'http://127.0.0.1:8988';

function unreachable(): Refusal {
    return new Refusal(0, {
        code: 'helper.unreachable',
        vi: 'Không kết nối được với chương trình ký trên máy này. Đề nghị mở chương trình, cắm thiết bị ký rồi thử lại.',
        en: 'The signing helper cannot be reached on this machine. Start it, plug in the token, and try again.',
    });
}

const SENTENCES: Record<string, [vi: string, en: string]> = {
    declined: ['Đồng chí đã từ chối ký trên thiết bị.', 'You declined on the helper.'],
    pin_wrong: ['Mã PIN của thiết bị chưa đúng.', 'The token’s PIN is wrong.'],
    pin_locked: [
        'Thiết bị ký đã bị khóa do nhập sai PIN. Đề nghị liên hệ đơn vị cấp thiết bị.',
        'The token is locked after wrong PINs. Please contact whoever issued it.',
    ],
    pin_rest: [
        'Mã PIN đã nhập sai nhiều lần. Đề nghị chờ 15 phút rồi thử lại.',
        'The PIN was wrong several times. Please wait 15 minutes.',
    ],
    no_token: ['Chưa thấy thiết bị ký. Đề nghị cắm thiết bị.', 'No token is plugged in.'],
    no_certificate: ['Thiết bị ký chưa có chứng thư số.', 'There is no certificate on the token.'],
    has_certificate: [
        'Thiết bị ký đã có chứng thư số.',
        'There is a certificate on the token already.',
    ],
    other_key: [
        'Chứng thư số này không phải của khóa đang chờ trong thiết bị.',
        'This certificate is not that of the key that waits in the token.',
    ],
    key_kind: [
        'Loại khóa trên thiết bị chưa được hỗ trợ (cần P-256).',
        'The token’s kind of key is not supported (P-256 is).',
    ],
    not_whole: [
        'Chương trình ký từ chối vì tệp không nguyên vẹn. Đề nghị tải lại trang.',
        'The helper refused, because the file is not whole. Please reload the page.',
    ],
};

function failed(code: string): Refusal {
    const [vi, en] = SENTENCES[code] ?? [
        'Thiết bị ký báo lỗi. Đề nghị thử lại.',
        'The token reported a fault. Please try again.',
    ];
    return new Refusal(0, { code: `helper.${code}`, vi, en });
}

/** Its JSON answer, or a Refusal whose code is `helper.` and what the helper said. */
export async function askHelper<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await fetch(`${HELPER_URL}${path}`, {
        ...init,
        cache: 'no-store',
        credentials: 'omit',
    }).catch(() => {
        throw unreachable();
    });
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) {
        const code = (body as { error?: unknown } | null)?.error;
        throw failed(typeof code === 'string' ? code : 'failed');
    }
    return body as T;
}

/** The certificate of the token as this server knows it; a refusal when it does not. */
export function serialOf(certificate: string, list: KeyList): string {
    const known = list.keys.find((key) => key.certificate === certificate);
    if (known?.state === 'valid') return known.serial;
    throw new Refusal(0, {
        code: 'helper.unknown_certificate',
        vi: 'Chứng thư số trên thiết bị chưa được đăng ký cho đồng chí, đã hết hạn hoặc đã bị thu hồi.',
        en: 'The token’s certificate is not registered for you, has ended or was revoked.',
    });
}

export function signaturePath(title: string, prepared: Prepared): string {
    const query = new URLSearchParams({ title, byteRange: prepared.byteRange.join(',') });
    return `/v1/signatures?${query.toString()}`;
}

/** As signMinutes() of sign.ts, with the key in the token. */
export async function signByHelper(
    meetingId: string,
    field: SignatureField,
    title: string,
    read: Uint8Array<ArrayBuffer>,
    onStep: (step: Step) => void,
): Promise<void> {
    const { certificate } = await askHelper<{ certificate: string }>('/v1/certificate');
    const serial = serialOf(certificate, await api.keys());

    onStep('prepare');
    const signing = await api.prepareSigning(meetingId, { field, serial });
    onStep('check');
    const file = new Uint8Array(await (await api.file(signing.file)).arrayBuffer());
    const prepared = { file, byteRange: signing.byteRange };
    const fault = faultOf(read, prepared);
    if (fault) throw refuseToSign(fault);

    onStep('helper');
    const { signature } = await askHelper<{ signature: string }>(signaturePath(title, prepared), {
        method: 'POST',
        body: file,
    });
    onStep('send');
    await api.completeSigning(signing.id, { signature });
    onStep('done');
}
