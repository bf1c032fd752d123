import type { LogProcess } from './log-lines.ts';

/** A line of vLLM's logger about the end of the server. */
export interface ShutdownLine {
  readonly process: LogProcess;
  readonly text: string;
}

/** Before the requests in flight are aborted. */
export function shutdownBeginLines(signal: 'SIGTERM' | 'SIGINT', inFlight: number): ShutdownLine[] {
  const lines: ShutdownLine[] = [
    { process: 'APIServer', text: '[shutdown] API server: shutdown triggered' },
    { process: 'APIServer', text: '[shutdown] API server: stopping engine client mode=abort timeout=0s' },
    { process: 'EngineCore', text: `[shutdown] EngineCore: trigger received signal=${signal}` },
    { process: 'EngineCore', text: '[shutdown] EngineCore: start mode=abort timeout=0s' },
  ];
  if (inFlight === 0) return lines;
  return [
    ...lines,
    { process: 'EngineCore', text: `[shutdown] EngineCore: aborting in-flight requests count=${inFlight}` },
  ];
}

/** After they have been aborted, while the HTTP server closes. */
export const shutdownEndLines: readonly ShutdownLine[] = [
  { process: 'EngineCore', text: '[shutdown] EngineCore: request processing complete; starting resource teardown' },
  { process: 'APIServer', text: '[shutdown] MPClient: complete' },
  { process: 'APIServer', text: 'shutting down FastAPI HTTP server' },
];

/** What a signal during the start leaves behind, for stderr. */
export const interruptedStart = `Traceback (most recent call last):
  File "vllm/entrypoints/openai/api_server.py", line 1960, in signal_handler
KeyboardInterrupt: terminated`;
