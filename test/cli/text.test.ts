import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../../electron/contract/csv.ts';
import { explainInvalidInput } from '../../electron/cli/explain-invalid-input.ts';
import { formatAge, formatDuration } from '../../electron/cli/format-values.ts';
import { harmlessLine, harmlessText } from '../../electron/cli/harmless-text.ts';
import { parseMoment } from '../../electron/cli/parse-options.ts';
import { renderStatus } from '../../electron/cli/render-status.ts';
import { renderTable } from '../../electron/cli/render-table.ts';
import { textStyle } from '../../electron/cli/text-style.ts';
import { aProcess, aStatus } from './build-rows.ts';

const plain = textStyle({ env: {}, stdoutIsTty: false });

describe('times', () => {
  const nowMs = Date.UTC(2026, 10, 24, 12);

  it('are durations back from now or ISO times', () => {
    expect(parseMoment('1h', nowMs)).toBe(nowMs - 3_600_000);
    expect(parseMoment('7d', nowMs)).toBe(nowMs - 7 * 86_400_000);
    expect(parseMoment('2026-11-24T10:00:00Z', nowMs)).toBe(Date.UTC(2026, 10, 24, 10));
    expect(parseMoment('2026-11-24T10:00+02:00', nowMs)).toBe(Date.UTC(2026, 10, 24, 8));
  });

  it('are local without a zone, a date alone being its midnight', () => {
    expect(parseMoment('2026-11-24', nowMs)).toBe(new Date(2026, 10, 24).getTime());
    expect(parseMoment('2026-11-24 10:00', nowMs)).toBe(new Date(2026, 10, 24, 10).getTime());
  });

  it('are nothing else', () => {
    for (const text of ['', 'yesterday', '1', '5 parsecs', '2026-13-40', '24.11.2026']) {
      expect(parseMoment(text, nowMs), text).toBeNull();
    }
  });

  it('are shown in the unit that fits', () => {
    expect([0, 350, 4200, 42_000, 200_000, 18_120_000, 273_600_000].map(formatDuration)).toEqual([
      '0 ms',
      '350 ms',
      '4.20 s',
      '42.0 s',
      '3 m 20 s',
      '5 h 2 m',
      '3 d 4 h',
    ]);
    expect([-5, 12_000, 180_000, 18_000_000].map(formatAge)).toEqual(['0 s', '12 s', '3 m', '5 h']);
  });
});

describe('text of others', () => {
  it('keeps colours, tabs and line ends, and nothing else that a terminal acts on', () => {
    expect(harmlessText('a\tb\r\n\u001b[1;31mred\u001b[0m')).toBe('a\tb\n\u001b[1;31mred\u001b[0m');
    expect(harmlessText('\u001b[2J\u009b2J\u0007\rback')).toBe('␛[2J\ufffd2J␇␍back');
    expect(harmlessLine('a\nb\u001b[31mc')).toBe('a bc');
  });

  it('never leaves an escape that is not a colour', () => {
    const isLeft = (sign: string) => {
      const code = sign.charCodeAt(0);
      return (code < 0x20 && sign !== '\t' && sign !== '\n') || (code >= 0x7f && code <= 0x9f);
    };
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        // eslint-disable-next-line no-control-regex
        (text) => ![...harmlessText(text).replace(/\u001b\[[\d;:]*m/g, '')].some(isLeft),
      ),
    );
  });

  it('cannot be run by a spreadsheet', () => {
    expect(csvLine(['=1+1', '+x', '-x', '@x', 'plain', 'a,"b"', null, -5, true])).toBe(
      `'=1+1,'+x,'-x,'@x,plain,"a,""b""",,-5,true\r\n`,
    );
  });
});

describe('tables', () => {
  const columns = [
    { title: 'NAME', value: (row: { name: string; count: number | null }) => row.name },
    { title: 'COUNT', value: (row: { name: string; count: number | null }) => row.count, align: 'right' as const },
  ];

  it('align columns and show unknown as a dash', () => {
    const rows = [
      { name: 'a-long-name', count: 5 },
      { name: 'b\u001b[2J', count: null },
    ];
    expect(renderTable(columns, rows, plain, null)).toBe('NAME         COUNT\na-long-name      5\nb␛[2J            -');
  });

  it('fit the terminal', () => {
    const table = renderTable(columns, [{ name: 'a-rather-long-name', count: 12345 }], plain, 12);
    expect(table.split('\n').every((line) => line.length <= 12)).toBe(true);
    expect(table).toContain('…');
  });
});

describe('status', () => {
  it('says what is wrong in words and symbols, without colours where none are wanted', () => {
    const status = aStatus({
      processes: [
        aProcess({
          actual: 'backing-off',
          pid: null,
          reason: 'Exited with code 1.',
          next_attempt_at: '2026-11-24T12:00:05.000Z',
          restarts: 3,
        }),
      ],
      site_file: {
        path: '/srv/site.yaml',
        revision: 3,
        problems: [{ line: 7, column: 3, path: 'servers[0].port', reason: 'must be a number' }],
      },
    });
    const text = renderStatus(status, { nowMs: Date.UTC(2026, 10, 24, 12), style: plain, columns: null });
    expect(text).toContain('↻ backing-off');
    expect(text).toContain('Exited with code 1. Next attempt in 5.00 s.');
    expect(text).toContain('revision 3 stays in force:\n  line 7: servers[0].port: must be a number');
    expect(text).toContain('No NVIDIA driver was found.');
    expect(text).not.toContain('\u001b');
  });

  it('is coloured on a terminal, unless NO_COLOR is set', () => {
    expect(textStyle({ env: {}, stdoutIsTty: true })('bad', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(textStyle({ env: { NO_COLOR: '1' }, stdoutIsTty: true })('bad', 'x')).toBe('x');
  });
});

describe('refused input', () => {
  it('is explained in one line', () => {
    expect(explainInvalidInput('The input is not valid: ✖ use letters\n  → at name\n✖ too long\n  → at text')).toBe(
      'The input is not valid: use letters (name); too long (text).',
    );
    expect(explainInvalidInput('plain words')).toBe('plain words.');
  });
});
