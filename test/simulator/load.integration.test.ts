import { createConnection } from 'node:net';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../fixtures/wait-for.ts';
import { parseEvents, readEvents } from './read-events.ts';
import { metricValue, postJson, readAnswer, readMetrics, startSimulator } from './start-simulator.ts';

const labels = 'engine="0",model_name="demo-chat"';
const hello = { messages: [{ role: 'user', content: 'Hello there' }] };
const long = { ...hello, ignore_eos: true, max_tokens: 5000 };

function finished(page: string, reason: string): number {
  return metricValue(page, `vllm:request_success_total{engine="0",finished_reason="${reason}",model_name="demo-chat"}`);
}

function gauge(page: string, name: string): number {
  return metricValue(page, `vllm:${name}{${labels}}`);
}

describe('queue', () => {
  it('holds what exceeds --max-num-seqs, shows it, and serves it in order', async () => {
    const { program, url } = await startSimulator(['--max-num-seqs', '1'], { env: { VLLM_LOG_STATS_INTERVAL: '0.1' } });
    const stop = new AbortController();
    const blocker = { ...long, max_tokens: 8000 - 100 };
    const blocking = await postJson(
      `${url}/v1/chat/completions`,
      { ...blocker, stream: true },
      { signal: stop.signal },
    );
    expect(blocking.status).toBe(200);
    const order: number[] = [];
    const requests: Promise<number>[] = [];
    for (const number of [1, 2, 3]) {
      const body = { prompt: `prompt ${number}`, max_tokens: 10, ignore_eos: true };
      const tokens = postJson(`${url}/v1/completions`, body).then(async (response) => {
        order.push(number);
        return (await readAnswer(response)).usage.completion_tokens;
      });
      requests.push(tokens);
      await waitFor(async () => gauge(await readMetrics(url), 'num_requests_waiting') === number);
    }
    const page = await readMetrics(url);
    const byReason = 'vllm:num_requests_waiting_by_reason{engine="0",model_name="demo-chat",reason="capacity"}';
    expect([gauge(page, 'num_requests_running'), metricValue(page, byReason)]).toEqual([1, 3]);
    expect(gauge(page, 'kv_cache_usage_perc')).toBeGreaterThan(0);
    await waitFor(() => program.stdout().includes('Running: 1 reqs, Waiting: 3 reqs'));
    stop.abort();
    expect(await Promise.all(requests)).toEqual([10, 10, 10]);
    expect(order).toEqual([1, 2, 3]);
    const after = await readMetrics(url);
    const names = ['num_requests_running', 'num_requests_waiting', 'kv_cache_usage_perc'];
    expect(names.map((name) => gauge(after, name))).toEqual([0, 0, 0]);
    expect(metricValue(after, `vllm:request_queue_time_seconds_sum{${labels}}`)).toBeGreaterThan(0);
  });
});

describe('a client that goes away', () => {
  it.each([true, false])('aborts its request (stream: %s)', async (stream) => {
    const { url } = await startSimulator(['--itl-ms', '20', '--max-num-seqs', '1']);
    const stop = new AbortController();
    const request = postJson(`${url}/v1/chat/completions`, { ...long, stream }, { signal: stop.signal });
    request.catch(() => undefined);
    await waitFor(async () => gauge(await readMetrics(url), 'num_requests_running') === 1);
    const waiting = postJson(`${url}/v1/completions`, { prompt: 'a', max_tokens: 1 });
    stop.abort();
    expect((await waiting).status).toBe(200);
    const page = await readMetrics(url);
    expect([finished(page, 'abort'), finished(page, 'length'), gauge(page, 'num_requests_running')]).toEqual([1, 1, 0]);
  });

  it('aborts a request that still waits', async () => {
    const { url } = await startSimulator(['--itl-ms', '20', '--max-num-seqs', '1']);
    const stop = new AbortController();
    const bodies = [0, 1].map((seed) =>
      postJson(`${url}/v1/chat/completions`, { ...long, seed }, { signal: stop.signal }),
    );
    for (const body of bodies) body.catch(() => undefined);
    await waitFor(async () => gauge(await readMetrics(url), 'num_requests_waiting') === 1);
    stop.abort();
    await waitFor(async () => finished(await readMetrics(url), 'abort') === 2);
  });
});

describe('a client that reads slowly', () => {
  it('gets the whole text in fewer, larger events without holding up the engine', async () => {
    const { url } = await startSimulator(['--ttft-ms', '0', '--itl-ms', '0', '--max-model-len', '100k']);
    const body = JSON.stringify({ prompt: 'a', ignore_eos: true, max_tokens: 80_000, stream: true });
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    await waitFor(async () => finished(await readMetrics(url), 'length') === 1);
    let raw = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (raw += chunk));
    await new Promise((resolve) => socket.on('close', resolve));
    const chunked = raw.slice(raw.indexOf('\r\n\r\n') + 4);
    const events = parseEvents(chunked.replace(/(^|\r\n)[0-9a-f]+\r\n/g, '').replace(/\r\n/g, ''));
    const text = events.map((event) => event.choices[0].text).join('');
    expect(events.length).toBeLessThan(80_000);
    expect((await readAnswer(await postJson(`${url}/tokenize`, { prompt: text }))).count).toBe(80_000);
  });
});

describe('256 streams at once', () => {
  it('all get every token', async () => {
    const { url } = await startSimulator(['--itl-ms', '5', '--max-num-seqs', '256']);
    const counts = await Promise.all(
      Array.from({ length: 256 }, async (_, number) => {
        const body = { prompt: `stream ${number}`, max_tokens: 30, ignore_eos: true, stream: true };
        const events = await readEvents(await postJson(`${url}/v1/completions`, body));
        return (
          await readAnswer(
            await postJson(`${url}/tokenize`, { prompt: events.map((event) => event.choices[0].text).join('') }),
          )
        ).count;
      }),
    );
    expect(counts).toEqual(new Array(256).fill(30));
  });
});

describe('/metrics', () => {
  it('agrees with what was served', async () => {
    const { url } = await startSimulator([]);
    const usages = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const body = { messages: [{ role: 'user', content: `Tell me about number ${index}` }] };
        if (index % 2 === 0) return (await readAnswer(await postJson(`${url}/v1/chat/completions`, body))).usage;
        const events = await readEvents(
          await postJson(`${url}/v1/chat/completions`, {
            ...body,
            stream: true,
            stream_options: { include_usage: true },
          }),
        );
        return events.at(-1).usage;
      }),
    );
    const sum = (field: string): number => usages.reduce((total, usage) => total + usage[field], 0);
    const page = await waitFor(async () => {
      const text = await readMetrics(url);
      return metricValue(text, 'http_requests_total{handler="/v1/chat/completions",method="POST",status="2xx"}') === 12
        ? text
        : null;
    });
    const value = (name: string): number => metricValue(page, `vllm:${name}{${labels}}`);
    expect(value('prompt_tokens_total')).toBe(sum('prompt_tokens'));
    expect(value('generation_tokens_total')).toBe(sum('completion_tokens'));
    expect(finished(page, 'stop')).toBe(12);
    expect(value('request_prompt_tokens_sum')).toBe(sum('prompt_tokens'));
    expect(value('request_generation_tokens_sum')).toBe(sum('completion_tokens'));
    expect(value('inter_token_latency_seconds_count')).toBe(sum('completion_tokens') - 12);
    expect(value('prefix_cache_queries_total')).toBe(sum('prompt_tokens'));
    for (const name of [
      'time_to_first_token',
      'e2e_request_latency',
      'request_queue_time',
      'request_prefill_time',
      'request_decode_time',
      'request_inference_time',
    ]) {
      expect(value(`${name}_seconds_count`)).toBe(12);
      expect(metricValue(page, `vllm:${name}_seconds_bucket{engine="0",le="+Inf",model_name="demo-chat"}`)).toBe(12);
    }
    const near = (name: string): number => value(`request_${name}_time_seconds_sum`);
    expect(near('prefill') + near('decode')).toBeCloseTo(near('inference'), 6);
    expect(metricValue(page, 'http_request_duration_highr_seconds_count')).toBe(12);
    expect(page).toMatch(/^vllm:cache_config_info\{.*num_gpu_blocks="\d+".*\} 1\.0$/m);
    expect(metricValue(page, 'process_start_time_seconds')).toBeGreaterThan(1e9);
  });

  it('counts shared beginnings of prompts as prefix cache hits', async () => {
    const { url } = await startSimulator(['--enable-prompt-tokens-details']);
    const body = { prompt: 'the same long beginning of every prompt '.repeat(10), max_tokens: 1 };
    const first = await readAnswer(await postJson(`${url}/v1/completions`, body));
    const second = await readAnswer(await postJson(`${url}/v1/completions`, body));
    expect(first.usage.prompt_tokens_details).toEqual({ cached_tokens: 0 });
    const cached = second.usage.prompt_tokens_details.cached_tokens;
    expect(cached % 16).toBe(0);
    expect(second.usage.prompt_tokens - cached).toBeLessThanOrEqual(16);
    expect(
      metricValue(
        await readMetrics(url),
        `vllm:prompt_tokens_by_source_total{engine="0",model_name="demo-chat",source="local_cache_hit"}`,
      ),
    ).toBe(cached);
  });

  it('is well-formed: every family has its help and type, every histogram rises to its count', async () => {
    const { url } = await startSimulator();
    await postJson(`${url}/v1/completions`, { prompt: 'a' });
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const page = await response.text();
    const families = new Map(
      [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']),
    );
    for (const line of page.trimEnd().split('\n')) {
      if (line.startsWith('#')) continue;
      const [, name = ''] = /^([a-z0-9:_]+)(?:\{[^}]*\})? \S+$/.exec(line) ?? [];
      const family = [name, name.replace(/_(bucket|sum|count)$/, '')].find((candidate) => families.has(candidate));
      expect(family, line).toBeDefined();
    }
    for (const [name, type] of families) {
      if (type !== 'histogram') continue;
      const counts = [...page.matchAll(new RegExp(`^${name}_bucket\\{.*\\} (\\S+)$`, 'gm'))].map((match) =>
        Number(match[1]),
      );
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    }
    const documented = [
      'vllm:num_requests_running vllm:num_requests_waiting vllm:num_requests_waiting_by_reason vllm:kv_cache_usage_perc vllm:engine_sleep_state vllm:cache_config_info',
      'vllm:prompt_tokens_total vllm:prompt_tokens_by_source_total vllm:prompt_tokens_cached_total vllm:generation_tokens_total vllm:request_success_total',
      'vllm:num_preemptions_total vllm:prefix_cache_queries_total vllm:prefix_cache_hits_total vllm:external_prefix_cache_queries_total vllm:external_prefix_cache_hits_total',
      'vllm:mm_cache_queries_total vllm:mm_cache_hits_total vllm:time_to_first_token_seconds vllm:inter_token_latency_seconds vllm:request_time_per_output_token_seconds',
      'vllm:e2e_request_latency_seconds vllm:request_queue_time_seconds vllm:request_prefill_time_seconds vllm:request_decode_time_seconds vllm:request_inference_time_seconds',
      'vllm:request_prompt_tokens vllm:request_generation_tokens vllm:request_max_num_generation_tokens vllm:request_params_max_tokens vllm:request_prefill_kv_computed_tokens',
      'vllm:request_params_n vllm:iteration_tokens_total http_requests_total http_request_duration_seconds http_request_duration_highr_seconds http_request_size_bytes http_response_size_bytes',
      'process_resident_memory_bytes process_virtual_memory_bytes process_cpu_seconds_total process_start_time_seconds process_open_fds process_max_fds',
      'vllm:prompt_tokens_created vllm:time_to_first_token_seconds_created',
    ].flatMap((names) => names.split(' '));
    expect(documented.filter((name) => !families.has(name))).toEqual([]);
    expect(page).toContain('vllm:time_to_first_token_seconds_bucket{engine="0",le="0.001",model_name="demo-chat"}');
  });
});

describe('the official client', () => {
  it('streams a chat, calls a tool and gets embeddings', async () => {
    const { url } = await startSimulator(['--api-key', 'k']);
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'k', maxRetries: 0 });
    const stream = await client.chat.completions.create({
      model: 'demo-chat',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let tokens = 0;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      tokens = chunk.usage?.completion_tokens ?? tokens;
    }
    expect(tokens).toBe((await readAnswer(await postJson(`${url}/tokenize`, { prompt: text }))).count);
    const embedding = await client.embeddings.create({ model: 'demo-chat', input: 'Hello' });
    expect(embedding.data[0]?.embedding).toHaveLength(384);
    await expect(
      client.chat.completions.create({ model: 'x', messages: [{ role: 'user', content: 'Hello' }] }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('reads per-request metrics when they are switched on', async () => {
    const { url } = await startSimulator(['--enable-per-request-metrics', '--ttft-ms', '20', '--itl-ms', '2']);
    const { metrics } = await readAnswer(
      await postJson(`${url}/v1/completions`, { prompt: 'a', max_tokens: 20, ignore_eos: true }),
    );
    expect(Object.keys(metrics)).toEqual([
      'time_to_first_token_ms',
      'generation_time_ms',
      'queue_time_ms',
      'mean_itl_ms',
      'tokens_per_second',
    ]);
    expect(metrics.time_to_first_token_ms).toBeGreaterThan(15);
    expect(metrics.generation_time_ms).toBeGreaterThan(30);
    expect(metrics.queue_time_ms).toBe(0);
  });
});
