// The measurements of the gateway's benchmark. Run by scripts/bench/gateway.mjs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KEY } from './servers.mjs';

const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` };

/** Requests per second of 64 connections, with `wrk` on the client's core. */
export function throughput(port, size, seconds) {
  const dir = mkdtempSync(path.join(tmpdir(), 'outpost-wrk-'));
  try {
    const script = path.join(dir, 'post.lua');
    const lines = Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`);
    writeFileSync(script, `wrk.method = "POST"\n${lines.join('\n')}\nwrk.body = [==[${size.request}]==]\n`);
    const url = `http://127.0.0.1:${port}${size.path}`;
    const output = execFileSync('taskset', ['-c', '0', 'wrk', '-t1', '-c64', `-d${seconds}`, '-s', script, url], {
      encoding: 'utf8',
    });
    if (/Non-2xx|Socket errors/.test(output)) throw new Error(`Requests to ${url} failed:\n${output}`);
    return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Latencies in ms at a fixed rate, from when each request was due. */
export async function latencies(port, size, perSecond, seconds) {
  const agent = new http.Agent({ keepAlive: true });
  const total = perSecond * seconds;
  const startMs = performance.now() + 50;
  const results = [];
  for (let index = 0; index < total; index += 1) {
    const dueMs = startMs + (index * 1000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    results.push(post(agent, port, size).then(() => performance.now() - Math.max(dueMs, startMs)));
  }
  const all = await Promise.all(results);
  agent.destroy();
  return summarize(all);
}

function post(agent, port, size) {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(size.request);
    const req = http.request(
      {
        host: '127.0.0.1',
        port,
        path: size.path,
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': length },
      },
      (res) => {
        res.resume();
        res.on('end', () => (res.statusCode === 200 ? resolve() : reject(new Error(`status ${res.statusCode}`))));
      },
    );
    req.on('error', reject);
    req.end(size.request);
  });
}

/** Delays in ms from sending an event at the model server to its arrival here, over many streams at once. */
export async function streamDelays(port, streams) {
  const events = [];
  const ends = [];
  const agent = new http.Agent({ keepAlive: false });
  const body = JSON.stringify({
    model: 'stream-model',
    messages: [{ role: 'user', content: 'go' }],
    stream: true,
    stream_options: {},
  });
  const one = () =>
    new Promise((resolve, reject) => {
      const req = http.request(
        {
          host: '127.0.0.1',
          port,
          path: '/v1/chat/completions',
          method: 'POST',
          agent,
          headers: { ...headers, 'content-length': body.length },
        },
        (res) => {
          let endSent = null;
          res.setEncoding('utf8').on('data', (text) => {
            const nowNs = process.hrtime.bigint();
            for (const [, sent] of text.matchAll(/"content":"(\d+)"/g)) events.push(Number(nowNs - BigInt(sent)) / 1e6);
            endSent = /^: (\d+)/m.exec(text)?.[1] ?? endSent;
            if (text.includes('[DONE]') && endSent !== null) ends.push(Number(nowNs - BigInt(endSent)) / 1e6);
          });
          res.on('end', resolve);
          res.on('error', reject);
        },
      );
      req.on('error', reject);
      req.end(body);
    });
  const running = [];
  for (let index = 0; index < streams; index += 1) {
    running.push(one());
    // Real streams do not all begin in the same millisecond.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await Promise.all(running);
  return { events: summarize(events), ends: summarize(ends), complete: ends.length };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function summarize(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { p50: at(0.5), p99: at(0.99) };
}
