import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { removeSocketFolder, socketPath } from '../../electron/base/data-paths.ts';
import { connectLocal } from '../../electron/base/local-socket-client.ts';
import { serveLocal } from '../../electron/base/local-socket.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';

type Requests = { double: { params: { value: number }; result: number } };
type Events = { changed: { value: number } };

async function serve(address: string) {
  const server = await serveLocal<Requests, Events>(address, { double: ({ value }) => value * 2 });
  if (server.ok) onTestFinished(() => server.value.close());
  return server;
}

describe('a local socket', () => {
  it('answers requests, tells events and is for its owner alone', async () => {
    const address = path.join(makeTempDir(), 'a.sock');
    const server = await serve(address);
    const client = await connectLocal<Requests, Events>(address);
    if (!server.ok || !client.ok) throw new Error('no connection');
    expect(await client.value.call('double', { value: 21 })).toEqual({ ok: true, value: 42 });
    const told = new Promise((resolve) => client.value.on('changed', resolve));
    server.value.broadcast('changed', { value: 1 });
    expect(await told).toEqual({ value: 1 });
    expect(statSync(address).mode & 0o777).toBe(0o600);
    client.value.close();
  });

  it('has one server, also when several begin at the same time', async () => {
    const address = path.join(makeTempDir(), 'a.sock');
    const servers = await Promise.all(Array.from({ length: 8 }, () => serve(address)));
    expect(servers.filter((server) => server.ok)).toHaveLength(1);
    expect(servers.filter((server) => !server.ok && server.error.code === 'DATA_DIRECTORY_IN_USE')).toHaveLength(7);
    expect((await connectLocal<Requests, Events>(address)).ok).toBe(true);
  });

  it('can be served again after its server has closed', async () => {
    const address = path.join(makeTempDir(), 'a.sock');
    const first = await serve(address);
    if (first.ok) await first.value.close();
    expect((await serve(address)).ok).toBe(true);
  });

  it('comes back when its file is removed', async () => {
    const address = path.join(makeTempDir(), 'a.sock');
    const server = await serve(address);
    if (!server.ok) throw new Error('no server');
    rmSync(address);
    expect(await server.value.ensureListening(address)).toBe(true);
    expect((await connectLocal<Requests, Events>(address)).ok).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('the folder of the sockets', () => {
  it('is the same for processes with another environment', () => {
    const root = makeTempDir();
    const runtimeDir = makeTempDir();
    const first = socketPath(root, 'service', { XDG_RUNTIME_DIR: runtimeDir });
    expect(first.startsWith(runtimeDir)).toBe(true);
    expect(socketPath(root, 'service', {})).toBe(first);
    expect(readFileSync(path.join(root, 'runtime', 'sockets'), 'utf8')).toBe(path.dirname(first));
  });

  it('is made again when it is missing, and replaced when it cannot be', () => {
    const root = makeTempDir();
    const runtimeDir = makeTempDir();
    const first = socketPath(root, 'service', { XDG_RUNTIME_DIR: runtimeDir });
    rmSync(path.dirname(first), { recursive: true });
    expect(socketPath(root, 'service', {})).toBe(first);
    expect(existsSync(path.dirname(first))).toBe(true);
    rmSync(runtimeDir, { recursive: true });
    // A file in the place of the folder's parent: it cannot be made.
    writeFileSync(runtimeDir, '');
    const other = socketPath(root, 'service', {});
    expect(other.startsWith(runtimeDir)).toBe(false);
    rmSync(path.dirname(other), { recursive: true });
  });

  it('leaves no folder behind once nothing uses it, and keeps it while something does', async () => {
    const root = makeTempDir();
    const address = socketPath(root, 'service', {});
    const folder = path.dirname(address);
    const server = await serve(address);
    if (!server.ok) throw new Error('no server');
    removeSocketFolder(root);
    expect(existsSync(address)).toBe(true);
    await server.value.close();
    removeSocketFolder(root);
    expect(existsSync(folder)).toBe(false);
    removeSocketFolder(root);
    expect(path.dirname(socketPath(root, 'service', {}))).toBe(folder);
    removeSocketFolder(root);
  });

  it('gives every name a path that is short enough', () => {
    const long = socketPath(makeTempDir(), 'runner-' + 'x'.repeat(48), {});
    expect(Buffer.byteLength(long)).toBeLessThan(100);
    rmSync(path.dirname(long), { recursive: true });
  });
});
