import { expect, it } from 'vitest';
import { makeMeeting } from '../lib/meeting/example';
import { invitedOf, toggled } from './invited';

it('counts the official of an invited unit with the unit, others alone', () => {
    const units = [{ id: '50', name: 'Unit 3' }];
    expect(invitedOf(makeMeeting(), units)).toEqual({ unitIds: ['50'], people: [] });
    expect(invitedOf(makeMeeting(), []).people).toEqual([{ id: '3', name: 'Person 3' }]);
});

it('takes a unit in and out', () => {
    expect(toggled(['1', '2'], '2')).toEqual(['1']);
    expect(toggled(['1'], '2')).toEqual(['1', '2']);
});
