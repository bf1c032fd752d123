import { parseDocument } from 'yaml';
import { assert, constantFrom, array, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServerConfig } from '../../../electron/contract/site-schema.ts';
import {
  editSiteText,
  putFeature,
  putLogSettings,
  putServer,
  removeServerByName,
} from '../../../electron/service/site/edit-site.ts';
import type { SiteEdit } from '../../../electron/service/site/edit-site.ts';
import { parseSite } from '../../../electron/service/site/parse-site.ts';
import { testCatalogues } from '../fake-catalogues.ts';

const written = `# Lab 4, third floor
version: 1
site: {name: "Lab 4"}     # shown in the window


gateway:
  listen:   [127.0.0.1:8080]      # GitLab talks to this
  keys: optional   # until June
# the big one
servers:
- name: chat         # do not rename
  engine: simulated
  serves: [ demo-chat ]
  args: {max-num-seqs: 0x10, load-seconds: 1.50}   # measured

# the small one
- name: code
  engine: simulated
  serves:
  - demo-code        # first

features:
  duo_chat: {model: demo-chat}   # agreed with support
  code_completions: disabled
`;

const server = (name: string, more: Partial<ServerConfig> = {}): ServerConfig => ({
  name,
  engine: 'simulated',
  serves: [`${name}-model`],
  start: 'always',
  ...more,
});

function changedLines(before: string, after: string): { removed: string[]; added: string[] } {
  const old = before.split('\n');
  const next = after.split('\n');
  return {
    removed: old.filter((line) => !next.includes(line)),
    added: next.filter((line) => !old.includes(line)),
  };
}

describe('an edit of the site file', () => {
  it('changes only the lines it is about, in the indentation of the file', () => {
    const added = editSiteText(written, putServer(server('extra', { port: 9001 }), null));
    expect(changedLines(written, added)).toEqual({
      removed: [],
      added: ['- name: extra', '  serves: [ extra-model ]', '  port: 9001'],
    });
    expect(added).toContain('serves: [ extra-model ]\n  port: 9001');

    const assigned = editSiteText(written, putFeature('duo_chat', { model: 'demo-code' }));
    expect(changedLines(written, assigned)).toEqual({
      removed: ['  duo_chat: {model: demo-chat}   # agreed with support'],
      added: ['  duo_chat: { model: demo-code } # agreed with support'],
    });
  });

  it('replaces a server key by key and keeps comments and spelling of what stays', () => {
    const chat = server('chat', {
      serves: ['demo-chat'],
      args: { 'max-num-seqs': 16, 'load-seconds': 1.5 },
      start: 'manual',
    });
    const edited = editSiteText(written, putServer(chat, 'chat'));
    expect(edited).toContain('- name: chat         # do not rename');
    expect(edited).toContain('  args: {max-num-seqs: 0x10, load-seconds: 1.50}   # measured');
    expect(changedLines(written, edited)).toEqual({ removed: [], added: ['  start: manual'] });
  });

  it('drops keys that the new server does not have', () => {
    const edited = editSiteText(written, putServer(server('chat', { serves: ['demo-chat'] }), 'chat'));
    expect(edited).not.toContain('max-num-seqs');
    expect(edited).toContain('# do not rename');
  });

  it('removes a server and unassigns a feature', () => {
    const edited = editSiteText(
      editSiteText(written, putFeature('code_completions', null)),
      removeServerByName('code'),
    );
    expect(parseSite(edited, testCatalogues)).toMatchObject({
      ok: true,
      site: { servers: [{ name: 'chat' }], features: { duo_chat: { model: 'demo-chat' } } },
    });
    expect(edited).not.toContain('code_completions');
  });

  it('merges settings of the request log into what is there', () => {
    const once = editSiteText(written, putLogSettings({ retain: { days: 7, gib: 1, bodies_days: 2 } }));
    const twice = editSiteText(once, putLogSettings({ bodies: 'none' }));
    expect(parseSite(twice, testCatalogues)).toMatchObject({
      ok: true,
      site: { gateway: { log: { bodies: 'none', retain: { days: 7, gib: 1, bodies_days: 2 } } } },
    });
    expect(twice).toContain('# until June');
  });

  it('starts lists and maps that are not there yet, or written on one line', () => {
    const bare = 'version: 1\nsite: { name: Lab }\n';
    for (const text of [bare, `${bare}servers: []\nfeatures: {}\n`]) {
      const edited = editSiteText(
        editSiteText(text, putServer(server('a'), null)),
        putFeature('duo_chat', { model: 'a-model' }),
      );
      expect(parseSite(edited, testCatalogues)).toMatchObject({
        ok: true,
        site: { servers: [{ name: 'a' }], features: { duo_chat: { model: 'a-model' } } },
      });
    }
  });

  it('keeps the line ends of Windows', () => {
    const edited = editSiteText(written.replaceAll('\n', '\r\n'), putFeature('duo_chat', 'disabled'));
    expect(edited.replaceAll('\r\n', '')).not.toContain('\n');
    expect(edited).toContain('duo_chat: disabled');
  });

  it('never loses a comment and always means what was asked, whatever the edits', () => {
    type Step = { readonly edit: SiteEdit; readonly apply: (model: Model) => void };
    interface Model {
      servers: Map<string, ServerConfig>;
      features: Map<string, unknown>;
    }
    const steps: readonly Step[] = [
      ...['x', 'y', 'z'].map((name) => ({
        edit: ((document) => {
          const exists = (document.toJS() as { servers: ServerConfig[] }).servers.some((entry) => entry.name === name);
          putServer(server(name, { port: 9000 + name.charCodeAt(0) }), exists ? name : null)(document);
        }) as SiteEdit,
        apply: (model: Model) => void model.servers.set(name, server(name, { port: 9000 + name.charCodeAt(0) })),
      })),
      ...['duo_chat', 'code_completions', 'code_generations'].flatMap((feature) => [
        {
          edit: putFeature(feature, 'disabled'),
          apply: (model: Model) => void model.features.set(feature, 'disabled'),
        },
        {
          edit: putFeature(feature, { model: 'demo-code' }),
          apply: (model: Model) => void model.features.set(feature, { model: 'demo-code' }),
        },
      ]),
      {
        edit: putServer(server('chat', { serves: ['demo-chat', 'two'], fallback: 'demo-code' }), 'chat'),
        apply: (model) =>
          void model.servers.set('chat', server('chat', { serves: ['demo-chat', 'two'], fallback: 'demo-code' })),
      },
    ];
    assert(
      property(array(constantFrom(...steps), { maxLength: 12 }), (chosen) => {
        let text = written;
        const model: Model = {
          servers: new Map([
            ['chat', server('chat', { serves: ['demo-chat'], args: { 'max-num-seqs': 16, 'load-seconds': 1.5 } })],
            ['code', server('code', { serves: ['demo-code'] })],
          ]),
          features: new Map<string, unknown>([
            ['duo_chat', { model: 'demo-chat' }],
            ['code_completions', 'disabled'],
          ]),
        };
        for (const step of chosen) {
          text = editSiteText(text, step.edit);
          step.apply(model);
        }
        for (const comment of [
          'third floor',
          'shown in the window',
          'talks to this',
          'until June',
          'big one',
          'small one',
        ]) {
          expect(text).toContain(comment);
        }
        expect(parseDocument(text).errors).toEqual([]);
        const parsed = parseSite(text, testCatalogues);
        expect(parsed.ok && new Map(parsed.site.servers.map((entry) => [entry.name, entry]))).toEqual(model.servers);
        expect(parsed.ok && new Map(Object.entries(parsed.site.features))).toEqual(model.features);
      }),
      { numRuns: 100, seed: 7 },
    );
  });
});
