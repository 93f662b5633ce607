import { describe, expect, it } from 'vitest';
import type { Block } from '../lib/api/schema';
import { sameBlocks, schema, toBlocks, toDocument } from './blocks';

const blocks: Block[] = [
    { type: 'heading', runs: [{ text: 'I. Nội dung' }] },
    {
        type: 'paragraph',
        runs: [{ text: 'Chủ tọa ' }, { text: 'kết luận', bold: true }, { text: ':', italic: true }],
    },
    { type: 'item', runs: [{ text: 'Giao Sở Tài chính.', bold: true, italic: true }] },
];

describe('the minutes in the editor', () => {
    it('come out block for block as they went in', () => {
        expect(toBlocks(toDocument(blocks))).toEqual(blocks);
        expect(sameBlocks(toBlocks(toDocument(blocks)), blocks)).toBe(true);
    });

    it('leave in NFC and without empty blocks', () => {
        const document = schema.node('doc', null, [
            schema.node('paragraph'),
            schema.node('paragraph', null, [schema.text('Hội nghị'.normalize('NFD'))]),
            schema.node('item', null, [schema.text('  ')]),
        ]);
        expect(toBlocks(document)).toEqual([{ type: 'paragraph', runs: [{ text: 'Hội nghị' }] }]);
    });

    it('are never without a place to type', () => {
        expect(toDocument([]).childCount).toBe(1);
    });
});
