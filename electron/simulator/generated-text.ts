import type { Random } from './seeded-random.ts';
import { pick } from './seeded-random.ts';

/** What kind of text a model writes. */
export type TextStyle = 'prose' | 'code';

/** Models whose name says that they write code get code. */
export function textStyle(servedModelName: string): TextStyle {
  return /code|coder/i.test(servedModelName) ? 'code' : 'prose';
}

/**
 * One sentence, or one small function. A piece never begins or ends with a character that could join a token of its
 * neighbour, so that the tokens of the pieces are the tokens of the whole text.
 */
export function writePiece(random: Random, style: TextStyle, isFirst: boolean): string {
  if (style === 'code') return (isFirst ? '' : '\n\n') + writeFunction(random);
  const separator = isFirst ? '' : random() < 0.12 ? '\n\n' : ' ';
  return separator + writeSentence(random);
}

const adjectives = [
  'quiet',
  'careful',
  'small',
  'steady',
  'local',
  'simple',
  'recent',
  'open',
  'clear',
  'useful',
  'second',
  'shared',
] as const;
const nouns = [
  'server',
  'report',
  'engineer',
  'queue',
  'model',
  'request',
  'garden',
  'river',
  'answer',
  'machine',
  'letter',
  'plan',
  'test',
  'team',
] as const;
const verbs = [
  'reads',
  'keeps',
  'explains',
  'follows',
  'measures',
  'changes',
  'describes',
  'carries',
  'improves',
  'checks',
] as const;
const adverbs = [
  'slowly',
  'every morning',
  'without delay',
  'in the right order',
  'before noon',
  'as expected',
  'with care',
  'on its own',
] as const;
const openers = [
  'In short,',
  'For example,',
  'After that,',
  'As a rule,',
  'On the other hand,',
  'In practice,',
  'Most of the time,',
] as const;
const reasons = ['because', 'while', 'so that', 'after', 'until'] as const;

function writeSentence(random: Random): string {
  const clause = (): string =>
    `the ${pick(random, adjectives)} ${pick(random, nouns)} ${pick(random, verbs)} the ${pick(random, nouns)}`;
  const opener = random() < 0.3 ? `${pick(random, openers)} ` : '';
  const main = `${clause()} ${pick(random, adverbs)}`;
  const rest = random() < 0.4 ? ` ${pick(random, reasons)} ${clause()}` : '';
  const sentence = `${opener}${main}${rest}.`;
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

const functionVerbs = ['load', 'parse', 'count', 'merge', 'filter', 'update', 'find', 'collect'] as const;
const functionNouns = ['items', 'lines', 'records', 'values', 'entries', 'names'] as const;

function writeFunction(random: Random): string {
  const noun = pick(random, functionNouns);
  const name = `${pick(random, functionVerbs)}_${noun}`;
  const limit = Math.floor(random() * 90) + 10;
  const body = pick(random, [
    [
      `    result = []`,
      `    for item in ${noun}:`,
      `        if len(item) > ${limit}:`,
      `            result.append(item)`,
      `    return result`,
    ],
    [
      `    total = 0`,
      `    for index, item in enumerate(${noun}):`,
      `        total += index * ${limit}`,
      `    return total`,
    ],
    [`    if not ${noun}:`, `        return None`, `    return sorted(${noun})[:${limit}]`],
  ]);
  return [`def ${name}(${noun}):`, ...body].join('\n');
}
