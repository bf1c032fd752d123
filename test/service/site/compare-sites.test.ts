import { expect, it } from 'vitest';
import type { Site } from '../../../electron/contract/site-schema.ts';
import { changedProcesses, summarizeChange } from '../../../electron/service/site/compare-sites.ts';
import { parseSite } from '../../../electron/service/site/parse-site.ts';
import { testCatalogues } from '../fake-catalogues.ts';

function site(text: string): Site {
  const parsed = parseSite(`version: 1\nsite: { name: Lab }\n${text}`, testCatalogues);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.site;
}

const two = site(
  'servers:\n- {name: a, engine: simulated, serves: [m]}\n- {name: b, engine: simulated, serves: [n]}\n',
);

it('says in a line what changed', () => {
  const next = site(
    'gateway: { keys: optional, log: { bodies: none } }\n' +
      'servers:\n- {name: a, engine: simulated, serves: [m], port: 9000}\n- {name: c, engine: simulated, serves: [n]}\n' +
      'features: { duo_chat: disabled }\n',
  );
  expect(summarizeChange(two, next)).toBe(
    'added server c; removed server b; changed server a; changed feature duo_chat; changed the request log settings; changed the gateway',
  );
  expect(summarizeChange(two, two)).toBe('changed comments or layout only');
  expect(summarizeChange(null, two)).toBe('started the site "Lab"');
});

it('names the processes whose configuration changed, and no other', () => {
  const next = site(
    'gateway: { keys: optional }\n' +
      'servers:\n- {name: a, engine: simulated, serves: [m]}\n- {name: b, engine: simulated, serves: [n], start: manual}\n',
  );
  expect(changedProcesses(two, next)).toEqual(['b']);
  expect(changedProcesses(two, site('gateway: { listen: ["127.0.0.1:1234"] }'))).toEqual(['a', 'b', 'gateway']);
});
