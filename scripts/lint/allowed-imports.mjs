import { isBuiltin } from 'node:module';
import path from 'node:path';
import { boundPackages, importRules } from './import-rules.mjs';

/** ESLint rule that holds every import against the table in import-rules.mjs. */
export const allowedImports = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      refused: "{{area}} may not import '{{specifier}}': {{reason}}.",
      unseen: 'This import is computed, so nobody can tell what it loads; write the name out.',
    },
  },
  create(context) {
    const root = context.cwd;
    const file = toPosix(path.relative(root, context.filename));
    const area = areaOf(file);
    if (area === undefined) return {};

    function check(source, isType) {
      if (source === null || source === undefined) return;
      if (typeof source.value !== 'string') {
        context.report({ node: source, messageId: 'unseen' });
        return;
      }
      const reason = refusal(area, file, source.value, isType);
      if (reason !== null) {
        context.report({ node: source, messageId: 'refused', data: { area, specifier: source.value, reason } });
      }
    }

    return {
      ImportDeclaration: (node) => check(node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node.source, false),
      TSImportType: (node) => check(node.source, true),
      TSExternalModuleReference: (node) => check(node.expression, false),
      CallExpression(node) {
        const { callee } = node;
        const name = callee.type === 'MemberExpression' ? callee.property.name : callee.name;
        if (name === 'require' || name === 'getBuiltinModule') check(node.arguments[0], false);
      },
    };
  },
};

/** Why this import is refused, or null when it is allowed. */
function refusal(area, file, specifier, isType) {
  const rule = importRules[area];
  // Vite's `?url` and `?raw` say how to load a file, not which.
  const bare = specifier.replace(/\?.*$/, '');
  if (bare.startsWith('.') || bare.startsWith('/')) {
    const target = toPosix(path.posix.normalize(path.posix.join(path.posix.dirname(file), bare)));
    const targetArea = areaOf(target) ?? target.split('/')[0];
    if (targetArea === area || rule.areas.includes(targetArea)) return null;
    if (rule.types?.includes(target) === true) {
      return isType ? null : 'that file is shared as a type only, use `import type`';
    }
    return `it may import ${listOf([area, ...rule.areas])}`;
  }
  if (isBuiltin(bare)) return rule.builtins ? null : 'it must not depend on Node';
  if (rule.packages !== undefined) {
    return matchesOne(bare, rule.packages) ? null : `the only packages for it are ${listOf(rule.packages)}`;
  }
  if (!matchesOne(bare, boundPackages) || matchesOne(bare, rule.bound)) return null;
  return 'that package belongs to other processes';
}

/** The area a file belongs to, or undefined for files outside all of them. */
function areaOf(file) {
  return Object.keys(importRules)
    .filter((area) => file.startsWith(`${area}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** Whether a package, or a file inside it, is named by one of the patterns. */
function matchesOne(specifier, patterns) {
  return patterns.some((pattern) =>
    pattern.endsWith('*')
      ? specifier.startsWith(pattern.slice(0, -1))
      : specifier === pattern || specifier.startsWith(`${pattern}/`),
  );
}

function listOf(names) {
  return names.join(', ');
}

function toPosix(file) {
  return file.replaceAll('\\', '/');
}
