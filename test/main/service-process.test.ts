import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { dataPaths } from '../../electron/base/data-paths.ts';
import { cleanStartArguments } from '../../electron/main/service/clean-start.ts';
import { readLaunchOptions } from '../../electron/main/launch-options.ts';
import { lookForService, parseServiceFile } from '../../electron/main/service/look-for-service.ts';
import { readableLine, serviceEnvironment, startService } from '../../electron/main/service/start-service.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';

describe('looking for the service', () => {
  async function answeringPort(status: number): Promise<number> {
    const server = http.createServer((_request, response) => response.writeHead(status).end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return (server.address() as AddressInfo).port;
  }

  function leaveWord(root: string, pid: number, port: number): void {
    const paths = dataPaths(root);
    mkdirSync(paths.runtime, { recursive: true });
    const control = `http://127.0.0.1:${port}`;
    writeFileSync(paths.serviceFile, JSON.stringify({ pid, version: '1', control, startedAtMs: 0 }));
  }

  it('finds one that answers, with its token', async () => {
    const root = makeTempDir();
    const port = await answeringPort(200);
    leaveWord(root, process.pid, port);
    expect(await lookForService(dataPaths(root))).toMatchObject({ kind: 'closed', pid: process.pid });
    writeFileSync(dataPaths(root).token, 'secret\n');
    expect(await lookForService(dataPaths(root))).toEqual({
      kind: 'answering',
      pid: process.pid,
      control: `http://127.0.0.1:${port}`,
      token: 'secret',
    });
  });

  it('tells one that is gone from one that does not answer', async () => {
    const root = makeTempDir();
    expect(await lookForService(dataPaths(root))).toEqual({ kind: 'absent' });
    leaveWord(root, 4_194_305, await answeringPort(200));
    expect(await lookForService(dataPaths(root))).toEqual({ kind: 'absent' });
    leaveWord(root, process.pid, await answeringPort(503));
    expect(await lookForService(dataPaths(root))).toMatchObject({ kind: 'silent' });
  });

  it('takes nothing for an address that is none', () => {
    expect(parseServiceFile('{"pid":1,"control":"http://127.0.0.1:1"}')).toEqual({
      pid: 1,
      control: 'http://127.0.0.1:1',
    });
    for (const text of [
      '',
      '[]',
      'null',
      '{"pid":"1"}',
      '{"pid":1,"control":"file:///etc"}',
      '{"pid":0,"control":""}',
    ]) {
      expect(parseServiceFile(text), text).toBeNull();
    }
  });
});

describe('starting the service', () => {
  let programs: string;
  beforeEach(() => {
    programs = makeTempDir();
    vi.stubEnv('OUTPOST_PROGRAMS', programs);
    vi.stubEnv('OUTPOST_NODE', process.execPath);
  });
  afterEach(() => vi.unstubAllEnvs());

  it('runs it in a session of its own, its output in a log that only the owner reads', async () => {
    const data = makeTempDir();
    const report = path.join(data, 'report.json');
    writeFileSync(
      path.join(programs, 'service.mjs'),
      `import { readFileSync, writeFileSync, renameSync } from 'node:fs';
       console.log('secret token');
       console.error('to the log');
       const session = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')[3];
       writeFileSync(${JSON.stringify(`${report}.new`)}, JSON.stringify({
         args: process.argv.slice(2), leads: session === String(process.pid), cwd: process.cwd() }));
       renameSync(${JSON.stringify(`${report}.new`)}, ${JSON.stringify(report)});`,
    );
    const started = startService(dataPaths(data), { demo: true });
    if (!started.ok) throw new Error(started.error.message);
    await waitFor(() => started.value.ended() !== null);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toEqual({
      args: ['--data', data, '--demo'],
      leads: true,
      cwd: data,
    });
    const log = path.join(data, 'logs', 'service', 'service.log');
    expect(readFileSync(log, 'utf8')).toBe('to the log\n');
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it('leaves it nothing of what is open here', async () => {
    const data = makeTempDir();
    const report = path.join(data, 'report.json');
    const leftOpen = path.join(data, 'left-open');
    writeFileSync(
      path.join(programs, 'service.mjs'),
      `import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
       const open = readdirSync('/proc/self/fd').flatMap((name) => {
         try { return [readlinkSync('/proc/self/fd/' + name)]; } catch { return []; }
       });
       writeFileSync(${JSON.stringify(report)}, JSON.stringify({ left: open.filter((file) => file.includes('left-open')),
         args: process.argv.slice(2), execArgv: process.execArgv, title: process.argv0 }));`,
    );
    // Descriptors as Electron leaves them: low, and high behind a gap. A shell opens them, since Node leaves none open.
    const descriptors = [3, 7, 200].map((number) => `exec ${number}>${leftOpen}; `).join('');
    const started = spawn(
      'bash',
      [
        '-c',
        `${descriptors}exec "$@"`,
        'bash',
        process.execPath,
        ...cleanStartArguments([path.join(programs, 'service.mjs'), '--data', data]),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let stderr = '';
    started.stderr.on('data', (text) => (stderr += String(text)));
    await new Promise((resolve) => started.once('close', resolve));
    expect(stderr).toBe('');
    expect(JSON.parse(readFileSync(report, 'utf8'))).toEqual({
      left: [],
      args: ['--data', data],
      execArgv: [],
      title: process.execPath,
    });
  });

  it('tells how it ended and what it said last, and keeps the log of the start before', async () => {
    const data = makeTempDir();
    writeFileSync(
      path.join(programs, 'service.mjs'),
      `console.error(JSON.stringify({ level: 60, msg: 'The port is taken.' })); process.exitCode = 3;`,
    );
    for (let start = 0; start < 2; start++) {
      const started = startService(dataPaths(data), { demo: false });
      if (!started.ok) throw new Error(started.error.message);
      const reason = await waitFor(() => started.value.ended());
      expect(reason).toContain('exit code 3');
      expect(reason).toMatch(/ends with:\nThe port is taken\.$/);
    }
    expect(existsSync(path.join(data, 'logs', 'service', 'service.1.log'))).toBe(true);
  });

  it('says what is missing when it cannot be started', () => {
    expect(startService(dataPaths(makeTempDir()), { demo: false })).toMatchObject({
      ok: false,
      error: { code: 'PROCESS_START_FAILED', message: expect.stringContaining('service is missing') },
    });
  });

  it('hands on nothing that Electron set for itself', () => {
    expect(
      serviceEnvironment({ PATH: '/bin', OUTPOST_DATA: '/d', ELECTRON_RUN_AS_NODE: '1', CHROME_DESKTOP: 'x' }),
    ).toEqual({ PATH: '/bin', OUTPOST_DATA: '/d' });
  });

  it('shows the words of a log line', () => {
    expect(readableLine('{"level":30,"msg":"Ready."}')).toBe('Ready.');
    expect(readableLine('plain')).toBe('plain');
    expect(readableLine('{"level":30}')).toBe('{"level":30}');
  });
});

describe('the command line of the app', () => {
  it('names the data directory, among arguments of Chromium', () => {
    const env = { OUTPOST_DATA: '/from-env', OUTPOST_RENDERER_URL: 'http://127.0.0.1:5173/' };
    expect(readLaunchOptions(['--no-sandbox', '.'], env, false)).toEqual({
      dataRoot: path.resolve('/from-env'),
      demo: false,
      rendererUrl: 'http://127.0.0.1:5173/',
    });
    expect(readLaunchOptions(['.', '--data', '/given', '--demo'], env, true)).toEqual({
      dataRoot: path.resolve('/given'),
      demo: true,
      rendererUrl: null,
    });
    expect(readLaunchOptions(['--data=/given'], {}, true).dataRoot).toBe(path.resolve('/given'));
  });
});
