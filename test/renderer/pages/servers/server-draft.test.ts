import { describe, expect, it } from 'vitest';
import { checkDraft, draftOf, emptyDraft } from '../../../../renderer/pages/servers/server-draft.ts';
import type { ServerDraft } from '../../../../renderer/pages/servers/server-draft.ts';
import { fakeServerConfig, filledFakeSite } from '../../../fakes/fake-site.ts';

const vllm: ServerDraft = { ...emptyDraft, name: 'chat', serves: 'chat', weights: '/srv/models/chat' };

function errorsOf(draft: ServerDraft, others: Parameters<typeof checkDraft>[1] = []) {
  const checked = checkDraft(draft, others);
  return checked.valid ? {} : checked.errors;
}

describe('server draft', () => {
  it.each(filledFakeSite().servers.map((server) => [server.name, server] as const))(
    'gives back the server %s as it was when nothing was changed',
    (_name, server) => {
      expect(checkDraft(draftOf(server), [])).toEqual({ valid: true, server });
    },
  );

  it('leaves out what is empty', () => {
    expect(checkDraft(vllm, [])).toEqual({
      valid: true,
      server: { name: 'chat', engine: 'vllm', serves: ['chat'], weights: '/srv/models/chat', start: 'always' },
    });
  });

  it('takes model names and GPUs with commas or spaces between them', () => {
    const checked = checkDraft({ ...vllm, serves: 'chat, chat:latest org/chat', gpus: '0, 1 2' }, []);
    expect(checked).toMatchObject({ server: { serves: ['chat', 'chat:latest', 'org/chat'], gpus: [0, 1, 2] } });
  });

  it('says at each field what is wrong with it', () => {
    expect(Object.keys(errorsOf({ ...emptyDraft, port: 'x', gpus: 'one', readyTimeout: 'soon' }))).toEqual(
      expect.arrayContaining(['name', 'serves', 'port', 'gpus', 'weights', 'readyTimeout']),
    );
  });

  it('asks for a command where the engine is one', () => {
    expect(errorsOf({ ...vllm, engine: 'command' })).toEqual({ command: 'Give the program to run.' });
  });

  it('points to the row of a bad argument or variable', () => {
    const args = [
      { id: 0, name: 'ok', value: '1' },
      { id: 1, name: '--dashes', value: '1' },
    ];
    const env = [{ id: 0, name: '1BAD', value: 'x', secret: false }];
    expect(Object.keys(errorsOf({ ...vllm, args, env })).sort()).toEqual(['args.1', 'env.0']);
  });

  it('refuses a row without a name and a name that is there twice', () => {
    const row = { id: 0, name: 'a', value: '1' };
    expect(errorsOf({ ...vllm, args: [row, { ...row, id: 1 }] })['args.1']).toContain('twice');
    expect(errorsOf({ ...vllm, args: [{ ...row, name: ' ' }] })['args.0']).toContain('Give it a name');
  });

  it('refuses a name and a port that another server has', () => {
    const others = [fakeServerConfig('chat'), fakeServerConfig('code', { port: 8001 })];
    expect(errorsOf({ ...vllm, port: '8001' }, others)).toEqual({
      name: 'Another server has this name.',
      port: 'code uses this port.',
    });
  });

  it('keeps what a simulated server cannot have out of it', () => {
    const checked = checkDraft({ ...vllm, engine: 'simulated', gpus: '0', command: '/opt/vllm' }, []);
    expect(checked).toEqual({
      valid: true,
      server: { name: 'chat', engine: 'simulated', serves: ['chat'], start: 'always' },
    });
  });
});
