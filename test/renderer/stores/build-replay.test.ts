import { describe, expect, it } from 'vitest';
import { buildReplay } from '../../../renderer/stores/build-replay.ts';

const recorded = {
  method: 'POST',
  route: '/features/duo_chat/v1/chat/completions?x=1',
  request_body: '{ "model": "asked", "messages": [] }',
};

describe('buildReplay', () => {
  it('sends what was sent, byte by byte', () => {
    expect(buildReplay(recorded, null)).toEqual({ path: recorded.route, body: recorded.request_body });
  });

  it('asks another model at the plain address', () => {
    expect(buildReplay(recorded, 'other')).toEqual({
      path: '/v1/chat/completions?x=1',
      body: '{"model":"other","messages":[]}',
    });
  });

  it('does not send what is no JSON or is gone', () => {
    expect(buildReplay({ ...recorded, request_body: null }, null)).toBeNull();
    expect(buildReplay({ ...recorded, request_body: 'text' }, null)).toBeNull();
    expect(buildReplay({ ...recorded, method: 'GET' }, null)).toBeNull();
  });
});
