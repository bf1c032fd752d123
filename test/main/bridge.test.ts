import { describe, expect, it } from 'vitest';
import { desktopCallNames, desktopEventNames } from '../../electron/contract/desktop-bridge.ts';
import { refusalOf } from '../../electron/main/bridge/handle-desktop-calls.ts';
import { createBridge } from '../../electron/preload/create-bridge.ts';

describe('a call of the page', () => {
  const ours = { url: 'app://outpost/servers' };
  const sender = { frame: ours, trustedFrame: ours };

  it('is answered when it comes from the page and its arguments fit', () => {
    expect(refusalOf('serviceLocation', sender, [])).toBeNull();
    expect(refusalOf('copyText', sender, ['text'])).toBeNull();
  });

  it('is refused from any other frame, also one with the right address', () => {
    expect(refusalOf('serviceLocation', { frame: { url: ours.url }, trustedFrame: ours }, [])).not.toBeNull();
    expect(refusalOf('serviceLocation', { frame: null, trustedFrame: null }, [])).not.toBeNull();
    const elsewhere = { url: 'https://example.com/' };
    expect(refusalOf('serviceLocation', { frame: elsewhere, trustedFrame: elsewhere }, [])).not.toBeNull();
  });

  it('is refused with arguments that it does not take', () => {
    const wrong: readonly (readonly unknown[])[] = [[1], [null], ['a', 'b'], [{ toString: 'x' }]];
    for (const name of desktopCallNames) {
      for (const args of wrong) expect(refusalOf(name, sender, args), `${name} ${JSON.stringify(args)}`).not.toBeNull();
    }
    expect(refusalOf('chooseFolder', sender, ['x'.repeat(201)])).not.toBeNull();
    expect(refusalOf('copyText', sender, [])).not.toBeNull();
  });
});

describe('the bridge of the preload', () => {
  type Listener = (event: never, value: unknown) => void;
  function fakeIpc() {
    const listeners = new Map<string, Set<Listener>>();
    const invoked: unknown[][] = [];
    const ipc = {
      invoke: async (...args: unknown[]) => void invoked.push(args),
      on: (channel: string, listener: Listener) =>
        listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)),
      off: (channel: string, listener: Listener) => listeners.get(channel)?.delete(listener),
    };
    const send = (channel: string, value: unknown) =>
      listeners.get(channel)?.forEach((listener) => listener({ sender: 'secret' } as never, value));
    return { bridge: createBridge(ipc as never), invoked, send };
  }

  it('has what the contract says and nothing else', async () => {
    const { bridge, invoked } = fakeIpc();
    expect(Object.keys(bridge).sort()).toEqual([...desktopCallNames, 'on'].sort());
    await bridge.copyText('hello');
    expect(invoked).toEqual([['outpost:copyText', 'hello']]);
  });

  it('hands on values only, never the event with its way back to Electron', () => {
    const { bridge, send } = fakeIpc();
    const seen: unknown[][] = [];
    const stop = bridge.on('navigate', (...args: unknown[]) => seen.push(args));
    send('outpost:navigate', '/settings');
    stop();
    send('outpost:navigate', '/servers');
    expect(seen).toEqual([['/settings']]);
    expect(desktopEventNames).toContain('navigate');
    expect(() => bridge.on('anything' as never, () => undefined)).toThrow('no event');
  });
});
