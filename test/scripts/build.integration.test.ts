import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { expect, it } from 'vitest';
import { programPath, programsDir, rendererDir } from '../../electron/base/program-files.ts';
import type { ProgramName } from '../../electron/base/program-files.ts';
import { programs } from '../../scripts/build/bundle-programs.mjs';

const native = ['better-sqlite3', '@lydell/node-pty'];

it.each(Object.keys(programs) as ProgramName[])('%s is one file that loads only Node and native modules', (name) => {
  const code = readFileSync(programPath(name), 'utf8');
  const imports = [...code.matchAll(/^(?:import|export)\b[^'"\n]*?["']([^"'\n]+)["'];?$/gm)].map(
    (found) => found[1] ?? '',
  );
  expect(imports.filter((specifier) => !isBuiltin(specifier) && !native.includes(specifier))).toEqual([]);
});

it.each(['main.cjs', 'preload.cjs'])('%s is one file without its own modules beside it', (name) => {
  const code = readFileSync(path.join(programsDir(), name), 'utf8');
  const required = [...code.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map((found) => found[1] ?? '');
  expect(required).toContain('electron');
  expect(required.filter((specifier) => !isBuiltin(specifier) && specifier !== 'electron')).toEqual([]);
});

it('has a renderer whose scripts and styles are files, all of them local', () => {
  const page = readFileSync(path.join(rendererDir(), 'index.html'), 'utf8');
  const scripts = [...page.matchAll(/<script\b([^>]*)>([^]*?)<\/script>/g)];
  expect(scripts.length).toBeGreaterThan(0);
  for (const [, attributes, content] of scripts) {
    expect(attributes).toMatch(/src="\.?\/(?!\/)/);
    expect(content?.trim()).toBe('');
  }
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  expect(readdirSync(path.join(rendererDir(), 'assets')).some((name) => name.endsWith('.css'))).toBe(true);
});

it('describes itself, so that every program knows its version', () => {
  const { version } = JSON.parse(readFileSync(path.join(programsDir(), 'package.json'), 'utf8'));
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
});
