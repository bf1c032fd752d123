import type { LogLevel, LogProcess } from './log-lines.ts';
import { formatUvicornLine, formatVllmLines, withPrefix } from './log-lines.ts';

/** Where the log goes; vLLM's own lines and access lines to stdout, everything else to stderr. */
export interface LogStreams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

export interface Log {
  /** A line of vLLM's logger, on stdout. */
  vllm(process: LogProcess, level: LogLevel, source: string, message: string): void;
  /** A line of the HTTP server about itself, on stderr. */
  server(level: LogLevel, message: string): void;
  /** A line of the HTTP server about one request, on stdout. */
  access(message: string): void;
  /** Progress bars and tracebacks, on stderr. */
  raw(process: LogProcess, text: string): void;
}

export function createLog(streams: LogStreams, pid: number, now: () => Date): Log {
  return {
    vllm(process, level, source, message) {
      const lines = formatVllmLines(level, now(), source, message);
      streams.stdout(lines.map((line) => withPrefix(process, pid, line)).join(''));
    },
    server(level, message) {
      streams.stderr(withPrefix('APIServer', pid, formatUvicornLine(level, message)));
    },
    access(message) {
      streams.stdout(withPrefix('APIServer', pid, formatUvicornLine('INFO', message)));
    },
    raw(process, text) {
      streams.stderr(
        text
          .split('\n')
          .map((line) => withPrefix(process, pid, line))
          .join(''),
      );
    },
  };
}
