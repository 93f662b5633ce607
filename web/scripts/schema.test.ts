import { expect, it } from 'vitest';
import { typeOf, writeTypes } from './schema.ts';

it('writes objects with required and optional members', () => {
    const schema = {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'string' }, note: { type: ['string', 'null'] } },
    };
    expect(typeOf(schema)).toBe('{ id: string; note?: string | null }');
});

it('writes closed lists of words, arrays and choices', () => {
    expect(typeOf({ type: 'string', enum: ['a', 'b'] })).toBe("'a' | 'b'");
    expect(typeOf({ type: 'array', items: { type: 'string', enum: ['a', 'b'] } })).toBe(
        "('a' | 'b')[]",
    );
    expect(typeOf({ oneOf: [{ $ref: '#/components/schemas/Id' }, { type: 'null' }] })).toBe(
        'Id | null',
    );
});

it('refuses what it does not know instead of guessing', () => {
    expect(() => typeOf({ type: 'tuple' })).toThrow();
    expect(() => typeOf({ $ref: 'other.yaml#/x' })).toThrow();
});

it('names every schema', () => {
    expect(writeTypes({ Id: { type: 'string' } })).toContain('export type Id = string;');
});
