/** The one file of the service that others may see, and only as a type. */
const routerType = ['electron/service/api/router.ts'];

/**
 * Libraries that tie code to one kind of process; each is for the areas that name it. A `*` at the end stands for
 * anything.
 */
export const boundPackages = [
  'electron',
  'better-sqlite3',
  '@lydell/node-pty',
  'node-pty',
  'systeminformation',
  'pino',
  'fastify',
  '@fastify/*',
  'ws',
  'undici',
  'commander',
  'react',
  'react-dom',
  'zustand',
  'wouter',
  'uplot',
  '@mantine/*',
  '@tabler/*',
  '@tanstack/*',
  '@xterm/*',
];

const servers = ['fastify', '@fastify/*', 'ws', 'undici', 'pino'];
const window = [
  'react',
  'react-dom',
  'zustand',
  'wouter',
  'uplot',
  '@mantine/*',
  '@tabler/*',
  '@tanstack/*',
  '@xterm/*',
];

/**
 * Who may import whom. An area is a folder; a file belongs to the area with the longest matching name.
 *
 * - `areas`: other areas it may import.
 * - `builtins`: whether it may import Node's own modules.
 * - `bound`: which of `boundPackages` it may import. Other packages are free, unless
 * - `packages` lists the only packages it may import.
 * - `types`: files of other areas it may import with `import type`.
 */
export const importRules = {
  'electron/contract': { areas: [], builtins: false, packages: ['zod'] },
  'electron/base': { areas: ['electron/contract'], builtins: true, bound: ['pino', 'undici', 'ws'] },
  'electron/request-log': { areas: ['electron/contract', 'electron/base'], builtins: true, bound: ['better-sqlite3'] },
  'electron/runner': {
    areas: ['electron/contract', 'electron/base'],
    builtins: true,
    bound: ['@lydell/node-pty', 'pino', 'undici'],
  },
  'electron/gateway': {
    areas: ['electron/contract', 'electron/base', 'electron/request-log'],
    builtins: true,
    bound: servers,
  },
  'electron/bench': { areas: ['electron/contract', 'electron/base'], builtins: true, bound: ['undici', 'pino'] },
  'electron/simulator': {
    areas: ['electron/contract', 'electron/base'],
    builtins: true,
    bound: ['commander', ...servers],
  },
  'electron/service': {
    areas: ['electron/contract', 'electron/base', 'electron/request-log', 'resources'],
    builtins: true,
    bound: ['better-sqlite3', '@lydell/node-pty', 'systeminformation', ...servers],
  },
  'electron/cli': {
    areas: ['electron/contract', 'electron/base'],
    builtins: true,
    bound: ['commander', 'ws', 'undici'],
    types: routerType,
  },
  'electron/preload': { areas: ['electron/contract'], builtins: false, packages: ['electron'] },
  'electron/main': { areas: ['electron/contract', 'electron/base'], builtins: true, bound: ['electron'] },
  renderer: { areas: ['electron/contract', 'resources'], builtins: false, bound: window, types: routerType },
};
