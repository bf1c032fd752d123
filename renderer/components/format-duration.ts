/** A duration for people: "0.4 ms", "812 ms", "3.2 s", "4 min 05 s", "2 h 10 min", "3 d 4 h"; "–" for null. */
export function formatDuration(durationMs: number | null | undefined): string {
  if (durationMs === null || durationMs === undefined || !Number.isFinite(durationMs)) return '–';
  if (durationMs < 10) return `${durationMs.toFixed(1)} ms`;
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  const seconds = durationMs / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const wholeSeconds = Math.round(seconds);
  const minutes = Math.floor(wholeSeconds / 60);
  if (minutes < 60) return `${minutes} min ${String(wholeSeconds % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long ago something was: "just now", "42 s ago", "5 min ago", "3 h ago", "2 d ago"; "in 5 s" for the future. */
export function formatAgo(timeMs: number, nowMs: number): string {
  const deltaMs = nowMs - timeMs;
  if (Math.abs(deltaMs) < 2000) return 'just now';
  const text = roughly(Math.abs(deltaMs));
  return deltaMs > 0 ? `${text} ago` : `in ${text}`;
}

function roughly(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}
