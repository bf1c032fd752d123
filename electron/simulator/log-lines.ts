/** Which of vLLM's processes a line claims to come from. */
export type LogProcess = 'APIServer' | 'EngineCore';
export type LogLevel = 'INFO' | 'WARNING' | 'ERROR';

/** Lines of vLLM's own logger; a message of several lines repeats the header on each. */
export function formatVllmLines(level: LogLevel, at: Date, source: string, message: string): string[] {
  const header = `${level} ${formatLogTime(at)} [${source}]`;
  return message.split('\n').map((line) => `${header} ${line}`);
}

/** A line of the HTTP server's logger. */
export function formatUvicornLine(level: LogLevel, message: string): string {
  return `${`${level}:`.padEnd(9)} ${message}`;
}

/** The prefix that every line of a vLLM process carries. */
export function withPrefix(process: LogProcess, pid: number, line: string): string {
  return `(${process} pid=${pid}) ${line}\n`;
}

/** `MM-DD HH:MM:SS`, local time, as vLLM prints it. */
function formatLogTime(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Percent-encoding as in vLLM's access lines. */
export function formatAccessLine(
  client: string,
  method: string,
  target: string,
  status: number,
  phrase: string,
): string {
  return `${client} - "${method} ${target} HTTP/1.1" ${status} ${phrase}`;
}
