import { expect, it } from 'vitest';
import { tooLarge, VERIFY_MAX_BYTES } from './upload';

it('lets everything up to the bound go up', () => {
    expect(tooLarge({ size: 0 })).toBeNull();
    expect(tooLarge({ size: VERIFY_MAX_BYTES })).toBeNull();
});

it('names the way for what is larger', () => {
    const refusal = tooLarge({ size: VERIFY_MAX_BYTES + 1 });
    expect(refusal?.code).toBe('verify.too_large');
    expect(refusal?.vi).toContain('dienhong verify');
});
