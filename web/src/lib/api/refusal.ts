import type { Reason } from './schema';

/** What the server did not do and why, in both languages (docs/protocol.md, Conventions). */
export class Refusal extends Error {
    readonly status: number;
    readonly code: string;
    readonly vi: string;
    readonly en: string;

    constructor(status: number, reason: Reason) {
        super(`${status} ${reason.code}`);
        this.name = 'Refusal';
        this.status = status;
        this.code = reason.code;
        this.vi = reason.vi;
        this.en = reason.en;
    }
}

export function unreachable(): Refusal {
    return new Refusal(0, {
        code: 'network.unreachable',
        vi: 'Không kết nối được với máy chủ. Kiểm tra đường truyền rồi thử lại.',
        en: 'The server cannot be reached. Check the line, then try again.',
    });
}

function unexplained(status: number): Refusal {
    return new Refusal(status, {
        code: 'server.unexplained',
        vi: `Máy chủ chưa xử lý được yêu cầu (mã ${status}). Thử lại sau ít phút.`,
        en: `The server could not handle the request (code ${status}). Try again in a few minutes.`,
    });
}

function isReason(value: unknown): value is Reason {
    const reason = value as Partial<Reason> | null;
    return (
        typeof reason?.code === 'string' &&
        typeof reason.vi === 'string' &&
        typeof reason.en === 'string'
    );
}

/** The refusal in a response that is not ok; whatever its body holds, there is a sentence. */
export function refusalOf(status: number, body: unknown): Refusal {
    const reason = (body as { error?: unknown } | null)?.error;
    return isReason(reason) ? new Refusal(status, reason) : unexplained(status);
}

/** For catch blocks: anything thrown becomes something that can be said to the user. */
export function asRefusal(thrown: unknown): Refusal {
    return thrown instanceof Refusal ? thrown : unexplained(-1);
}
