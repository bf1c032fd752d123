import path from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..', '..');
const eslint = new ESLint({ cwd: root });

/** What the project's own lint configuration says about imports in a file with this content. */
async function refusalsIn(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
  const messages = result?.messages ?? [];
  expect(messages.filter((message) => message.fatal === true)).toEqual([]);
  return messages.filter((message) => message.ruleId === 'outpost/allowed-imports').map((message) => message.message);
}

describe('refuses', () => {
  const refused: [what: string, file: string, code: string][] = [
    ['Electron in the gateway', 'electron/gateway/planted.ts', `import { app } from 'electron'; app.quit();`],
    ['the service in the gateway', 'electron/gateway/deep/planted.ts', `import { x } from '../../service/x.ts'; x();`],
    [
      'Node in the renderer',
      'renderer/pages/planted.tsx',
      `import { readFileSync } from 'node:fs'; readFileSync('x');`,
    ],
    ['Node without its prefix', 'renderer/stores/planted.ts', `import { join } from 'path'; join('x');`],
    ['base in the contract', 'electron/contract/planted.ts', `import { x } from '../base/clock.ts'; x();`],
    [
      'Node in the contract',
      'electron/contract/planted.ts',
      `import type { Socket } from 'node:net'; export type X = Socket;`,
    ],
    [
      'any library but the schema library in the contract',
      'electron/contract/planted.ts',
      `export { parse } from 'yaml';`,
    ],
    ['SQLite in the runner', 'electron/runner/planted.ts', `import Database from 'better-sqlite3'; new Database('x');`],
    ['SQLite in the gateway', 'electron/gateway/planted.ts', `export const load = () => import('better-sqlite3');`],
    [
      'node-pty in the gateway',
      'electron/gateway/planted.ts',
      `import { spawn } from '@lydell/node-pty'; spawn('x', [], {});`,
    ],
    [
      'the router as a value in the renderer',
      'renderer/stores/planted.ts',
      `import { appRouter } from '../../electron/service/api/router.ts'; appRouter();`,
    ],
    [
      'the router with an inline type, which still loads it',
      'electron/cli/planted.ts',
      `import { type AppRouter } from '../service/api/router.ts'; export type X = AppRouter;`,
    ],
    [
      'another file of the service as a type',
      'electron/cli/planted.ts',
      `import type { X } from '../service/api/other.ts'; export type Y = X;`,
    ],
    ['base in the preload', 'electron/preload/planted.ts', `import { x } from '../base/clock.ts'; x();`],
    ['a library in the preload', 'electron/preload/planted.ts', `import { z } from 'zod'; z.string();`],
    ['the renderer in main', 'electron/main/planted.ts', `import { x } from '../../renderer/app/x.ts'; x();`],
    ['pino in main, whose Node is older', 'electron/main/planted.ts', `import pino from 'pino'; pino();`],
    ['the gateway in base', 'electron/base/planted.ts', `export * from '../gateway/x.ts';`],
    ['a type of another process', 'electron/runner/planted.ts', `export type X = import('../service/x.ts').X;`],
    ['test tools in a process', 'electron/service/planted.ts', `import { x } from '../../test/fixtures/x.ts'; x();`],
    ['require', 'electron/gateway/planted.ts', `const electron = require('electron'); electron();`],
    [
      'an import whose name is computed',
      'electron/gateway/planted.ts',
      `export const load = (name: string) => import(name);`,
    ],
  ];

  it.each(refused)('%s', async (_what, file, code) => {
    expect(await refusalsIn(file, code)).toHaveLength(1);
  });
});

describe('allows', () => {
  const allowed: [what: string, file: string, code: string][] = [
    [
      'contract and request log in the gateway',
      'electron/gateway/planted.ts',
      `import { x } from '../contract/x.ts'; import { y } from '../request-log/y.ts'; import net from 'node:net'; x(y, net);`,
    ],
    ['its own files', 'electron/service/api/planted.ts', `import { x } from '../site/x.ts'; x();`],
    [
      'the router as a type in the renderer',
      'renderer/stores/planted.ts',
      `import type { AppRouter } from '../../electron/service/api/router.ts'; export type X = AppRouter;`,
    ],
    [
      'the router as a type in the command line',
      'electron/cli/planted.ts',
      `import type { AppRouter } from '../service/api/router.ts'; export type X = AppRouter;`,
    ],
    [
      'React and its libraries in the renderer',
      'renderer/pages/planted.tsx',
      `import { useState } from 'react'; import { Button } from '@mantine/core'; import '@mantine/core/styles.css'; useState(Button);`,
    ],
    ['the schema library in the contract', 'electron/contract/planted.ts', `import { z } from 'zod'; z.string();`],
    [
      'Electron and the contract in the preload',
      'electron/preload/planted.ts',
      `import { contextBridge } from 'electron'; import { x } from '../contract/x.ts'; contextBridge.exposeInMainWorld('x', x);`,
    ],
    [
      'anything in a test',
      'test/service/planted.ts',
      `import { x } from '../../electron/service/x.ts'; import fs from 'node:fs'; x(fs);`,
    ],
  ];

  it.each(allowed)('%s', async (_what, file, code) => {
    expect(await refusalsIn(file, code)).toEqual([]);
  });
});

it('refuses an empty catch block', async () => {
  const [result] = await eslint.lintText('try { JSON.parse("x"); } catch {}', {
    filePath: path.join(root, 'electron/base/planted.ts'),
  });
  expect(result?.messages.map((message) => message.ruleId)).toContain('no-empty');
});
