import { expect, it } from 'vitest';
import { addItem, agendaCommand, editAgenda, moveItem } from './agenda';

const unopened = { startedAt: null, endedAt: null };
const items = editAgenda([
    { id: '1', title: 'A', presenterId: null, plannedMinutes: 10, ...unopened },
    { id: '2', title: 'B', presenterId: '9', plannedMinutes: 20, ...unopened },
]);

it('moves items by one place and stops at the ends', () => {
    expect(moveItem(items, 1, -1).map((item) => item.title)).toEqual(['B', 'A']);
    expect(moveItem(items, 0, -1)).toEqual(items);
    expect(moveItem(items, 1, 1)).toEqual(items);
});

it('sends the whole list, new items without an id, empty rows not at all', () => {
    const edited = addItem(addItem(items)).map((item) =>
        item.key === 2 ? { ...item, title: ' C ' } : item,
    );
    expect(agendaCommand(edited)).toEqual({
        kind: 'agenda.set',
        items: [
            { id: '1', title: 'A', plannedMinutes: 10 },
            { id: '2', title: 'B', presenterId: '9', plannedMinutes: 20 },
            { title: 'C', plannedMinutes: 15 },
        ],
    });
});
