import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

export function valueOf(result) {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function folderBytes(directory) {
  return readdirSync(directory, { recursive: true })
    .map((name) => statSync(path.join(directory, name), { throwIfNoEntry: false }))
    .reduce((sum, found) => sum + (found?.isFile() ? found.size : 0), 0);
}
