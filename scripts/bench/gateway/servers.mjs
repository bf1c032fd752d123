// What the gateway's benchmark runs side by side: a static model server and a plain reverse proxy (both nginx), a model
// server that streams, and the gateway itself with full logging. Run by scripts/bench/gateway.mjs.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SetupError } from '../../setup/say.mjs';

export const KEY = 'outpost_bench_key';
export const MODEL = 'bench-model';

/** Bodies of both sizes that docs on performance speak of: 0.5 KB / 1 KB and 32 KB / 4 KB. */
export const sizes = {
  small: { path: '/v1/chat/completions', request: chatRequest(400), response: chatResponse(800) },
  large: { path: '/v1/completions', request: chatRequest(32_000), response: chatResponse(3_800) },
};

export function requireTools(names) {
  const missing = names.filter((name) => {
    try {
      execFileSync('which', [name], { stdio: 'ignore' });
      return false;
    } catch {
      // `which` says "no" by its exit code.
      return true;
    }
  });
  if (missing.length > 0) {
    throw new SetupError(`This benchmark needs ${missing.join(' and ')}: apt-get install ${missing.join(' ')}`);
  }
}

/** Starts everything; client and model servers share one core, what is measured has the other. */
export async function startServers() {
  const dir = mkdtempSync(path.join(tmpdir(), 'outpost-bench-'));
  const children = [];
  const ports = {
    model: await freePort(),
    nginx: await freePort(),
    gateway: await freePort(),
    stream: await freePort(),
  };
  ports.nginxStream = await freePort();
  ports.gatewayStream = ports.gateway;
  const run = (core, command, args, env = {}) => {
    const child = spawn('taskset', ['-c', String(core), command, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...env },
    });
    children.push(child);
    return child;
  };
  run(0, 'nginx', ['-c', nginxConfig(dir, 'model', modelServer(ports)), '-g', 'daemon off;']);
  run(0, process.execPath, [path.join(import.meta.dirname, 'stream-model.mjs'), String(ports.stream)]);
  const nginx = run(1, 'nginx', ['-c', nginxConfig(dir, 'proxy', proxyServers(ports)), '-g', 'daemon off;']);
  const data = path.join(dir, 'data');
  mkdirSync(path.join(data, 'runtime'), { recursive: true });
  writeFileSync(path.join(data, 'runtime', 'routes.json'), JSON.stringify(routeTable(ports)));
  const program = path.join(process.env.OUTPOST_PROGRAMS, 'gateway.mjs');
  const gateway = run(1, process.execPath, ['--max-semi-space-size=8', program, '--data', data]);
  for (const port of Object.values(ports)) await waitForPort(port);
  return {
    ports,
    gatewayPid: gateway.pid,
    nginxPid: nginx.pid,
    async stop() {
      for (const child of children) child.kill('SIGTERM');
      await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Memory of a process in MB. */
export function residentMb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

function chatRequest(bytes) {
  const content = 'What would you like to know about lighthouses? '.repeat(Math.ceil(bytes / 47)).slice(0, bytes);
  return JSON.stringify({ model: MODEL, messages: [{ role: 'user', content }], prompt: '', max_tokens: 16 });
}

function chatResponse(bytes) {
  const message = { role: 'assistant', content: 'y'.repeat(bytes) };
  const usage = { prompt_tokens: 100, total_tokens: 116, completion_tokens: 16 };
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage,
  });
}

function nginxConfig(dir, name, servers) {
  const home = path.join(dir, name);
  mkdirSync(home);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${home}/${kind};`);
  const file = path.join(home, 'nginx.conf');
  writeFileSync(
    file,
    `worker_processes 1; pid ${home}/pid; error_log ${home}/error.log crit;
events { worker_connections 4096; }
http { access_log off; ${temp.join(' ')} client_max_body_size 64m; client_body_buffer_size 1m; keepalive_requests 10000000;
${servers} }`,
  );
  return file;
}

function modelServer(ports) {
  const locations = Object.values(sizes).map((size) => `location ${size.path} { return 200 '${size.response}'; }`);
  return `server { listen 127.0.0.1:${ports.model} backlog=1024; default_type application/json; ${locations.join(' ')} }`;
}

function proxyServers(ports) {
  const proxy = (
    name,
    from,
    to,
  ) => `upstream ${name} { server 127.0.0.1:${to}; keepalive 512; keepalive_requests 10000000; }
server { listen 127.0.0.1:${from} backlog=1024; location / { proxy_pass http://${name}; proxy_http_version 1.1;
proxy_buffering off; proxy_set_header Connection ""; } }`;
  return `${proxy('model', ports.nginx, ports.model)} ${proxy('stream', ports.nginxStream, ports.stream)}`;
}

function routeTable(ports) {
  const server = (name, port, serves) => ({
    name,
    engine: 'vllm',
    baseUrl: `http://127.0.0.1:${port}`,
    upstreamKey: null,
    serves,
    wanted: 'running',
    actual: 'ready',
    reason: null,
  });
  return {
    version: 1,
    writtenAtMs: 1,
    listen: [{ host: '127.0.0.1', port: ports.gateway }],
    keysRequired: true,
    keys: [{ name: 'bench', sha256: createHash('sha256').update(KEY).digest('hex'), models: [MODEL, 'stream-model'] }],
    servers: [server('model', ports.model, [MODEL]), server('stream', ports.stream, ['stream-model'])],
    fallbacks: {},
    features: {},
    log: { bodies: 'full', durability: 'strict' },
    limits: { maxBodyBytes: 64 * 1024 * 1024, firstByteTimeoutMs: 60_000, idleTimeoutMs: 60_000 },
  };
}

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function waitForPort(port) {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const isOpen = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Nothing answers on port ${port}.`);
}
