// The minutes' text as the record keeps it (docs/protocol.md, Block), and as the editor holds it.
//
// The record knows headings, paragraphs and list items with bold and italic runs, because that is
// what the official form prints. The editor's document is the same, block for block.
import { Schema, type Mark, type Node } from 'prosemirror-model';
import type { Block } from '../lib/api/schema';

type Run = Block['runs'][number];

export const schema = new Schema({
    nodes: {
        doc: { content: 'block+' },
        heading: { group: 'block', content: 'text*', toDOM: () => ['h3', 0], parseDOM: headings() },
        paragraph: {
            group: 'block',
            content: 'text*',
            toDOM: () => ['p', 0],
            parseDOM: [{ tag: 'p' }],
        },
        item: {
            group: 'block',
            content: 'text*',
            toDOM: () => ['p', { class: 'item' }, 0],
            parseDOM: [{ tag: 'li' }, { tag: 'p.item', priority: 60 }],
        },
        text: {},
    },
    marks: {
        bold: {
            toDOM: () => ['strong', 0],
            parseDOM: [{ tag: 'strong' }, { tag: 'b' }, { style: 'font-weight=bold' }],
        },
        italic: {
            toDOM: () => ['em', 0],
            parseDOM: [{ tag: 'em' }, { tag: 'i' }, { style: 'font-style=italic' }],
        },
    },
});

function headings() {
    return ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((tag) => ({ tag }));
}

function marksOf(run: Run): Mark[] {
    const marks: Mark[] = [];
    if (run.bold) marks.push(schema.mark('bold'));
    if (run.italic) marks.push(schema.mark('italic'));
    return marks;
}

export function toDocument(blocks: readonly Block[]): Node {
    const nodes = blocks.map((block) =>
        schema.node(
            block.type,
            null,
            block.runs
                .filter((run) => run.text !== '')
                .map((run) => schema.text(run.text, marksOf(run))),
        ),
    );
    return schema.node('doc', null, nodes.length > 0 ? nodes : [schema.node('paragraph')]);
}

/** Texts leave in NFC, whatever the keyboard sent. Empty blocks are not kept. */
export function toBlocks(document: Node): Block[] {
    const blocks: Block[] = [];
    document.forEach((node) => {
        const runs: Run[] = [];
        node.forEach((child) => {
            const run: Run = { text: (child.text ?? '').normalize('NFC') };
            if (child.marks.some((mark) => mark.type === schema.marks['bold'])) run.bold = true;
            if (child.marks.some((mark) => mark.type === schema.marks['italic'])) run.italic = true;
            runs.push(run);
        });
        if (runs.some((run) => run.text.trim() !== '')) {
            blocks.push({ type: node.type.name as Block['type'], runs });
        }
    });
    return blocks;
}

export function sameBlocks(a: readonly Block[], b: readonly Block[]): boolean {
    return JSON.stringify(a) === JSON.stringify(b);
}
