// What may be sent to be verified.
import { Refusal } from '../lib/api/refusal';

/** As the server's own bound (docs/openapi.yaml, verifyFile). */
export const VERIFY_MAX_BYTES = 64 * 1024 * 1024;

/** Said before the file goes up, so that nobody waits for a no. */
export function tooLarge(file: { size: number }): Refusal | null {
    if (file.size <= VERIFY_MAX_BYTES) return null;
    return new Refusal(413, {
        code: 'verify.too_large',
        vi: 'Trang này kiểm tra tệp không quá 64 MB. Gói hồ sơ lớn hơn: đề nghị kiểm tra trên máy tính bằng lệnh dienhong verify.',
        en: 'This page verifies files of up to 64 MB. Please verify a larger record package on a computer, with the command dienhong verify.',
    });
}
