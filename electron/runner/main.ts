import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../base/atomic-write.ts';
import { systemClock } from '../base/clock.ts';
import { dataPaths, runnerPaths, socketPath } from '../base/data-paths.ts';
import { serveLocal } from '../base/local-socket.ts';
import { createProcessTrees } from '../base/process-tree.ts';
import { productVersion } from '../base/program-files.ts';
import type { RunnerStateFile } from '../base/runner-state-file.ts';
import { readRunnerState } from '../base/runner-state-file.ts';
import type { RunnerEvents, RunnerRequests } from '../contract/runner-protocol.ts';
import { RUNNER_PROTOCOL_VERSION } from '../contract/runner-protocol.ts';
import type { MachineState } from './machine/state.ts';
import { readSpecFile } from './spec-file.ts';
import { SupervisedProcess } from './supervised-process.ts';

const SOCKET_CHECK_MS = 5000;

const { values } = parseArgs({ options: { data: { type: 'string' }, name: { type: 'string' } } });
if (!values.data || !values.name) fatal('Use: runner --data DIR --name NAME', 2);
const { data: dataRoot, name } = values;
const paths = dataPaths(dataRoot);
const files = runnerPaths(paths, name);
const address = () => socketPath(dataRoot, `runner-${name}`);
const warn = (text: string) => void process.stderr.write(`${new Date().toISOString()} ${text}\n`);

// It is a file of the data directory: a full disk makes writing to it fail, which must not end supervision.
process.stderr.on('error', () => undefined);
process.on('SIGHUP', () => warn('The session of the operator ended; supervision goes on.'));

const spec = readSpecFile(files.spec);
if (!spec.ok) fatal(spec.error.message, 1);

const trees = createProcessTrees();
let finishShutdown: ((answer: RunnerRequests['shutdown']['result']) => void)[] = [];
const supervised = new SupervisedProcess(spec.value, {
  trees,
  clock: systemClock,
  self: (await trees.identify(process.pid)) ?? { pid: process.pid, startTime: '' },
  runIdPrefix: `${createHash('sha256').update(paths.root).digest('hex').slice(0, 12)}.${name}`,
  socketPath: address,
  warn,
  readSpec() {
    const again = readSpecFile(files.spec);
    if (!again.ok) warn(again.error.message);
    return again.ok ? again.value : null;
  },
  save: (state) => writeFileAtomic(files.state, JSON.stringify(state, null, 1), 0o600),
  onReport: (report) => broadcast('report', report),
  onLog: (runId, sizeBytes) => broadcast('log', { runId, sizeBytes }),
  onEnd(error) {
    for (const answer of finishShutdown) answer({ error });
    finishShutdown = [];
    // One turn of the event loop for the answers to leave.
    setImmediate(() => end(0));
  },
});

let isAdopted: () => void = () => undefined;
const adopted = new Promise<void>((resolve) => (isAdopted = resolve));
const server = await serveLocal<RunnerRequests, RunnerEvents>(address(), {
  async hello() {
    await adopted;
    return {
      protocol: RUNNER_PROTOCOL_VERSION,
      version: productVersion(),
      report: supervised.report(),
      fingerprint: supervised.fingerprint(),
    };
  },
  status: () => adopted.then(() => supervised.report()),
  runs: () => adopted.then(() => supervised.runs()),
  reload: async () => {
    await adopted;
    supervised.reload();
    return supervised.report();
  },
  start: () => adopted.then(() => supervised.request('start')),
  stop: () => adopted.then(() => supervised.request('stop')),
  restart: () => adopted.then(() => supervised.request('restart')),
  shutdown: async () => {
    await adopted;
    return new Promise((resolve) => {
      finishShutdown.push(resolve);
      supervised.request('shutdown');
    });
  },
});
if (!server.ok) fatal(`Another runner supervises ${name} already, or cannot be told apart. ${server.error.message}`, 1);
const { value: listening } = server;
const checkSocket = setInterval(() => void listening.ensureListening(address()), SOCKET_CHECK_MS);

const saved = readRunnerState(paths, name);
// The lock goes by the address, which may have changed; a living runner is recorded in any case.
if (
  saved &&
  saved.runner.pid !== process.pid &&
  saved.bootId === trees.bootId() &&
  (await trees.isAlive(saved.runner))
) {
  fatal(`Runner ${saved.runner.pid} supervises ${name} already.`, 1);
}
// The machine writes its state only for changes of its own type, so what is read back is one.
await supervised.adopt(saved as RunnerStateFile<MachineState> | null);
isAdopted();

// The runner's own end is not its process' end: that lives on and is adopted by the next runner.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(0));

function broadcast<K extends keyof RunnerEvents>(event: K, data: RunnerEvents[K]): void {
  // Before the socket is there nobody can listen.
  if (server?.ok) server.value.broadcast(event, data);
}

function end(code: number): void {
  supervised.close();
  clearInterval(checkSocket);
  void listening.close().then(() => process.exit(code));
}

function fatal(text: string, code: number): never {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}
