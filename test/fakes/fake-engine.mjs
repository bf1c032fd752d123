// A small program to supervise: listens on a port and misbehaves on request.
//   --port N  --load-ms N  --exit-after-ms N --exit-code N  --ignore-sigterm  --unhealthy-file F  --say TEXT
//   --child plain|escaping|stubborn   starts a child that stays in the tree, leaves it, or also ignores SIGTERM
//   --lines N   writes N numbered lines, then goes on
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import http from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'load-ms': { type: 'string', default: '0' },
    'exit-after-ms': { type: 'string' },
    'exit-code': { type: 'string', default: '0' },
    'ignore-sigterm': { type: 'boolean', default: false },
    'unhealthy-file': { type: 'string' },
    say: { type: 'string' },
    child: { type: 'string' },
    lines: { type: 'string', default: '0' },
  },
});

console.log(values.say ?? 'fake engine starts');
if (values['ignore-sigterm']) process.on('SIGTERM', () => console.log('SIGTERM ignored'));

// So that a test that was killed itself leaves nothing behind for good.
setTimeout(() => process.exit(), 600_000).unref();

const ownFile = new URL(import.meta.url).pathname;
if (values.child === 'plain') spawn(process.execPath, [ownFile], { stdio: 'ignore' });
if (values.child === 'stubborn') spawn(process.execPath, [ownFile, '--ignore-sigterm'], { stdio: 'ignore' });
if (values.child === 'escaping') {
  // A session of its own and no environment: only the record of what was once below the leader finds it.
  spawn(process.execPath, [ownFile, '--ignore-sigterm'], { stdio: 'ignore', detached: true, env: {} }).unref();
}

for (let line = 1; line <= Number(values.lines); line++) {
  if (!process.stdout.write(`line ${line}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}
if (values['exit-after-ms']) {
  setTimeout(() => {
    console.error('fake engine gives up: the last words');
    process.exit(Number(values['exit-code']));
  }, Number(values['exit-after-ms']));
}

const server = http.createServer((request, response) => {
  const sick = values['unhealthy-file'] !== undefined && existsSync(values['unhealthy-file']);
  response.writeHead(sick ? 503 : 200).end(String(process.pid));
});
if (values.port) setTimeout(() => server.listen(Number(values.port), '127.0.0.1'), Number(values['load-ms']));
else setInterval(() => undefined, 60_000);
