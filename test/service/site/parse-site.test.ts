import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSite, problemInWords } from '../../../electron/service/site/parse-site.ts';
import { testCatalogues } from '../fake-catalogues.ts';

const start = 'version: 1\nsite: { name: Lab }\n';

function problemsOf(text: string): readonly string[] {
  const parsed = parseSite(text, testCatalogues);
  return parsed.ok ? [] : parsed.problems.map(problemInWords);
}

describe('a site file', () => {
  it('needs only a version and a name, everything else has defaults', () => {
    const parsed = parseSite(start, testCatalogues);
    expect(parsed).toMatchObject({
      ok: true,
      site: { gateway: { listen: ['127.0.0.1:8080'], keys: 'required', log: { durability: 'strict' } }, servers: [] },
    });
  });

  it.each<[string, string, string]>([
    ['a misspelt key', `${start}gatway: {}\n`, 'line 3, gatway: unknown setting "gatway"; did you mean "gateway"?'],
    [
      'a key that resembles none',
      `${start}gateway:\n  frobnicate: 1\n`,
      'line 4, gateway.frobnicate: unknown setting "frobnicate"; allowed here: listen, keys, log',
    ],
    [
      'a misspelt key of a server',
      `${start}servers:\n  - name: a\n    engine: simulated\n    serves: [m]\n    gpu: [0]\n`,
      'line 7, servers[0].gpu: unknown setting "gpu"; did you mean "gpus"?',
    ],
    [
      'a value outside a list of words',
      `${start}gateway: { keys: requird }\n`,
      'line 3, gateway.keys: must be one of required, optional, not "requird"; did you mean "required"?',
    ],
    [
      'a wrong kind of value',
      `${start}gateway: { listen: 127.0.0.1:80 }\n`,
      'line 3, gateway.listen: must be a list, not "127.0.0.1:80"',
    ],
    ['a missing value', 'version: 1\nsite: {}\n', 'line 2, site.name: "name" is missing'],
    [
      'a port out of range',
      `${start}servers:\n  - { name: a, engine: simulated, serves: [m], port: 70000 }\n`,
      'line 4, servers[0].port: must be at most 65535',
    ],
    [
      'an empty list',
      `${start}servers:\n  - { name: a, engine: simulated, serves: [] }\n`,
      'line 4, servers[0].serves: must have at least 1 entry',
    ],
    [
      'a bad name',
      `${start}servers:\n  - { name: My Server, engine: simulated, serves: [m] }\n`,
      'line 4, servers[0].name: "My Server": use 1 to 48 lower-case letters, digits, ".", "_" or "-", starting with a letter or digit',
    ],
    [
      'a setting that is none of the alternatives',
      `${start}features:\n  duo_chat: 5\n`,
      'line 4, features.duo_chat: must be { model: … } or disabled, not 5',
    ],
    [
      'a map that is nearly one of the alternatives',
      `${start}servers:\n  - { name: a, engine: simulated, serves: [m], env: { T: { secrt: x } } }\n`,
      'line 4, servers[0].env.T.secrt: unknown setting "secrt"; did you mean "secret"?',
    ],
    [
      'a feature that GitLab does not have',
      `${start}features:\n  duo_chatt: disabled\n`,
      'line 4, features.duo_chatt: GitLab 18.9 has no feature "duo_chatt"; did you mean "duo_chat"?',
    ],
    [
      'a GitLab version without data',
      `${start}gitlab: { version: "9.9" }\n`,
      'line 3, gitlab.version: the features of GitLab 9.9 are not known; known: 18.9',
    ],
    [
      'a model that nobody serves',
      `${start}features:\n  duo_chat: { model: ghost }\n`,
      'line 4, features.duo_chat.model: no server serves the model "ghost"',
    ],
    [
      'a name used twice',
      `${start}servers:\n  - { name: a, engine: simulated, serves: [m] }\n  - { name: a, engine: simulated, serves: [n] }\n`,
      'line 5, servers[1].name: the name "a" is used twice',
    ],
    [
      'vLLM without weights',
      `${start}servers:\n  - name: a\n    engine: vllm\n    serves: [m]\n`,
      'line 4, servers[0].weights: engine vllm needs "weights", the absolute folder of the model files',
    ],
    ['a key twice', `${start}version: 1\n`, 'line 3: map keys must be unique'],
    ['broken indentation', `${start}servers:\n  - name: a\n   engine: x\n`, 'line 5: '],
    ['no content', '', 'line 1: the file is empty; it needs "version: 1" and "site: { name: … }"'],
    ['something else entirely', 'hello', 'line 1: must be a map of settings, not "hello"'],
  ])('explains %s with its line', (_what, text, expected) => {
    expect(
      problemsOf(text).some((problem) => problem.startsWith(expected)),
      problemsOf(text).join('\n'),
    ).toBe(true);
  });

  it('refuses aliases that multiply', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]\n`;
    expect(problemsOf(start + bomb)[0]).toContain('cannot be read');
  });

  it('survives nesting deeper than any stack', () => {
    const problems = problemsOf(`${start}x: ${'['.repeat(200_000)}`);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(20);
  });

  it('never fails over any text, and names a line of it', () => {
    const words = constantFrom(
      'version: 1\n',
      'site: {',
      ' name: x',
      '}',
      '- ',
      '\n',
      '  ',
      'servers:',
      '&a ',
      '*a',
      '!!x ',
      '? ',
      '"',
      "'",
      '[',
      ']',
      '#',
      '|\n',
      '%',
      '\t',
      '\u0000',
      'features: { duo_chat: ',
    );
    assert(
      property(array(oneof(words, string({ maxLength: 5 })), { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const parsed = parseSite(text, testCatalogues);
        if (parsed.ok) return;
        expect(parsed.problems.length).toBeGreaterThan(0);
        for (const { line } of parsed.problems) expect(line ?? 1).toBeLessThanOrEqual(text.split('\n').length);
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it('refuses more than 1 MB', () => {
    expect(problemsOf(`${start}# ${'x'.repeat(1_000_000)}`)).toEqual(['the file is larger than 1 MB']);
  });
});
