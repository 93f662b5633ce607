// One signature under the minutes, step by step (docs/protocol.md, Minutes and signing).
import { api } from '../lib/api/client';
import { Refusal } from '../lib/api/refusal';
import type { Session, SignatureField, Signed } from '../lib/api/schema';
import { signedAttributes } from './attributes';
import { fromBase64, toBase64 } from './der';
import { makeKeyPair, storedKey, storeKey, type SigningKey } from './keys';
import { digestOf, faultOf } from './prepared';
import { certificateRequest } from './request';

export type Step = 'key' | 'prepare' | 'check' | 'sign' | 'send' | 'done';

const ONE_DAY_MS = 24 * 60 * 60 * 1000;

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

async function bytesAt(path: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await (await api.file(path)).arrayBuffer());
}

/** Makes a key pair in this browser and has the public half certified for its owner. */
export async function enrol(user: Session['user']): Promise<SigningKey> {
    const pair = await makeKeyPair();
    const csr = await certificateRequest(pair, user.login);
    const certified = await api.certifyKey({ csr: toBase64(csr) });
    const key = {
        userId: user.id,
        serial: certified.serial,
        notAfter: certified.notAfter,
        certificate: fromBase64(certified.certificate),
        privateKey: pair.privateKey,
    };
    await storeKey(key);
    return key;
}

/** The key of this person in this browser if the server still knows it; a new one otherwise. */
export async function keyFor(user: Session['user'], now: number): Promise<SigningKey> {
    const stored = await storedKey(user.id);
    if (stored && stored.notAfter > now + ONE_DAY_MS) {
        const known = (await api.keys()).keys;
        if (known.some((key) => key.serial === stored.serial)) return stored;
    }
    return enrol(user);
}

function refuseToSign(fault: string): Refusal {
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
