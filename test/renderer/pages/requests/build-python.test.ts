import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { buildPython, pythonLiteral } from '../../../../renderer/pages/requests/build-python.ts';
import { fakeRequest } from '../../../fakes/fake-site.ts';

const gateway = 'http://127.0.0.1:8080/';
const hasPython = (() => {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    // Python is nothing that a machine for the tests must have.
    return false;
  }
})();

describe('buildPython', () => {
  it('calls the client of the route, with what it does not know beside', () => {
    const body = { model: 'm', stream: true, messages: [{ role: 'user', content: 'Hi "you"\n' }], top_k: 4 };
    const program = buildPython(
      fakeRequest(1, { route: '/features/duo_chat/v1/chat/completions', request_body: JSON.stringify(body) }),
      gateway,
    );
    expect(program).toBe(`import os

from openai import OpenAI

client = OpenAI(
    base_url="http://127.0.0.1:8080/features/duo_chat/v1",
    api_key=os.environ["OUTPOST_API_KEY"],
)

answer = client.chat.completions.create(
    model="m",
    stream=True,
    messages=[
        {
            "role": "user",
            "content": "Hi \\"you\\"\\n",
        },
    ],
    extra_body={
        "top_k": 4,
    },
)
for event in answer:
    print(event)
`);
  });

  it('posts to a route that the client has no call for', () => {
    const program = buildPython(fakeRequest(1, { route: '/v1/rerank', request_body: '{"query":"a"}' }), gateway);
    expect(program).toContain('client.post("/rerank", cast_to=httpx.Response, body={');
  });

  it('is not there without a JSON body', () => {
    expect(buildPython(fakeRequest(1, { request_body: null }), gateway)).toBeNull();
    expect(buildPython(fakeRequest(1, { request_body: 'text' }), gateway)).toBeNull();
    expect(buildPython(fakeRequest(1, { route: '/health', method: 'GET' }), gateway)).toBeNull();
  });
});

describe('pythonLiteral', () => {
  it.skipIf(!hasPython)('is read by Python as the same value', () => {
    const value = { a: [1, 2.5, -3e-7], b: 'é😀\u2028 "\\', c: [true, false, null, [], {}], d: [{ e: '\n' }] };
    const script = `import json; print(json.dumps(${pythonLiteral(value)}))`;
    expect(JSON.parse(execFileSync('python3', ['-c', script], { encoding: 'utf8' }))).toEqual(value);
  });
});
