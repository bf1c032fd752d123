import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { runProgram, spawnProgram } from '../fixtures/spawn-program.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { readEvents } from './read-events.ts';
import { postJson, readAnswer, startSimulator } from './start-simulator.ts';

const hello = { messages: [{ role: 'user', content: 'Hello there' }] };
const long = { ...hello, ignore_eos: true, max_tokens: 5000 };
const linePattern =
  /^\((APIServer|EngineCore) pid=\d+\) (?:(INFO|WARNING|ERROR) \d\d-\d\d \d\d:\d\d:\d\d \[[^\]]+\] .+|INFO: {5}.+)$/;

function expectInOrder(text: string, phrases: readonly (string | RegExp)[]): void {
  const lines = text.split('\n');
  let from = 0;
  for (const phrase of phrases) {
    const found = lines.findIndex(
      (line, index) => index >= from && (typeof phrase === 'string' ? line.includes(phrase) : phrase.test(line)),
    );
    expect(found, `${String(phrase)} after line ${from} of\n${text}`).toBeGreaterThanOrEqual(from);
    from = found + 1;
  }
}

function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') === false;
  } catch {
    return false;
  }
}

describe('start-up', () => {
  it('logs the phases of vLLM in their order, on the documented streams', async () => {
    const { program, url } = await startSimulator(['--load-seconds', '0.3', '--model', '/weights/demo']);
    await waitFor(() => program.stdout().includes('/v1/embeddings'));
    const [firstLine = ''] = program.stdout().split('\n');
    expect(firstLine).toContain('simulated engine of Outpost');
    expectInOrder(program.stdout(), [
      'vLLM server version 0.28.0, serving model /weights/demo',
      'non-default args: {',
      'Resolved architecture: ',
      'Using max model len 8192',
      'Chunked prefill is enabled with max_num_batched_tokens=',
      "Initializing a V1 LLM engine (v0.28.0) with config: model='/weights/demo'",
      'world_size=1 rank=0 local_rank=0 distributed_init_method=',
      'Starting to load model /weights/demo...',
      'Loading weights took ',
      /Model loading took [\d.]+ GiB memory and [\d.]+ seconds/,
      /torch\.compile took [\d.]+ s in total/,
      /Available KV cache memory: [\d.]+ GiB/,
      /GPU KV cache size: [\d,]+ tokens, Maximum concurrency for 8,192 tokens per request: [\d.]+x/,
      /Graph capturing finished in [\d.]+ secs, took [\d.]+ GiB/,
      /init engine \(profile, create kv cache, warmup model\) took [\d.]+ s \(compilation: [\d.]+ s\)/,
      `Starting vLLM server on ${url}`,
      'Available routes are:',
      'Route: /v1/models, Methods: GET',
    ]);
    expectInOrder(program.stderr(), [
      /Loading safetensors checkpoint shards: {3}0% Completed \| 0\/4 \[/,
      /Loading safetensors checkpoint shards: {2}50% Completed \| 2\/4 \[/,
      /Loading safetensors checkpoint shards: 100% Completed \| 4\/4 \[/,
      'Capturing CUDA graphs',
      /INFO: {5}Started server process \[\d+\]/,
      'INFO:     Waiting for application startup.',
      'INFO:     Application startup complete.',
    ]);
    for (const line of program.stdout().trimEnd().split('\n')) expect(line).toMatch(linePattern);
    expect(program.stdout()).toContain(`pid=${program.pid})`);
  });

  it('refuses connections until it is ready', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const address = probe.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => probe.close(resolve));
    const program = spawnProgram('simulator', { args: ['--port', String(port), '--load-seconds', '20'] });
    await waitFor(() => program.stdout().includes('Resolved architecture'));
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });

  it('fails with Errno 98 and exit code 1 when its port is taken, before it loads', async () => {
    const { url } = await startSimulator();
    const { code, stdout, stderr } = await runProgram('simulator', {
      args: ['--port', new URL(url).port, '--load-seconds', '600'],
    });
    expect(code).toBe(1);
    expect(stderr).toContain('OSError: [Errno 98] Address already in use');
    expect(stdout).not.toContain('Initializing a V1 LLM engine');
  });

  it('answers wrong flags like argparse and explains itself', async () => {
    const wrong = await runProgram('simulator', { args: ['--no-such-flag'] });
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain('error: unrecognized arguments: --no-such-flag');
    const help = await runProgram('simulator', { args: ['--help'] });
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('--fault-escaping-children');
  });

  it('takes its key from the environment', async () => {
    const { url } = await startSimulator([], { env: { VLLM_API_KEY: 'from-env' } });
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
    expect((await fetch(`${url}/v1/models`, { headers: { authorization: 'Bearer from-env' } })).status).toBe(200);
  });
});

describe('log while serving', () => {
  it('has a line per request, except for polls', async () => {
    const { program, url } = await startSimulator();
    await fetch(`${url}/health`);
    await fetch(`${url}/metrics`);
    await fetch(`${url}/v1/models?x=1`);
    await fetch(`${url}/nothing`);
    await waitFor(() => program.stdout().includes('/nothing HTTP'));
    const access = program
      .stdout()
      .split('\n')
      .filter((line) => line.includes('HTTP/1.1"'));
    expect(access.map((line) => line.replace(/^\(APIServer pid=\d+\) INFO: {5}127\.0\.0\.1:\d+ - /, ''))).toEqual([
      '"GET /v1/models?x=1 HTTP/1.1" 200 OK',
      '"GET /nothing HTTP/1.1" 404 Not Found',
    ]);
  });

  it('has a line of statistics per interval while tokens move', async () => {
    const { program, url } = await startSimulator(['--itl-ms', '5'], { env: { VLLM_LOG_STATS_INTERVAL: '0.2' } });
    await readEvents(
      await postJson(`${url}/v1/chat/completions`, { ...hello, stream: true, ignore_eos: true, max_tokens: 120 }),
    );
    await waitFor(() => /Avg generation throughput: 0\.0 tokens/.test(program.stdout()));
    const lines = program
      .stdout()
      .split('\n')
      .filter((line) => line.includes('Engine 000:'));
    expect(lines[0]).toMatch(
      /Engine 000: Avg prompt throughput: [\d.]+ tokens\/s, Avg generation throughput: [\d.]+ tokens\/s, Running: \d reqs, Waiting: 0 reqs, GPU KV cache usage: [\d.]+%, Prefix cache hit rate: [\d.]+%/,
    );
  });
});

describe('SIGTERM', () => {
  it('aborts what is in flight, logs the shutdown in order and exits 0', async () => {
    const { program, url } = await startSimulator(['--itl-ms', '20']);
    const stream = await postJson(`${url}/v1/chat/completions`, { ...long, stream: true });
    const whole = postJson(`${url}/v1/chat/completions`, long);
    await waitFor(async () => (await readAnswer(await fetch(`${url}/load`))).server_load === 2);
    program.child.kill('SIGTERM');
    const events = await readEvents(stream);
    expect(events.at(-1).choices[0].finish_reason).toBe('abort');
    expect((await readAnswer(await whole)).choices[0].finish_reason).toBe('abort');
    expect(await program.exited).toEqual({ code: 0, signal: null });
    expectInOrder(program.stdout(), [
      '[shutdown] API server: shutdown triggered',
      '[shutdown] API server: stopping engine client mode=abort timeout=0s',
      '[shutdown] EngineCore: trigger received signal=SIGTERM',
      '[shutdown] EngineCore: start mode=abort timeout=0s',
      'aborting in-flight requests count=2',
      'request processing complete; starting resource teardown',
      '[shutdown] MPClient: complete',
      'shutting down FastAPI HTTP server',
    ]);
    expectInOrder(program.stderr(), ['INFO:     Shutting down', `INFO:     Finished server process [${program.pid}]`]);
  });

  it('ends a start that is under way', async () => {
    const program = spawnProgram('simulator', { args: ['--port', '0', '--load-seconds', '600'] });
    await waitFor(() => program.stdout().includes('non-default args'));
    program.child.kill('SIGTERM');
    expect((await program.exited).code).toBe(1);
    expect(program.stderr()).toContain('KeyboardInterrupt');
  });
});

describe('faults', () => {
  const stray: number[] = [];
  afterEach(() => {
    for (const pid of stray.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });

  it('run out of memory while loading', async () => {
    const { code, stdout, stderr } = await runProgram('simulator', {
      args: ['--port', '0', '--load-seconds', '0', '--fault-oom-at-start'],
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /torch\.OutOfMemoryError: CUDA out of memory\. Tried to allocate ([\d.]+) ([KMG]iB)\. GPU (\d+) has a total capacity of ([\d.]+) GiB of which ([\d.]+) [KMG]iB is free/,
    );
    expect(stderr.trimEnd().split('\n').at(-1)).toContain(
      'RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {',
    );
    expect(stderr).toContain('50% Completed | 2/4');
    expect(stdout).not.toContain('Loading weights took');
  });

  it('crash some seconds after being ready, with the wanted exit code', async () => {
    const { program } = await startSimulator(['--fault-crash-after-seconds', '0.3', '--exit-code', '7']);
    expect((await program.exited).code).toBe(7);
    expect(program.stdout()).toContain('EngineCore encountered a fatal error.');
    expect(program.stderr()).toContain('Application startup complete.');
  });

  it('crash at the first token of the request after the last one served', async () => {
    const { program, url } = await startSimulator(['--fault-crash-after-requests', '1', '--itl-ms', '50']);
    expect((await postJson(`${url}/v1/completions`, { prompt: 'a', max_tokens: 2 })).status).toBe(200);
    const response = await postJson(`${url}/v1/chat/completions`, { ...long, stream: true });
    let text = '';
    const read = async (): Promise<void> => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    };
    await expect(read()).rejects.toThrow();
    expect(text).toContain('"role":"assistant"');
    expect(text).not.toContain('[DONE]');
    expect((await program.exited).code).toBe(1);
  });

  it('hang with a healthy /health', async () => {
    const { url } = await startSimulator(['--fault-hang-after-requests', '1']);
    expect((await postJson(`${url}/v1/completions`, { prompt: 'a' })).status).toBe(200);
    const stop = new AbortController();
    const hanging = await postJson(`${url}/v1/chat/completions`, { ...hello, stream: true }, { signal: stop.signal });
    expect(hanging.status).toBe(200);
    await waitFor(async () =>
      (await (await fetch(`${url}/metrics`)).text()).includes(
        'vllm:num_requests_running{engine="0",model_name="demo-chat"} 1.0',
      ),
    );
    expect((await fetch(`${url}/health`)).status).toBe(200);
    stop.abort();
    await waitFor(async () =>
      (await (await fetch(`${url}/metrics`)).text()).includes(
        'vllm:num_requests_running{engine="0",model_name="demo-chat"} 0.0',
      ),
    );
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it('turn /health to 503 and inference to 500, ending streams with an error event', async () => {
    const { url } = await startSimulator(['--fault-health-503-after-seconds', '3', '--itl-ms', '20']);
    const events = await readEvents(await postJson(`${url}/v1/chat/completions`, { ...long, stream: true }));
    expect(events.at(-1)).toEqual({
      error: {
        message: 'EngineCore encountered an issue. See stack trace (above) for the root cause.',
        type: 'InternalServerError',
        param: null,
        code: 500,
      },
    });
    expect((await fetch(`${url}/health`)).status).toBe(503);
    const refused = await postJson(`${url}/v1/chat/completions`, hello);
    expect([refused.status, (await readAnswer(refused)).error.type]).toEqual([500, 'InternalServerError']);
  });

  it('ignore SIGTERM', async () => {
    const { program, url } = await startSimulator(['--fault-ignore-sigterm']);
    program.child.kill('SIGTERM');
    await waitFor(() => program.stdout().includes('Ignoring SIGTERM'));
    expect((await fetch(`${url}/health`)).status).toBe(200);
    program.child.kill('SIGKILL');
    expect((await program.exited).signal).toBe('SIGKILL');
  });

  it.runIf(process.platform === 'linux')(
    'leave children behind that only their environment connects to their run',
    async () => {
      const { program } = await startSimulator(['--fault-escaping-children', '2'], {
        env: { OUTPOST_RUN_ID: 'run-of-this-test' },
      });
      const pids = [...program.stdout().matchAll(/Started escaping child process \[(\d+)\]/g)].map((match) =>
        Number(match[1]),
      );
      stray.push(...pids);
      expect(pids).toHaveLength(2);
      program.child.kill('SIGTERM');
      expect((await program.exited).code).toBe(0);
      for (const pid of pids) {
        expect(isAlive(pid)).toBe(true);
        const [, parent, , session] = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? '')
          .split(' ')
          .map(Number);
        expect(parent).not.toBe(program.pid);
        expect(session).toBe(pid);
        expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')).toContain('OUTPOST_RUN_ID=run-of-this-test');
        expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toMatch(/^VLLM::EngineCore/);
      }
    },
  );
});
