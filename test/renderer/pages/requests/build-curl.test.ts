import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { buildCurl, quoteForShell } from '../../../../renderer/pages/requests/build-curl.ts';
import { fakeRequest } from '../../../fakes/fake-site.ts';

/** What a shell makes of the command: the arguments that curl would get. */
function argumentsInShell(command: string): readonly string[] {
  const script = `curl() { for a in "$@"; do printf '%s\\0' "$a"; done; }; ${command}`;
  const env = { PATH: process.env['PATH'], OUTPOST_API_KEY: 'op-secret' };
  return execFileSync('sh', ['-c', script], { encoding: 'utf8', env }).split('\0').slice(0, -1);
}

describe('buildCurl', () => {
  it('sends the same bytes to the same route, whatever is in them', () => {
    const body = `{"messages":[{"content":"It's $HOME \`id\` \\"quoted\\" \\\\ !! %s\nsecond line\t'"}]}`;
    const command = buildCurl(fakeRequest(1, { request_body: body }), 'http://127.0.0.1:8080/');
    expect(argumentsInShell(command ?? '')).toEqual([
      '-N',
      'http://127.0.0.1:8080/v1/chat/completions',
      '-H',
      'Authorization: Bearer op-secret',
      '-H',
      'content-type: application/json',
      '--data-raw',
      body,
    ]);
  });

  it('sends no headers of the client or of the connection', () => {
    const headers = { request: { 'content-type': 'a/b', cookie: 'c', host: 'h', 'user-agent': 'u' }, response: {} };
    const command = buildCurl(fakeRequest(1, { headers, stream: false }), 'http://h');
    expect(command).toContain("'content-type: a/b'");
    expect(command).not.toMatch(/cookie|host:|user-agent/);
  });

  it('sends no body with GET', () => {
    const command = buildCurl(
      fakeRequest(1, { method: 'GET', route: '/v1/models', request_body: null, stream: false }),
      'http://h',
    );
    expect(argumentsInShell(command ?? '')).toEqual([
      'http://h/v1/models',
      '-H',
      'Authorization: Bearer op-secret',
      '-H',
      'content-type: application/json',
    ]);
  });

  it('is not offered when the body is gone or is not text', () => {
    expect(buildCurl(fakeRequest(1, { request_body: null }), 'http://h')).toBeNull();
    expect(buildCurl(fakeRequest(1, { request_body: { base64: 'AAAA' } }), 'http://h')).toBeNull();
  });
});

describe('quoteForShell', () => {
  it('keeps single quotes', () => {
    expect(quoteForShell("it's")).toBe(`'it'\\''s'`);
  });
});
