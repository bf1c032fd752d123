import { existsSync, readFileSync, rmSync } from 'node:fs';
import { writeFileAtomic } from '../../base/atomic-write.ts';
import { dataPaths, runnerPaths } from '../../base/data-paths.ts';
import { createProcessTrees } from '../../base/process-tree.ts';
import { listRunners, shutdownRunner } from '../../base/shutdown-runner.ts';
import { GATEWAY_NAME } from '../../contract/names.ts';
import type { OutpostError, Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { ProcessReport } from '../../contract/process-state.ts';
import type { RunnerSpecFile } from '../../contract/runner-protocol.ts';
import { RunnerLink } from './runner-link.ts';
import type { RunnerLinkParts } from './runner-link.ts';
import type { RunnerProgram } from './runner-process.ts';
import { settleStart, settleStop } from './settle.ts';
import type { DesiredProcess, Supervisor } from './supervision.ts';

/** Beyond what a start or stop may take by its own limits. */
const PATIENCE_MS = 60_000;

export interface SupervisorParts {
  readonly dataRoot: string;
  readonly runner: RunnerProgram;
  warn(text: string): void;
}

export function createSupervisor({ dataRoot, runner, warn }: SupervisorParts): Supervisor {
  const paths = dataPaths(dataRoot);
  const listeners = new Set<() => void>();
  /** In order of `apply`. */
  const links = new Map<string, RunnerLink>();
  const retiring = new Map<string, Promise<void>>();
  const specs = new Map<string, RunnerSpecFile>();
  /** One `apply` at a time: two would start runners for each other's names. */
  let applying: Promise<void> = Promise.resolve();
  let closed = false;

  const parts: RunnerLinkParts = {
    dataRoot,
    runner,
    trees: createProcessTrees(),
    warn,
    onChange: () => {
      if (!closed) for (const listener of [...listeners]) listener();
    },
  };

  async function applyNow(desired: readonly DesiredProcess[]): Promise<void> {
    if (closed) return;
    const names = new Set(desired.map(({ spec }) => spec.name));
    for (const name of new Set([...links.keys(), ...listRunners(dataRoot)])) {
      if (names.has(name) || retiring.has(name)) continue;
      // Nobody waits for it, so a failure is only told; the next apply tries again.
      const tell = (error: Error) =>
        warn(`${name} is no longer in the site file and cannot be removed: ${error.message}`);
      retiring.set(
        name,
        retire(name)
          .catch(tell)
          .finally(() => void retiring.delete(name)),
      );
    }
    await Promise.all(desired.map((process) => reach(process)));
    // The order of the site file, for lists and for stopping.
    for (const { spec } of desired) {
      const link = links.get(spec.name);
      if (!link) continue;
      links.delete(spec.name);
      links.set(spec.name, link);
    }
    parts.onChange();
  }

  async function reach({ spec, wanted }: DesiredProcess): Promise<void> {
    await retiring.get(spec.name);
    if (closed) return;
    const file: RunnerSpecFile = { ...spec, wanted };
    writeSpec(runnerPaths(paths, spec.name).spec, file);
    specs.set(spec.name, file);
    const known = links.get(spec.name);
    known?.setSpec(file);
    const link = known ?? new RunnerLink(file, parts);
    links.set(spec.name, link);
    await link.reached();
    // Always, since a service that died between writing and telling would otherwise leave it untold for ever.
    const answer = await link.call('reload');
    if (!answer.ok) warn(`${answer.error.message} ${answer.error.action ?? ''}`.trim());
  }

  async function retire(name: string): Promise<void> {
    links.get(name)?.letEnd();
    let result: Result<void>;
    try {
      result = await shutdownRunner(dataRoot, name);
    } finally {
      links.get(name)?.close();
      links.delete(name);
      specs.delete(name);
    }
    if (result.ok) rmSync(runnerPaths(paths, name).directory, { recursive: true, force: true });
    else warn(`${name} is no longer in the site file. ${result.error.message} ${result.error.action ?? ''}`.trim());
    parts.onChange();
  }

  async function ask(
    name: string,
    method: 'start' | 'stop' | 'restart',
    settle: (report: ProcessReport) => Result<ProcessReport> | null,
  ): Promise<Result<ProcessReport>> {
    const link = links.get(name);
    const spec = specs.get(name);
    if (!link || !spec) return unknownProcess(name);
    const answer = await link.call(method);
    if (!answer.ok) return answer;
    if (answer.value.error) return { ok: false, error: answer.value.error };
    // A report that came together with the answer has been told before anybody listened for it here.
    const first = settle(answer.value.report) ?? settle(link.report());
    if (first) return first;
    return new Promise((resolve) => {
      const limitMs = spec.readyTimeoutMs + spec.stopGraceMs + PATIENCE_MS;
      const finish = (result: Result<ProcessReport>) => {
        clearTimeout(timer);
        stopListening();
        resolve(result);
      };
      const timer = setTimeout(() => {
        const { actual } = link.report();
        finish(
          fail(
            'TIMED_OUT',
            `${name} is still ${actual} after ${Math.round(limitMs / 1000)} s.`,
            `Read its log: outpost logs ${name}.`,
          ),
        );
      }, limitMs);
      const stopListening = link.onReport((report) => {
        const result = settle(report);
        if (result) finish(result);
      });
    });
  }

  return {
    apply(desired) {
      const next = applying.then(() => applyNow(desired));
      // The caller hears of a failure; the next apply must run in any case.
      applying = next.catch(() => undefined);
      return next;
    },
    processes: () =>
      [...links.values()]
        // What has not been reached yet is not known yet, which differs from being lost.
        .filter((link) => link.isKnown())
        .map((link) => ({ report: link.report(), restartNeeded: link.restartNeeded() })),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: (name) => ask(name, 'start', settleStart),
    stop: (name) => ask(name, 'stop', settleStop),
    restart: (name) => ask(name, 'restart', settleStart),
    async runs(name) {
      const link = links.get(name);
      return link ? link.call('runs') : unknownProcess(name);
    },
    async shutdownAll() {
      await applying;
      const names = [...new Set([...links.keys(), ...listRunners(dataRoot)])].reverse();
      const errors: OutpostError[] = [];
      const stopped: string[] = [];
      const end = async (name: string) => {
        links.get(name)?.letEnd();
        const result = await shutdownRunner(dataRoot, name);
        if (result.ok) stopped.push(name);
        else errors.push(result.error);
      };
      await Promise.all(names.filter((name) => name !== GATEWAY_NAME).map(end));
      if (names.includes(GATEWAY_NAME)) await end(GATEWAY_NAME);
      const [first] = errors;
      if (!first) return succeed(stopped);
      return { ok: false, error: { ...first, message: errors.map(({ message }) => message).join(' ') } };
    },
    close() {
      closed = true;
      for (const link of links.values()) link.close();
      links.clear();
      listeners.clear();
    },
  };
}

/** Leaves an equal file alone, so that its time says when something changed. */
function writeSpec(file: string, spec: RunnerSpecFile): void {
  const text = JSON.stringify(spec, null, 1);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileAtomic(file, text, 0o600);
}

function unknownProcess(name: string): Result<never> {
  return fail('PROCESS_UNKNOWN', `There is no process named "${name}".`, 'List the processes: outpost status.');
}
