import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ControlOperations } from '../../electron/contract/control-api.ts';
import { fail, succeed } from '../../electron/contract/outpost-error.ts';
import type { RequestPageQuery } from '../../electron/contract/request-row.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { aProcess, aRequest, aStatus } from './build-rows.ts';
import { startFakeService } from './fake-service.ts';
import { cli } from './run-cli.ts';

let data: string;
beforeEach(() => {
  data = makeTempDir();
});

describe('wrong use', () => {
  it('exits with 2 and suggests the command that was meant', async () => {
    const run = await cli(data, ['statsu']);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain("Unknown command 'statsu'.");
    expect(run.stderr).toContain('Did you mean status?');
  });

  it('is one JSON value with --json', async () => {
    for (const args of [
      ['statsu', '--json'],
      ['requests', '--state', 'broken', '--json'],
      ['requests', '--http-status', '42', '--json'],
      ['requests', '--since', 'yesterday', '--json'],
      ['requests', 'export', '--json'],
      ['logs', '--json'],
      ['status', '--data=', '--json'],
      ['--json'],
    ]) {
      const run = await cli(data, args);
      expect(run.code, args.join(' ')).toBe(2);
      expect(JSON.parse(run.stdout)).toEqual({
        error: { code: 'USAGE', message: expect.any(String), action: expect.any(String) },
      });
      expect(run.stderr).toBe('');
    }
  });

  it('includes input that the service refuses, in words', async () => {
    await startFakeService(data, {});
    const run = await cli(data, ['start', 'Not A Name']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('The input is not valid: use 1 to 48 lower-case letters');
    expect(run.stderr).not.toMatch(/[{✖→]/);
  });
});

describe('help', () => {
  it('is an answer: on stdout, exit 0, for every command', async () => {
    expect(await cli(data, ['help'])).toMatchObject({ code: 0, stderr: '' });
    expect(await cli(data, ['help', 'status', '--json'])).toMatchObject({ code: 0, stderr: '' });
    const all = await cli(data, ['--help']);
    expect(all.code).toBe(0);
    for (const name of [
      'serve',
      'down',
      'status',
      'start',
      'stop',
      'restart',
      'logs',
      'requests',
      'features',
      'keys',
    ]) {
      expect(all.stdout).toContain(`  ${name}`);
      const one = await cli(data, [name, '--help']);
      expect(one.code).toBe(0);
      expect(one.stdout).toContain('--data <dir>');
      expect(one.stdout).toContain('--json');
    }
  });
});

describe('without a service', () => {
  it('says so and what to do, also when a dead one left its file', async () => {
    const none = await cli(data, ['status', '--json']);
    expect(none.code).toBe(1);
    expect(JSON.parse(none.stdout)).toMatchObject({ error: { code: 'SERVICE_NOT_RUNNING' } });
    const service = await startFakeService(data, {});
    await service.stop();
    const unreachable = await cli(data, ['status']);
    expect(unreachable).toMatchObject({ code: 1, stdout: '' });
    expect(unreachable.stderr).toContain('does not answer');
    const file = path.join(data, 'runtime', 'service.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"pid":\d+/, '"pid":4194305'));
    const dead = await cli(data, ['status']);
    expect(dead.stderr).toContain('outpost serve');
  });

  it('down has nothing to do and says so', async () => {
    const run = await cli(data, ['down', '--json']);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toEqual({ stopped: [], service: 'not-running' });
  });

  it('refuses to use a token that the service does not accept', async () => {
    await startFakeService(data, { status: async () => aStatus() }, { token: 'another' });
    const run = await cli(data, ['status', '--json']);
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'CONTROL_UNAUTHORIZED' } });
  });

  it('notices a service that goes away before it answers', async () => {
    const service = await startFakeService(data, {
      startProcess: async () => {
        await service.stop();
        return succeed(aProcess());
      },
    });
    const run = await cli(data, ['start', 'demo-a', '--json']);
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'SERVICE_UNREACHABLE' } });
  });
});

describe('status', () => {
  it('prints the contract as JSON', async () => {
    const status = aStatus();
    await startFakeService(data, { status: async () => status });
    const run = await cli(data, ['status', '--json']);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toEqual(status);
  });

  it('takes common options before and after the command', async () => {
    await startFakeService(data, { status: async () => aStatus() });
    const run = await cli('/nonexistent', ['--json', '--data', data, 'status']);
    expect(JSON.parse(run.stdout)).toMatchObject({ site: 'Lab 4' });
  });
});

describe('start, stop and restart', () => {
  it('print what became of the process', async () => {
    await startFakeService(data, {
      startProcess: async (name) => succeed(aProcess({ name })),
      stopProcess: async (name) => succeed(aProcess({ name, actual: 'stopped', pid: null, port: null })),
    });
    expect((await cli(data, ['start', 'demo-a'])).stdout).toBe('● demo-a is ready (process 4242, port 8101).\n');
    expect((await cli(data, ['stop', 'demo-a'])).stdout).toBe('■ demo-a is stopped.\n');
  });

  it('exit with 1, the reason and the next step on failure', async () => {
    await startFakeService(data, {
      restartProcess: async () =>
        fail('PROCESS_START_FAILED', 'demo-a was not ready within 10 s.', 'Look at its log.', 'last line'),
    });
    const run = await cli(data, ['restart', 'demo-a']);
    expect(run).toEqual({
      code: 1,
      stdout: '',
      stderr: 'demo-a was not ready within 10 s. Look at its log.\n\nlast line\n',
    });
  });
});

describe('logs', () => {
  const chunk = (text: string, run = 1, fromOffset = 0) => ({
    run,
    fromOffset,
    toOffset: fromOffset + text.length,
    sizeBytes: 100,
    text,
    droppedBytes: 0,
  });

  it('leaves output alone in a pipe and makes it harmless on a terminal', async () => {
    const text = 'one\u001b]0;title\u0007\u001b[31mred\u001b[0m\n';
    const asked: unknown[] = [];
    await startFakeService(data, {
      readLog: async (input) => {
        asked.push(input);
        return succeed(chunk(text));
      },
    });
    expect((await cli(data, ['logs', 'demo-a', '-n', '7', '--run', '3'])).stdout).toBe(text);
    expect(asked).toEqual([{ name: 'demo-a', run: 3, fromOffset: null, lines: 7 }]);
    const onTerminal = await cli(data, ['logs', 'demo-a'], { columns: 80 });
    expect(onTerminal.stdout).toBe('one␛]0;title␇\u001b[31mred\u001b[0m\n');
    expect(JSON.parse((await cli(data, ['logs', 'demo-a', '--json'])).stdout)).toMatchObject({ run: 1, text });
  });

  it('follows over restarts of the process and of the service until Ctrl-C, without repeating a line', async () => {
    const starts: unknown[] = [];
    const operations: Partial<ControlOperations> = {
      readLog: async () => succeed(chunk('first\n')),
      followLog(input, emit, signal) {
        starts.push(input);
        if (starts.length === 1) {
          emit(chunk('second\n', 1, input.fromOffset));
          emit(chunk('third\n', 2, 0));
          return;
        }
        emit(chunk('fourth\n', 2, input.fromOffset));
        signal.addEventListener('abort', () => undefined);
      },
    };
    const service = await startFakeService(data, operations);
    const port = Number(new URL(service.control).port);
    const run = await cli(data, ['logs', 'demo-a', '-f'], {
      onOutput(stdout, interrupt) {
        if (stdout.endsWith('third\n')) void service.stop().then(() => startFakeService(data, operations, { port }));
        if (stdout.endsWith('fourth\n')) interrupt();
      },
    });
    expect(run).toMatchObject({ code: 0, stdout: 'first\nsecond\nthird\nfourth\n' });
    expect(run.stderr).toContain('── run 2 ──');
    expect(starts).toEqual([
      { name: 'demo-a', run: 1, fromOffset: 6 },
      { name: 'demo-a', run: 2, fromOffset: 6 },
    ]);
  });
});

describe('requests', () => {
  /** Rows with ids from `count` down to 1, served in pages as the service does. */
  function logOf(count: number, asked: RequestPageQuery[] = []): Partial<ControlOperations> {
    return {
      requests: async (query) => {
        asked.push(query);
        const newest = Math.min(count, (query.beforeId ?? count + 1) - 1);
        const size = Math.min(query.limit, newest);
        const rows = Array.from({ length: size }, (_, index) => aRequest({ id: newest - index }));
        return succeed({ rows, more: newest > size });
      },
    };
  }

  it('prints an array of rows, newest first, and passes every filter on', async () => {
    const asked: RequestPageQuery[] = [];
    await startFakeService(data, logOf(3, asked));
    const flags = ['--since', '2026-11-24T10:00Z', '--until', '2026-11-24T11:00:00.000Z', '--model', 'demo-chat'];
    flags.push('--feature', 'duo_chat', '--server', 'demo-a', '--key', 'tester', '--state', 'error');
    flags.push('--http-status', '502', '--search', 'light house', '--limit', '2', '--before', '9');
    const run = await cli(data, ['requests', ...flags, '--json']);
    expect((JSON.parse(run.stdout) as { id: number }[]).map((row) => row.id)).toEqual([3, 2]);
    expect(JSON.parse(run.stdout)[0]).toEqual(aRequest({ id: 3 }));
    expect(asked).toEqual([
      {
        filter: {
          sinceMs: Date.UTC(2026, 10, 24, 10),
          untilMs: Date.UTC(2026, 10, 24, 11),
          model: 'demo-chat',
          feature: 'duo_chat',
          server: 'demo-a',
          key: 'tester',
          state: 'error',
          httpStatus: 502,
          search: 'light house',
        },
        limit: 2,
        beforeId: 9,
      },
    ]);
  });

  it('reads more than a page of the service holds', async () => {
    await startFakeService(data, logOf(2600));
    const run = await cli(data, ['requests', '--limit', '2500', '--json']);
    const ids = (JSON.parse(run.stdout) as { id: number }[]).map((row) => row.id);
    expect(ids).toEqual(Array.from({ length: 2500 }, (_, index) => 2600 - index));
  });

  it('shows one with headers and bodies', async () => {
    const detail = {
      ...aRequest(),
      request_body: '{"model":"demo-chat"}',
      response_body: { base64: '/w==' },
      headers: { request: { accept: '*/*' }, response: {} },
      chunk_times_ms: null,
      bodies_note: null,
    };
    await startFakeService(data, {
      request: async (id) => (id === 5 ? succeed(detail) : fail('REQUEST_UNKNOWN', `There is no request ${id}.`)),
    });
    expect(JSON.parse((await cli(data, ['requests', 'show', '5', '--json'])).stdout)).toEqual(detail);
    const shown = (await cli(data, ['requests', 'show', '5'])).stdout;
    expect(shown).toContain('  "model": "demo-chat"');
    expect(shown).toContain('/w==');
    expect((await cli(data, ['requests', 'show', '6'])).code).toBe(1);
    expect((await cli(data, ['requests', 'show', 'x'])).code).toBe(2);
  });

  it('exports all that match, whole or not at all', async () => {
    const file = path.join(data, 'out.csv');
    let broken = false;
    const log = logOf(1500);
    await startFakeService(data, {
      requests: async (query) =>
        broken && query.beforeId !== undefined
          ? fail('INTERNAL', 'The log cannot be read.')
          : (log.requests?.(query) ?? fail('INTERNAL', 'no log')),
    });
    const run = await cli(data, ['requests', 'export', '--format', 'csv', '--out', file]);
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: `1500 requests exported to ${file}.\n` });
    const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    expect(lines).toHaveLength(1501);
    expect(lines[0]).toMatch(/^id,time,state,/);

    broken = true;
    const failed = await cli(data, ['requests', 'export', '--format', 'jsonl', '--out', file, '--json']);
    expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: 'INTERNAL' } });
    expect(readFileSync(file, 'utf8')).toMatch(/^id,time,state,/);
    expect(readdirSync(data).filter((name) => name.endsWith('.tmp'))).toEqual([]);

    const nowhere = path.join(data, 'missing', 'out.csv');
    const refused = await cli(data, ['requests', 'export', '--format', 'csv', '--out', nowhere, '--json']);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'DISK_WRITE_FAILED' } });
    expect(existsSync(nowhere)).toBe(false);
  });

  it('exports to stdout as JSON lines', async () => {
    await startFakeService(data, logOf(2));
    const run = await cli(data, ['requests', '--limit', '2', 'export', '--format', 'jsonl']);
    expect(
      run.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual([2, 1]);
  });
});

describe('features, keys and secrets', () => {
  it('set a feature in the name of the command line', async () => {
    const asked: unknown[] = [];
    await startFakeService(data, {
      setFeature: async (input) => {
        asked.push(input);
        return succeed({
          feature: input.feature,
          group: 'g',
          title: 't',
          maturity: 'GA',
          since: '17.0',
          model: input.setting,
          state: 'assigned',
          endpoint: 'http://127.0.0.1:8080/features/duo_chat/v1',
          servers: [],
        });
      },
    });
    const run = await cli(data, ['features', 'set', 'duo_chat', 'demo-chat']);
    expect(run.stdout).toContain('duo_chat is served by demo-chat');
    expect(asked).toEqual([{ feature: 'duo_chat', setting: 'demo-chat', author: 'cli' }]);
  });

  it('show a new key once', async () => {
    await startFakeService(data, {
      addKey: async (name) => succeed({ name, key: 'outpost_abc' }),
      keys: async () => [{ name: 'tester', createdAtMs: 0, revokedAtMs: null }],
    });
    const added = await cli(data, ['keys', 'add', 'tester', '--json']);
    expect(JSON.parse(added.stdout)).toEqual({ name: 'tester', key: 'outpost_abc' });
    const listed = await cli(data, ['keys', '--json']);
    expect(JSON.parse(listed.stdout)).toEqual([
      { name: 'tester', created_at: '1970-01-01T00:00:00.000Z', revoked_at: null },
    ]);
  });

  it('make a key that may do only some things, and list what', async () => {
    const given: unknown[] = [];
    await startFakeService(data, {
      addKey: async (name, rules) => {
        given.push({ name, rules });
        return succeed({ name, key: 'outpost_abc' });
      },
      keys: async () => [
        {
          name: 'ci',
          createdAtMs: 0,
          revokedAtMs: null,
          rules: {
            models: ['a', 'b'],
            features: null,
            routes: ['chat'],
            expiresAtMs: 1000,
            limits: { requestsPerMinute: 60, tokensPerMinute: null, concurrency: 4, tokensPerDay: null },
          },
        },
      ],
    });
    const flags = ['--models', 'a,b', '--routes', 'chat', '--expires', '2999-01-31T00:00Z', '--tokens-per-day', '5'];
    expect((await cli(data, ['keys', 'add', 'ci', ...flags])).code).toBe(0);
    expect(given).toEqual([
      {
        name: 'ci',
        rules: {
          models: ['a', 'b'],
          features: null,
          routes: ['chat'],
          expiresAtMs: Date.UTC(2999, 0, 31),
          limits: { requestsPerMinute: null, tokensPerMinute: null, concurrency: null, tokensPerDay: 5 },
        },
      },
    ]);
    expect((await cli(data, ['keys', 'add', 'ci', '--expires', '2020-01-31'])).code).toBe(2);
    expect(JSON.parse((await cli(data, ['keys', '--json'])).stdout)).toMatchObject([
      { models: ['a', 'b'], features: null, expires_at: '1970-01-01T00:00:01.000Z', concurrency: 4 },
    ]);
    expect((await cli(data, ['keys'])).stdout).toMatch(/expired .*models a, b; routes chat; 60 requests/);
  });

  it('read a secret from stdin or without echo, and never show it', async () => {
    const given: string[] = [];
    await startFakeService(data, {
      setSecret: async (name, value) => {
        given.push(value);
        return succeed({ name, setAtMs: 0, usedBy: [] });
      },
    });
    const piped = await cli(data, ['secrets', 'set', 'hub'], { stdin: 'hf_1\nsecond\n' });
    const typed = await cli(data, ['secrets', 'set', 'hub'], { typed: 'hf_2' });
    expect(given).toEqual(['hf_1\nsecond', 'hf_2']);
    expect(piped.stdout + piped.stderr + typed.stdout + typed.stderr).not.toContain('hf_');
    expect((await cli(data, ['secrets', 'set', 'hub'], { stdin: '\n' })).code).toBe(2);
    expect((await cli(data, ['secrets', 'set', 'hub'], { typed: null })).code).toBe(2);
    expect((await cli(data, ['secrets', 'set', 'hub'], { stdin: 'bin\uFFFD' })).code).toBe(2);
  });
});

describe('down', () => {
  it('passes on what could not be stopped', async () => {
    await startFakeService(data, {
      stopEverything: async () =>
        fail('PROCESS_STOP_INCOMPLETE', 'demo-a is not stopped completely: still running: 7.', 'End it by hand.'),
    });
    const run = await cli(data, ['down', '--json']);
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: 'PROCESS_STOP_INCOMPLETE' } });
  });
});
