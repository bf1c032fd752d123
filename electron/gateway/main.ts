import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { systemClock } from '../base/clock.ts';
import { dataPaths, socketPath } from '../base/data-paths.ts';
import { openLogOutput } from '../base/log-output.ts';
import { openRequestLog } from '../request-log/open-request-log.ts';
import { serveControlSocket } from './control-socket.ts';
import { Gateway } from './gateway.ts';
import { readRouteTable, RouteTableKeeper } from './route-table-file.ts';

const logger = pino({ base: { program: 'gateway' } }, openLogOutput(1));
process.exitCode = await run();

/** Resolves with the exit code when the gateway could not start; undefined while it runs. */
async function run(): Promise<number | undefined> {
  const { data } = parseArgs({ options: { data: { type: 'string' } } }).values;
  if (data === undefined) {
    process.stderr.write('usage: gateway --data DIR\n');
    return 2;
  }
  const paths = dataPaths(data);
  const table = readRouteTable(paths.routeTable);
  if (!table.ok) return giveUp(table.error);
  mkdirSync(paths.requests, { recursive: true, mode: 0o700 });
  const log = await openRequestLog({ directory: paths.requests, settings: table.value.log });
  if (!log.ok) return giveUp(log.error);

  const warn = (event: object, message: string) => logger.warn(event, message);
  const gateway = new Gateway({ table: table.value, log: log.value, clock: systemClock, warn });
  const tables = new RouteTableKeeper(paths.routeTable, table.value, {
    change: (next) => {
      gateway.apply(next);
      logger.info({ version: next.version }, 'a new route table is in force');
    },
    refused: (why) => logger.error({ why }, 'the new route table is refused; the one before stays in force'),
  });
  const listening = await gateway.start();
  if (!listening.ok) {
    await log.value.shutdown();
    return giveUp(listening.error);
  }
  const socket = await serveControlSocket(paths.root, gateway, tables);
  if (!socket.ok) {
    await gateway.stop(0);
    return giveUp(socket.error);
  }
  log.value.onCommitted((newestId) => socket.value.broadcast('committed', { newestId }));

  const told = new Set<string>();
  const timer = setInterval(() => {
    for (const warning of log.value.status().warnings) {
      if (!told.has(warning)) logger.warn(`request log: ${warning}`);
      told.add(warning);
    }
    tables.look();
    void gateway.tick();
    void socket.value.ensureListening(socketPath(paths.root, 'gateway'));
  }, 1000);
  const stop = once(async (signal: string) => {
    logger.info({ signal, inFlight: gateway.status().inFlight }, 'the gateway stops');
    clearInterval(timer);
    await gateway.stop();
    await socket.value.close();
    process.exit(0);
  });
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  // Only now, since whoever reads this may ask it to stop at once.
  logger.info({ listen: listening.value, version: table.value.version }, 'the gateway listens');
  return undefined;
}

function giveUp(error: { readonly message: string; readonly action?: string }): number {
  logger.fatal({ action: error.action }, error.message);
  process.stderr.write(`${error.message} ${error.action ?? ''}\n`);
  return 1;
}

function once<T extends unknown[]>(action: (...args: T) => Promise<void>): (...args: T) => Promise<void> {
  let isDone = false;
  return async (...args) => {
    if (isDone) return;
    isDone = true;
    await action(...args);
  };
}
