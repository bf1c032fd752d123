import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { allowedImports } from './scripts/lint/allowed-imports.mjs';

const tooNew = [
  ['AbortSignal', 'any'],
  ['Array', 'fromAsync'],
  ['Iterator', 'from'],
  ['Map', 'groupBy'],
  ['Object', 'groupBy'],
  ['Promise', 'try'],
  ['Promise', 'withResolvers'],
  ['URL', 'canParse'],
  ['URL', 'parse'],
];

export default defineConfig([
  globalIgnores(['dist/', 'node_modules/', 'test-results/', '.cache/', 'release/']),
  tseslint.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-async-promise-executor': 'error',
      'no-control-regex': 'error',
      'no-fallthrough': 'error',
      'no-self-compare': 'error',
      'no-sparse-arrays': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-escape': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['electron/**', 'renderer/**'],
    plugins: { outpost: { rules: { 'allowed-imports': allowedImports } } },
    rules: { 'outpost/allowed-imports': 'error' },
  },
  {
    // Types do not tell how old the oldest Electron is: 25, with Chromium 114 and Node 18.15.
    files: ['electron/main/**', 'electron/preload/**', 'electron/contract/**', 'renderer/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...tooNew.map(([object, property]) => ({ object, property, message: 'Electron 25 lacks it.' })),
      ],
    },
  },
  { files: ['renderer/**'], ...reactHooks.configs.flat['recommended-latest'] },
  {
    // They run before anything is installed, so they are plain JavaScript for whatever Node there is.
    files: ['scripts/**/*.mjs', 'eslint.config.js'],
    rules: { 'no-console': 'error' },
  },
]);
