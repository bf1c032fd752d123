import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editBody } from '../../electron/gateway/json/edit-body.ts';
import type { RequestFacts } from '../../electron/gateway/json/request-facts.ts';
import { readRequestFacts, scanFacts } from '../../electron/gateway/json/request-facts.ts';
import { scanObject } from '../../electron/gateway/json/scan-object.ts';

function isValidForJsonParse(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // JSON.parse says no only this way.
    return false;
  }
}

function factsOf(text: string): RequestFacts {
  const facts = readRequestFacts(Buffer.from(text));
  if (!facts.ok) throw new Error(facts.error.message);
  return facts.value;
}

/** JSON text with odd white space and escaped keys, which JSON.stringify would never write. */
const spaced = fc
  .tuple(fc.json(), fc.infiniteStream(fc.constantFrom('', ' ', '\n', '\t\r ')))
  .map(([text, spaces]) =>
    text.replace(/("(?:[^"\\]|\\.)*")|[{}[\],:]/gs, (token) =>
      token.startsWith('"') ? token : `${spaces.next().value ?? ''}${token}${spaces.next().value ?? ''}`,
    ),
  );

describe('the body scanner', () => {
  it('agrees with JSON.parse on what is valid', () => {
    fc.assert(
      fc.property(
        spaced,
        fc.nat(),
        fc.constantFrom('', '"', '\\', '{', '}', ',', 'e', '0', '-', '\u0001'),
        (text, where, noise) => {
          expect(scanObject(Buffer.from(text), []).valid).toBe(true);
          const position = where % (text.length + 1);
          const broken = text.slice(0, position) + noise + text.slice(position + (where % 2));
          // Half a surrogate pair becomes U+FFFD in UTF-8, so both sides must look at the same text.
          const bytes = Buffer.from(broken);
          expect(scanObject(bytes, []).valid).toBe(isValidForJsonParse(bytes.toString()));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    '',
    ' ',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,}',
    '[1,]',
    '[,1]',
    '01',
    '-',
    '1.',
    '1e',
    '1e+',
    '.5',
    '+1',
    'tru',
    'nul',
    '"\\u12g4"',
    '"\\x"',
    '"\t"',
    '{"a":1}}',
    '{} {}',
    '{a:1}',
    "{'a':1}",
    '[1 2]',
    '{"a" 1}',
    '\ufeff{}',
    'NaN',
    '"\\',
    '"\\u12',
    '{"a":1]',
    '[1}',
  ])('refuses %j, as JSON.parse does', (text) => {
    expect(isValidForJsonParse(text)).toBe(false);
    expect(scanObject(Buffer.from(text), []).valid).toBe(false);
  });

  it('finds the value that JSON.parse would take, whatever surrounds it', () => {
    const key = fc.constantFrom('model', 'stream', 'other', 'mod\u0065l', 'modél', 'MODEL', '__proto__');
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.json(), fc.boolean())), (members) => {
        const written = members.map(([name, value, escape]) => {
          const spelled = escape ? JSON.stringify(name).replace('o', '\\u006f') : JSON.stringify(name);
          return `${spelled} : ${value}`;
        });
        const text = `{${written.join(',')}}`;
        const bytes = Buffer.from(text);
        const scan = scanObject(bytes, ['model', 'stream']);
        if (!scan.valid) throw new Error(scan.problem);
        const parsed = JSON.parse(text) as Record<string, unknown>;
        for (const wanted of ['model', 'stream']) {
          const last = scan.ranges.get(wanted)?.at(-1);
          expect(last === undefined).toBe(!Object.hasOwn(parsed, wanted));
          if (last) expect(JSON.parse(bytes.toString('utf8', last.start, last.end))).toEqual(parsed[wanted]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('names the byte at which a body is wrong', () => {
    expect(scanObject(Buffer.from('{"model": "a" "b"}'), [])).toEqual({
      valid: false,
      position: 14,
      problem: 'expected "," or "}"',
    });
  });

  it('refuses nesting that would exhaust a parser, and takes what a sane client nests', () => {
    expect(scanObject(Buffer.from('['.repeat(1001) + ']'.repeat(1001)), []).valid).toBe(false);
    expect(scanObject(Buffer.from('['.repeat(1000) + ']'.repeat(1000)), []).valid).toBe(true);
  });
});

describe('the facts of a body', () => {
  it('reads model and stream at the top level only', () => {
    expect(factsOf('{"messages":[{"model":"inner","stream":true}],"model":"outer"}')).toMatchObject({
      model: 'outer',
      stream: false,
    });
  });

  it('takes the last of repeated keys, as model servers do', () => {
    expect(factsOf('{"model":"a","stream":false,"model":"b","stream":true}')).toMatchObject({
      model: 'b',
      stream: true,
    });
  });

  it.each(['{"model":7}', '{"model":null}', '{"model":""}', '{}'])('finds no model in %s', (text) => {
    expect(factsOf(text).model).toBeNull();
  });

  it('are the same whether a body is parsed or only scanned', () => {
    const member = fc.oneof(
      fc.tuple(fc.constant('model'), fc.oneof(fc.string(), fc.jsonValue())),
      fc.tuple(fc.constant('stream'), fc.oneof(fc.boolean(), fc.jsonValue())),
      fc.tuple(fc.constant('stream_options'), fc.oneof(fc.constant(null), fc.jsonValue())),
      fc.tuple(fc.string(), fc.jsonValue()),
    );
    fc.assert(
      fc.property(fc.array(member), (members) => {
        const text = `{${members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
        const scanned = scanFacts(Buffer.from(text));
        if (!scanned.ok) throw new Error(scanned.error.message);
        expect({ ...factsOf(text), parsed: null }).toEqual(scanned.value);
      }),
    );
  });

  it.each([
    ['{"stream_options":{}}', true],
    ['{"stream_options":null}', false],
    ['{}', false],
  ])('tells whether the client set stream_options: %s', (text, expected) => {
    expect(factsOf(text).setsStreamOptions).toBe(expected);
  });

  it('decodes escapes in key and value', () => {
    expect(factsOf('{"mod\\u0065l":"caf\\u00e9 \\ud83d\\ude00"}').model).toBe('café 😀');
  });

  it.each([['[1]'], ['7'], ['"text"'], ['']])('refuses %j: not an object', (text) => {
    const facts = readRequestFacts(Buffer.from(text));
    expect(!facts.ok && facts.error.code).toBe('INVALID_JSON');
  });

  it('refuses bytes that are not UTF-8', () => {
    const facts = readRequestFacts(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]));
    expect(!facts.ok && facts.error.message).toContain('UTF-8');
  });
});

describe('editing a body', () => {
  const edit = (text: string, model: string | null, askForUsage = false) =>
    editBody(Buffer.from(text), { model, askForUsage }).toString();

  it('changes nothing but the value of model', () => {
    const text = '{ "temperature": 0.70,\n "model" :\t"asked" , "messages":[{"model":"asked"}], "x": "\\u0041é" }';
    expect(edit(text, 'ser"ved')).toBe(text.replace('"asked" ,', '"ser\\"ved" ,'));
  });

  it('leaves no second model behind when the key is repeated', () => {
    expect(edit('{"model":"a","model":{"b":1}}', 'c')).toBe('{"model":"c","model":"c"}');
  });

  it('puts a model in when there is none', () => {
    expect(edit('{"prompt":"x"}', 'c')).toBe('{"model":"c","prompt":"x"}');
    expect(edit(' { } ', 'c')).toBe(' {"model":"c" } ');
  });

  it('asks for token counts', () => {
    expect(edit('{"stream":true}', null, true)).toBe('{"stream_options":{"include_usage":true},"stream":true}');
    expect(edit('{"stream":true,"stream_options":null}', null, true)).toBe(
      '{"stream":true,"stream_options":{"include_usage":true}}',
    );
    expect(edit('{"stream":true}', 'c', true)).toBe(
      '{"model":"c","stream_options":{"include_usage":true},"stream":true}',
    );
  });

  it('without a change is no copy', () => {
    const body = Buffer.from('{"model":"a"}');
    expect(editBody(body, { model: null, askForUsage: false })).toBe(body);
  });

  it('yields exactly the same object with another model, for any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (object, model) => {
        const text = JSON.stringify({ ...object, model: 'asked' });
        expect(JSON.parse(edit(text, model))).toEqual(JSON.parse(JSON.stringify({ ...object, model })));
      }),
    );
  });
});
