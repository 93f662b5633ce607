// The editor of the minutes: ProseMirror with the few forms that the official page has.
import { baseKeymap, setBlockType, toggleMark } from 'prosemirror-commands';
import { history, redo, undo } from 'prosemirror-history';
import { keymap } from 'prosemirror-keymap';
import { EditorState, type Command } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import type { Block } from '../lib/api/schema';
import { schema, toBlocks, toDocument } from './blocks';

export type Form = Block['type'] | 'bold' | 'italic';

function mark(name: 'bold' | 'italic'): Command {
    const type = schema.marks[name];
    return type ? toggleMark(type) : () => false;
}

function block(name: Block['type']): Command {
    const type = schema.nodes[name];
    return type ? setBlockType(type) : () => false;
}

const commands: Record<Form | 'undo' | 'redo', Command> = {
    heading: block('heading'),
    paragraph: block('paragraph'),
    item: block('item'),
    bold: mark('bold'),
    italic: mark('italic'),
    undo,
    redo,
};

const keys = keymap({
    'Mod-b': commands.bold,
    'Mod-i': commands.italic,
    'Mod-z': undo,
    'Mod-y': redo,
    'Shift-Mod-z': redo,
    'Mod-Alt-1': commands.heading,
    'Mod-Alt-0': commands.paragraph,
    'Mod-Alt-8': commands.item,
});

function formsOf(state: EditorState): Set<Form> {
    const { $from, from, to, empty } = state.selection;
    const forms = new Set<Form>([$from.parent.type.name as Block['type']]);
    for (const name of ['bold', 'italic'] as const) {
        const type = schema.marks[name];
        if (!type) continue;
        const on = empty
            ? type.isInSet(state.storedMarks ?? $from.marks()) !== undefined
            : state.doc.rangeHasMark(from, to, type);
        if (on) forms.add(name);
    }
    return forms;
}

export interface EditorOptions {
    blocks: readonly Block[];
    label: string;
    onEdit(blocks: Block[]): void;
    /** Which forms hold where the cursor stands. */
    onForms(forms: Set<Form>): void;
}

export class MinutesEditor {
    readonly #view: EditorView;

    constructor(place: HTMLElement, options: EditorOptions) {
        this.#view = new EditorView(place, {
            state: EditorState.create({
                doc: toDocument(options.blocks),
                plugins: [history(), keys, keymap(baseKeymap)],
            }),
            attributes: {
                role: 'textbox',
                'aria-multiline': 'true',
                'aria-label': options.label,
            },
            dispatchTransaction: (transaction) => {
                const state = this.#view.state.apply(transaction);
                this.#view.updateState(state);
                if (transaction.docChanged) options.onEdit(toBlocks(state.doc));
                options.onForms(formsOf(state));
            },
        });
        options.onForms(formsOf(this.#view.state));
    }

    apply(name: Form | 'undo' | 'redo'): void {
        commands[name](this.#view.state, this.#view.dispatch.bind(this.#view), this.#view);
        this.#view.focus();
    }

    /** A paragraph at the end, such as a conclusion taken over from the meeting. */
    append(block: Block): void {
        const node = toDocument([block]).firstChild;
        if (!node) return;
        const { state } = this.#view;
        this.#view.dispatch(state.tr.insert(state.doc.content.size, node).scrollIntoView());
    }

    destroy(): void {
        this.#view.destroy();
    }
}
