import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { isPortFree } from '../base/port-free.ts';
import type { ProcessIdentity, ProcessTrees } from '../base/process-tree.ts';
import { isSameProcess } from '../base/process-tree.ts';
import type { RunnerStateFile } from '../base/runner-state-file.ts';
import { listLoggedRuns, runLogFiles } from '../base/run-log-files.ts';
import type { OutpostError } from '../contract/outpost-error.ts';
import type { ProcessReport, RunRecord } from '../contract/process-state.ts';
import type { RequestAnswer, RunnerSpecFile } from '../contract/runner-protocol.ts';
import { Descendants } from './descendants.ts';
import { readLogTail } from './log/log-tail.ts';
import { prepareLogFolder, RunLogKeeper } from './log/run-log-keeper.ts';
import type { Effect, Given, LiveRun, MachineEvent, MachineState } from './machine/state.ts';
import { initialState, liveRun, nextTickMs } from './machine/state.ts';
import { decide } from './machine/transition.ts';
import { probe } from './probe.ts';
import type { ProbeResult } from './probe.ts';
import { Prober } from './prober.ts';
import { toReport } from './report.ts';
import { spawnRun } from './spawn-run.ts';

const LOOK_MS = 100;
/** An adopted process is nobody's child here, so its end is looked for. */
const ADOPTED_LOOK_MS = 250;
const LOG_EVENT_MS = 1000;

export interface SupervisedProcessParts {
  readonly trees: ProcessTrees;
  readonly clock: Clock;
  readonly self: ProcessIdentity;
  /** Begins every run id, so that runs of different data directories are told apart. */
  readonly runIdPrefix: string;
  /** Where it answers; may move when the folder of the sockets vanishes. */
  socketPath(): string;
  readSpec(): RunnerSpecFile | null;
  save(state: RunnerStateFile<MachineState>): void;
  onReport(report: ProcessReport): void;
  onLog(runId: string, sizeBytes: number): void;
  /** The shutdown is done, with what could not be stopped as the error. */
  onEnd(error: OutpostError | null): void;
  warn(text: string): void;
}

/** Carries out what the state machine decides about one process, and tells it what happens. */
export class SupervisedProcess {
  readonly #parts: SupervisedProcessParts;
  readonly #descendants: Descendants;
  readonly #token = randomBytes(3).toString('hex');
  #spec: RunnerSpecFile;
  #state: MachineState;
  #prober: { readonly runId: string; readonly prober: Prober } | null = null;
  #keeper: RunLogKeeper | null = null;
  #cancelTick: () => void = () => undefined;
  #cancelLook: () => void = () => undefined;
  #isLooking = false;
  #child: { readonly runId: string; readonly child: ChildProcess } | null = null;
  #closed = false;
  #loggedAtMs = 0;

  constructor(spec: RunnerSpecFile, parts: SupervisedProcessParts) {
    this.#parts = parts;
    this.#spec = spec;
    this.#descendants = new Descendants(parts.trees, parts.clock, () => this.#save());
    const wanted = spec.wanted === 'running' ? 'running' : 'stopped';
    this.#state = initialState(wanted, listLoggedRuns(spec.log.directory).at(-1) ?? 0);
  }

  /** Takes over what a former runner left, then does what is wanted. To be called once, before anything else. */
  async adopt(saved: RunnerStateFile<MachineState> | null): Promise<void> {
    const { trees } = this.#parts;
    if (saved) this.#state = saved.machine;
    const rebooted = saved !== null && saved.bootId !== trees.bootId();
    const run = rebooted ? null : (saved?.run ?? null);
    const recorded = saved && !rebooted ? saved.descendants : [];
    const left = run ? await trees.findTree({ runId: run.runId, leader: run.leader, recorded }) : [];
    const leader = run ? findLeader(run.leader, left) : null;
    if (run && leader) this.#descendants.watch({ runId: run.runId, leader }, recorded);
    const logTail = readLogTail(runLogFiles(this.#spec.log.directory, this.#state.runNumber).log);
    const others = left.filter((process) => !leader || !isSameProcess(process, leader)).length;
    const stoppedOutside = saved?.stoppedOutside === true;
    this.#dispatch({ kind: 'adopt', leader, left: others, rebooted, stoppedOutside, logTail });
    if (saved && saved.specWanted !== this.#spec.wanted) this.#followSpecWanted();
    if (leader && run) {
      this.#keepLog(run.runId, this.#state.runNumber);
      this.#watchAdopted(run.runId, leader);
    }
  }

  report(): ProcessReport {
    return toReport(this.#state, this.#spec, this.#parts.self.pid);
  }

  runs(): readonly RunRecord[] {
    return this.#state.runs;
  }

  fingerprint(): string {
    return this.#spec.fingerprint;
  }

  request(kind: 'start' | 'stop' | 'restart' | 'shutdown'): RequestAnswer {
    const error = this.#dispatch({ kind });
    return { report: this.report(), error };
  }

  /** Takes a changed spec; what runs is left alone, unless the spec has come to want something else. */
  reload(): void {
    const wanted = this.#spec.wanted;
    this.#spec = this.#parts.readSpec() ?? this.#spec;
    if (this.#spec.wanted !== wanted) this.#followSpecWanted();
    this.#parts.onReport(this.report());
  }

  /** Lets go of the process, which lives on. */
  close(): void {
    this.#closed = true;
    this.#cancelTick();
    this.#cancelLook();
    this.#prober?.prober.stop();
    this.#descendants.stop();
    this.#keeper?.stop();
  }

  #dispatch(event: MachineEvent): OutpostError | null {
    if (this.#closed) return null;
    const { directory } = this.#spec.log;
    const given: Given = {
      spec: this.#spec,
      nowMs: this.#parts.clock.nowMs(),
      runId: (number) => `${this.#parts.runIdPrefix}.${number}.${this.#token}`,
      logPath: (number) => runLogFiles(directory, number).log,
    };
    const before = this.#state;
    const { state, effects, refused } = decide(before, event, given);
    if (refused) return refused;
    this.#state = state;
    if (state !== before || event.kind === 'adopt') {
      // On disk before anything is done about it: what is spawned next can be found by its run id whatever happens.
      this.#save();
      this.#follow();
      this.#parts.onReport(this.report());
    }
    for (const effect of effects) this.#carryOut(effect);
    return null;
  }

  #followSpecWanted(): void {
    const error = this.#dispatch({ kind: this.#spec.wanted === 'running' ? 'start' : 'stop' });
    if (error) this.#parts.warn(error.message);
    this.#save();
  }

  #save(): void {
    const { phase } = this.#state;
    const run = liveRun(phase);
    const { host, port, stopGraceMs } = this.#spec;
    try {
      this.#parts.save({
        version: 1,
        name: this.#spec.name,
        bootId: this.#parts.trees.bootId(),
        runner: this.#parts.self,
        socketPath: this.#parts.socketPath(),
        specWanted: this.#spec.wanted,
        run: run
          ? { runId: run.runId, leader: run.leader, host: run.host, port: run.port, stopGraceMs }
          : phase.name === 'spawning'
            ? { runId: phase.runId, leader: null, host, port, stopGraceMs }
            : null,
        descendants: run ? this.#descendants.lasting() : [],
        stoppedOutside: false,
        machine: this.#state,
      });
    } catch (error) {
      // A full disk must not end supervision; the next change tries again.
      this.#parts.warn(`The state of ${this.#spec.name} cannot be written: ${(error as Error).message}`);
    }
  }

  /** Starts and ends what accompanies the current phase. */
  #follow(): void {
    const { phase } = this.#state;
    const isProbed = phase.name === 'starting' || phase.name === 'ready' || phase.name === 'degraded';
    if (this.#prober && (!isProbed || phase.run.runId !== this.#prober.runId)) {
      this.#prober.prober.stop();
      this.#prober = null;
    }
    if (isProbed && !this.#prober) this.#startProbing(phase.run, phase.name !== 'starting');
    if (!liveRun(phase)) this.#descendants.stop();
    this.#cancelTick();
    const tickMs = nextTickMs(this.#state);
    if (tickMs === null) return;
    const delayMs = Math.max(0, tickMs - this.#parts.clock.nowMs());
    this.#cancelTick = this.#parts.clock.after(delayMs, () => {
      const logTail = this.#state.phase.name === 'starting' ? this.#readTail() : null;
      this.#dispatch({ kind: 'tick', logTail });
      // A timer may fire a little early by the wall clock; then it is set again.
      if (nextTickMs(this.#state) === tickMs) this.#follow();
    });
  }

  #startProbing(run: LiveRun, wasHealthy: boolean): void {
    const { readiness } = this.#spec;
    if (readiness.kind === 'spawned') {
      if (!wasHealthy) {
        queueMicrotask(() => this.#dispatch({ kind: 'probed', runId: run.runId, healthy: true, detail: '' }));
      }
      return;
    }
    const prober = new Prober(
      async () => this.#verifyOwner(run, await probe(readiness)),
      (result) => this.#dispatch({ kind: 'probed', runId: run.runId, ...result }),
      wasHealthy,
      this.#parts.clock,
    );
    this.#prober = { runId: run.runId, prober };
  }

  /** An answer counts only when it does not come from another program that has taken the port. */
  async #verifyOwner(run: LiveRun, result: ProbeResult): Promise<ProbeResult> {
    if (!result.healthy || this.#state.phase.name !== 'starting' || run.port === null || !run.leader) return result;
    const { trees } = this.#parts;
    if ((await trees.ownsPort(run.port, [run.leader])) !== 'no') return result;
    const tree = await trees.findTree({ runId: run.runId, leader: run.leader, recorded: this.#descendants.seen() });
    if ((await trees.ownsPort(run.port, tree)) !== 'no') return result;
    const holder = await trees.portHolder(run.port);
    const who = holder ? `process ${holder.pid} (${holder.command})` : 'another process';
    return { healthy: false, detail: `port ${run.port} is answered by ${who}, which is not part of it` };
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'spawn':
        void this.#spawn(effect.runId, effect.number);
        return;
      case 'signal':
        for (const target of effect.targets) {
          this.#parts.trees.signal(target, effect.signal).catch((error: Error) => {
            this.#parts.warn(`Process ${target.pid} of ${this.#spec.name} cannot be signalled: ${error.message}`);
          });
        }
        return;
      case 'look':
        void this.#look(effect.run);
        return;
      case 'end':
        this.close();
        this.#parts.onEnd(effect.error);
        return;
    }
  }

  async #spawn(runId: string, number: number): Promise<void> {
    // What the service wrote last is what a new run is started from. A change of what is wanted waits for the reload
    // that follows, which would not notice it any more.
    this.#spec = { ...(this.#parts.readSpec() ?? this.#spec), wanted: this.#spec.wanted };
    const spec = this.#spec;
    const { directory, keepRuns } = spec.log;
    try {
      prepareLogFolder(directory, number, keepRuns);
    } catch (error) {
      const reason = `its log folder ${directory} cannot be made: ${(error as Error).message}. Correct its permissions.`;
      this.#dispatch({ kind: 'spawn-failed', runId, reason });
      return;
    }
    const result = await spawnRun(spec, runId, runLogFiles(directory, number).log, this.#parts.trees);
    this.#keepLog(runId, number);
    if (!result.ok) {
      this.#dispatch({ kind: 'spawn-failed', runId, reason: result.reason });
      return;
    }
    const { child, leader } = result;
    child.unref();
    this.#child = { runId, child };
    this.#descendants.watch({ runId, leader }, []);
    const { fingerprint, host, port } = spec;
    this.#dispatch({ kind: 'spawned', runId, run: { runId, leader, fingerprint, host, port } });
    const exited = (code: number | null, signal: string | null) =>
      this.#dispatch({ kind: 'exited', runId, code, signal, statusKnown: true, logTail: this.#readTail() });
    if (hasExited(child)) exited(child.exitCode, child.signalCode);
    else child.once('exit', exited);
  }

  #watchAdopted(runId: string, leader: ProcessIdentity): void {
    this.#parts.clock.after(ADOPTED_LOOK_MS, () => {
      void this.#parts.trees.isAlive(leader).then((alive) => {
        if (this.#closed || liveRun(this.#state.phase)?.runId !== runId) return;
        if (alive) this.#watchAdopted(runId, leader);
        else {
          const logTail = this.#readTail();
          this.#dispatch({ kind: 'exited', runId, code: null, signal: null, statusKnown: false, logTail });
        }
      });
    });
  }

  /** Looks at what is left of a run that is being stopped, again and again until the machine is satisfied. */
  async #look(run: LiveRun): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#cancelLook();
    try {
      const event = await this.#gather(run);
      if (event) this.#dispatch(event);
    } catch (error) {
      this.#parts.warn(`The processes of ${this.#spec.name} cannot be listed: ${(error as Error).message}`);
    } finally {
      this.#isLooking = false;
    }
    const { phase } = this.#state;
    if (this.#closed || phase.name !== 'stopping') return;
    this.#cancelLook = this.#parts.clock.after(LOOK_MS, () => void this.#look(phase.run));
  }

  async #gather(run: LiveRun): Promise<MachineEvent | null> {
    const { phase } = this.#state;
    if (phase.name !== 'stopping' || phase.run.runId !== run.runId) return null;
    const { trees } = this.#parts;
    const leader = run.leader;
    // Our own child counts as alive until its exit status is read, which is about to be recorded.
    const isOurs = this.#child?.runId === run.runId;
    const leaderAlive = isOurs ? !hasExited(this.#child?.child) : leader !== null && (await trees.isAlive(leader));
    // While the leader has its grace period nothing depends on the rest of the tree. It is searched for once before the
    // leader is told, since what has left the session is found as long as its parent lives.
    const isAsked = phase.progress.phase === 'leader' && phase.progress.asked.length > 0;
    const isLeaderEnough = leaderAlive && isAsked && this.#graceLasts(phase.progress);
    const recorded = this.#descendants.seen();
    const found = isLeaderEnough ? [] : await trees.findTree({ runId: run.runId, leader, recorded });
    this.#descendants.remember(found);
    const isMissing = leader && leaderAlive && !found.some((process) => isSameProcess(process, leader));
    const left = isMissing ? [leader, ...found] : found;
    const words = await Promise.all(
      left.map(async ({ pid }) => `${pid} (${(await trees.describe(pid)) ?? 'unknown command'})`),
    );
    return {
      kind: 'looked',
      runId: run.runId,
      leaderAlive,
      left,
      leftWords: `${left.length === 1 ? 'process' : 'processes'} ${words.join(', ')}`,
      portHolder: left.length === 0 ? await this.#portHolder(run) : null,
    };
  }

  #graceLasts(progress: { readonly phaseSinceMs: number; readonly graceMs: number }): boolean {
    return this.#parts.clock.nowMs() - progress.phaseSinceMs < progress.graceMs;
  }

  async #portHolder(run: LiveRun): Promise<string | null> {
    if (run.port === null || (await isPortFree(run.host, run.port))) return null;
    const holder = await this.#parts.trees.portHolder(run.port);
    return holder ? `process ${holder.pid} (${holder.command})` : 'a process that cannot be seen from here';
  }

  #keepLog(runId: string, run: number): void {
    this.#keeper?.stop();
    const { directory, capBytes } = this.#spec.log;
    this.#keeper = new RunLogKeeper({ directory, run, capBytes }, this.#parts.clock, (sizeBytes) => {
      const nowMs = this.#parts.clock.monotonicMs();
      if (nowMs - this.#loggedAtMs < LOG_EVENT_MS) return;
      this.#loggedAtMs = nowMs;
      this.#parts.onLog(runId, sizeBytes);
    });
    this.#keeper.start();
  }

  #readTail(): string | null {
    return readLogTail(runLogFiles(this.#spec.log.directory, this.#state.runNumber).log);
  }
}

function hasExited(child: ChildProcess | undefined): boolean {
  return child !== undefined && (child.exitCode !== null || child.signalCode !== null);
}

/**
 * The leader as recorded, or, when its runner died before it could record it, the oldest process that carries the run's
 * mark.
 */
function findLeader(recorded: ProcessIdentity | null, tree: readonly ProcessIdentity[]): ProcessIdentity | null {
  if (recorded) return tree.find((process) => isSameProcess(process, recorded)) ?? null;
  const byAge = [...tree].sort((a, b) => Number(a.startTime) - Number(b.startTime) || a.pid - b.pid);
  return byAge[0] ?? null;
}
