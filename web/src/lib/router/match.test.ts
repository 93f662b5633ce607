import { expect, it } from 'vitest';
import { matchPath } from './match';

it('matches plain paths, with or without a slash at the end', () => {
    expect(matchPath('/login', '/login')).toEqual({});
    expect(matchPath('/login', '/login/')).toEqual({});
    expect(matchPath('/', '/')).toEqual({});
    expect(matchPath('/login', '/logout')).toBeNull();
});

it('gives the parameters of a path', () => {
    expect(matchPath('/meetings/:id/room', '/meetings/12/room')).toEqual({ id: '12' });
    expect(matchPath('/meetings/:id/room', '/meetings/12')).toBeNull();
});

it('takes a broken escape for no match', () => {
    expect(matchPath('/v/:code', '/v/%E0%A4%A')).toBeNull();
});
