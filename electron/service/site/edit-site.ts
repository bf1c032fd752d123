import { isDeepStrictEqual } from 'node:util';
import { isMap, isNode, isScalar, isSeq, parseDocument, YAMLMap, YAMLSeq } from 'yaml';
import type { Document, Pair } from 'yaml';
import type { FeatureSetting, GatewayLogConfig, ServerConfig } from '../../contract/site-schema.ts';
import { mergeEdit } from './merge-edit.ts';

/** An edit of a valid site text; comments, order and spacing of everything else stay. */
export type SiteEdit = (document: Document) => void;

/** Applies an edit to the text of a valid site file. */
export function editSiteText(text: string, edit: SiteEdit): string {
  const usesCrlf = text.includes('\r\n');
  const original = usesCrlf ? text.replaceAll('\r\n', '\n') : text;
  const document = parseDocument(original);
  const render = () => document.toString({ lineWidth: 0, flowCollectionPadding: true });
  const rendered = render();
  edit(document);
  const edited = render();
  const merged = mergeEdit(original, rendered, edited);
  const result = merged !== null && meansTheSame(merged, edited) ? merged : edited;
  return usesCrlf ? result.replaceAll('\n', '\r\n') : result;
}

function meansTheSame(text: string, other: string): boolean {
  const document = parseDocument(text);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), parseDocument(other).toJS());
}

/** Adds a server, or replaces the one called `replaces` key by key. Throws when that one is not there. */
export function putServer(server: ServerConfig, replaces: string | null): SiteEdit {
  return (document) => {
    const servers = serverList(document);
    if (replaces === null) {
      servers.flow = false;
      servers.add(createServerNode(document, withoutDefaults(server, null)));
      return;
    }
    const existing = servers.items[indexOfServer(servers, replaces)];
    if (!isMap(existing)) throw new Error(`The site file has no server ${replaces}.`);
    updateMap(document, existing, withoutDefaults(server, existing));
  };
}

/** Removes a server together with the comments that belong to it. Throws when it is not there. */
export function removeServerByName(name: string): SiteEdit {
  return (document) => {
    const servers = serverList(document);
    const index = indexOfServer(servers, name);
    if (index < 0) throw new Error(`The site file has no server ${name}.`);
    servers.items.splice(index, 1);
    if (servers.items.length === 0) servers.flow = true;
  };
}

/** Assigns a feature, disables it, or with null leaves it unassigned. */
export function putFeature(feature: string, setting: FeatureSetting | null): SiteEdit {
  return (document) => {
    if (setting === null) {
      document.deleteIn(['features', feature]);
      return;
    }
    const features = mapAt(document, ['features']);
    features.flow = false;
    putValue(document, features, feature, setting);
    const node = features.get(feature, true);
    if (isMap(node)) node.flow = true;
  };
}

/** Changes settings of the request log; what is not named stays as it is. */
export function putLogSettings(log: Partial<GatewayLogConfig>): SiteEdit {
  return (document) => {
    const map = mapAt(document, ['gateway', 'log']);
    for (const [key, value] of Object.entries(log)) {
      const existing = map.get(key, true);
      if (isMap(existing) && isPlainObject(value)) updateMap(document, existing, { ...toPlain(existing), ...value });
      else putValue(document, map, key, value);
    }
  };
}

/** One setting per line, each value on one line. */
function createServerNode(document: Document, values: Record<string, unknown>): YAMLMap {
  const node = document.createNode(values) as YAMLMap;
  for (const { value } of node.items) if (isMap(value) || isSeq(value)) value.flow = true;
  return node;
}

function serverList(document: Document): YAMLSeq {
  const found = document.get('servers', true);
  if (isSeq(found)) return found;
  const created = new YAMLSeq();
  document.set('servers', created);
  return created;
}

function indexOfServer(servers: YAMLSeq, name: string): number {
  return servers.items.findIndex((item) => isMap(item) && item.get('name') === name);
}

function mapAt(document: Document, path: readonly string[]): YAMLMap {
  const found = document.getIn(path, true);
  if (isMap(found)) return found;
  for (let length = 1; length < path.length; length++) mapAt(document, path.slice(0, length));
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const created = new YAMLMap();
  // Inside a map on one line, everything else has to be on that line as well.
  if (isMap(parent) && parent.flow === true) created.flow = true;
  document.setIn(path, created);
  return created;
}

/** Makes a map hold exactly these values; nodes of values that are equal stay as they were typed. */
function updateMap(document: Document, map: YAMLMap, values: Readonly<Record<string, unknown>>): void {
  for (const pair of [...map.items]) {
    const key = keyOf(pair);
    if (!Object.hasOwn(values, key)) map.delete(pair.key);
  }
  for (const [key, value] of Object.entries(values)) putValue(document, map, key, value);
}

function putValue(document: Document, map: YAMLMap, key: string, value: unknown): void {
  const existing = map.get(key, true);
  if (existing !== undefined && isDeepStrictEqual(toPlain(existing), value)) return;
  if (isMap(existing) && isPlainObject(value)) {
    updateMap(document, existing, value);
    return;
  }
  if (isScalar(existing) && !isObject(value)) {
    existing.value = value;
    // What was typed, such as 0x10, stands for the old value.
    delete existing.source;
    return;
  }
  const node = document.createNode(value);
  if (isSeq(node) || isMap(node)) node.flow = true;
  if (isNode(existing)) {
    node.comment = existing.comment ?? null;
    node.commentBefore = existing.commentBefore ?? null;
    if ((isSeq(existing) || isMap(existing)) && (isSeq(node) || isMap(node))) node.flow = existing.flow ?? false;
  }
  map.set(key, node);
}

function keyOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

function toPlain(node: unknown): Record<string, unknown> {
  return isNode(node) ? (node.toJSON() as Record<string, unknown>) : (node as Record<string, unknown>);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && !Array.isArray(value);
}

const serverKeyOrder = [
  'name',
  'engine',
  'weights',
  'serves',
  'port',
  'gpus',
  'args',
  'env',
  'runtime',
  'ready',
  'ready_timeout',
  'start',
  'fallback',
] as const satisfies readonly (keyof ServerConfig)[];

/** A server as an operator would write it: defaults are left out unless they were written before. */
function withoutDefaults(server: ServerConfig, existing: YAMLMap | null): Record<string, unknown> {
  const written = existing ? toPlain(existing) : {};
  const result: Record<string, unknown> = {};
  const rest = Object.keys(server).filter((key) => !(serverKeyOrder as readonly string[]).includes(key));
  for (const key of [...serverKeyOrder, ...rest]) {
    const value = (server as Record<string, unknown>)[key];
    if (value === undefined) continue;
    if (key === 'start' && value === 'always' && written['start'] === undefined) continue;
    if (key === 'runtime' && isPlainObject(value)) {
      const writtenRuntime = written['runtime'];
      const { kind, ...others } = value;
      const keepKind = isPlainObject(writtenRuntime) && writtenRuntime['kind'] !== undefined;
      if (Object.keys(others).length === 0 && writtenRuntime === undefined) continue;
      result[key] = keepKind ? { kind, ...others } : others;
      continue;
    }
    result[key] = value;
  }
  return result;
}
