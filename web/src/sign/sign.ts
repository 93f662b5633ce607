// One signature under the minutes, step by step (docs/protocol.md, Minutes and signing).
import { api } from '../lib/api/client';
import { Refusal } from '../lib/api/refusal';
import type { SignatureField, Signed } from '../lib/api/schema';
import { signedAttributes } from './attributes';
import { toBase64 } from './der';
import type { SigningKey } from './keys';
import { digestOf, faultOf } from './prepared';

export type Step = 'program' | 'helper' | 'prepare' | 'check' | 'sign' | 'send' | 'done';

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

async function bytesAt(path: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await (await api.file(path)).arrayBuffer());
}

/** Why this browser does not let a prepared file be signed. */
export function refuseToSign(fault: string): Refusal {
    return new Refusal(0, {
        code: `signing.prepared_${fault}`,
        vi: 'Tệp máy chủ đưa ra không đúng với biên bản đã đọc nên trình duyệt không ký. Tải lại trang rồi thử lại; nếu vẫn vậy, báo quản trị.',
        en: 'The file that the server prepared is not the minutes that were read, so this browser does not sign it. Reload and try again; if it stays so, tell the administrator.',
    });
}

/**
 * Signs the minutes of `meetingId` as they stand. `read` is the very file that was shown to the
 * signer: nothing else gets signed.
 */
export async function signMinutes(
    meetingId: string,
    field: SignatureField,
    key: SigningKey,
    read: Uint8Array<ArrayBuffer>,
    onStep: (step: Step) => void,
): Promise<Signed> {
    onStep('prepare');
    const signing = await api.prepareSigning(meetingId, { field, serial: key.serial });

    onStep('check');
    const prepared = { file: await bytesAt(signing.file), byteRange: signing.byteRange };
    const fault = faultOf(read, prepared);
    if (fault) throw refuseToSign(fault);

    onStep('sign');
    const attributes = signedAttributes(await digestOf(prepared), await sha256(key.certificate));
    const signature = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        key.privateKey,
        attributes,
    );

    onStep('send');
    const signed = await api.completeSigning(signing.id, {
        signature: toBase64(new Uint8Array(signature)),
    });
    onStep('done');
    return signed;
}
