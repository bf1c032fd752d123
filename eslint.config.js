import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { allowedImports } from './scripts/lint/allowed-imports.mjs';

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
  { files: ['renderer/**'], ...reactHooks.configs.flat['recommended-latest'] },
  {
    // They run before anything is installed, so they are plain JavaScript for whatever Node there is.
    files: ['scripts/**/*.mjs', 'eslint.config.js'],
    rules: { 'no-console': 'error' },
  },
]);
