// VGCA Sign Service (docs/vgca.md): a program on the signer's own machine that fetches the paper,
// signs the whole file with the token that the government gave, and posts it back. This page only
// tells it the two addresses; whether what comes back is taken, the server says.
import { api } from '../lib/api/client';
import { Refusal } from '../lib/api/refusal';
import type { ExchangeOpened, ExchangeStanding, SignatureField } from '../lib/api/schema';

export const SERVICE_URL = 'wss://127.0.0.1:8987';

/** What the program answers; 0 is success, the message is for people. */
export interface ServiceAnswer {
    Status: number;
    Message: string;
}

/** Only what is needed of a WebSocket, so that tests can bring their own. */
export interface Line {
    send: (text: string) => void;
    close: () => void;
    onopen: (() => void) | null;
    onmessage: ((event: { data: unknown }) => void) | null;
    onerror: (() => void) | null;
    onclose: (() => void) | null;
}

function unreachable(): Refusal {
    return new Refusal(0, {
        code: 'vgca.unreachable',
        vi: 'Không kết nối được với VGCA Sign Service trên máy này. Đề nghị mở chương trình, cắm thiết bị ký rồi thử lại.',
        en: 'VGCA Sign Service cannot be reached on this machine. Start it, plug in the token, and try again.',
    });
}

function failed(message: string): Refusal {
    return new Refusal(0, {
        code: 'vgca.failed',
        vi: `VGCA Sign Service chưa ký được${message ? `: ${message}` : ''}. Đề nghị thử lại.`,
        en: `VGCA Sign Service did not sign${message ? `: ${message}` : ''}. Please try again.`,
    });
}

function silent(): Refusal {
    return new Refusal(0, {
        code: 'vgca.silent',
        vi: 'VGCA Sign Service không trả lời trong thời gian cho phép. Đề nghị kiểm tra chương trình rồi ký lại.',
        en: 'VGCA Sign Service gave no answer in time. Please check the program and sign again.',
    });
}

function answerOf(data: unknown): ServiceAnswer | null {
    try {
        const answer: unknown = JSON.parse(String(data));
        const { Status, Message } = (answer ?? {}) as Partial<ServiceAnswer>;
        if (typeof Status !== 'number') return null;
        return { Status, Message: typeof Message === 'string' ? Message : '' };
    } catch {
        return null;
    }
}

/** Has the program sign, and resolves with what it answers. Its socket is known to die silently. */
export function askService(
    opened: ExchangeOpened,
    waitMs: number,
    connect: (url: string) => Line = (url) => new WebSocket(url) as unknown as Line,
): Promise<ServiceAnswer> {
    return new Promise((resolve, reject) => {
        let told = false;
        const line = connect(`${SERVICE_URL}/SignApproved`);
        const end = (act: () => void) => {
            clearTimeout(timer);
            line.onopen = line.onmessage = line.onerror = line.onclose = null;
            line.close();
            act();
        };
        const timer = setTimeout(() => end(() => reject(silent())), waitMs);
        line.onopen = () => {
            told = true;
            line.send(
                JSON.stringify({
                    FileName: opened.file,
                    FileUploadHandler: opened.upload,
                    SessionId: '',
                    JWTToken: '',
                    MetaData: [],
                    DocNumber: '',
                    IssuedDate: '',
                }),
            );
        };
        line.onmessage = (event) => {
            const answer = answerOf(event.data);
            if (answer) end(() => resolve(answer));
        };
        const broken = () => end(() => reject(told ? silent() : unreachable()));
        line.onerror = broken;
        line.onclose = broken;
    });
}

/** What the program's answer and the server's word come to: null is signed. */
export function outcomeOf(answer: ServiceAnswer, standing: ExchangeStanding): Refusal | null {
    if (standing.state === 'done') return null;
    if (standing.refusal) return new Refusal(422, standing.refusal);
    return failed(answer.Message);
}

export async function signByService(meetingId: string, field: SignatureField): Promise<void> {
    const opened = await api.openExchange(meetingId, { field });
    const wait = Math.max(0, opened.expiresAt - Date.now());
    const standing = () => api.exchange(opened.id);
    let answer: ServiceAnswer;
    try {
        answer = await askService(opened, Math.min(wait, 5 * 60 * 1000));
    } catch (thrown) {
        // The program may have returned the paper and only forgotten to say so.
        if ((await standing()).state === 'done') return;
        throw thrown;
    }
    const refusal = outcomeOf(answer, await standing());
    if (refusal) throw refusal;
}
