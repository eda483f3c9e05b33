import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printJson, printJsonLine } from '../../src/cli/print-json.ts';
import { createFakeIo } from './support/fake-io.ts';
import { runMain } from './support/run-main.ts';

/** A sequence that clears the screen in one character and one that reorders text: JSON.stringify leaves both as they are. */
const REPAINTS = '\u009b2J\u202e';

describe('JSON on stdout', () => {
  test.each([true, false])(
    'is the same data without what could repaint a terminal, also in a pipe, which ends in one (terminal: %j)',
    (tty) => {
      for (const print of [printJson, printJsonLine]) {
        const io = createFakeIo({ tty });
        print({ text: REPAINTS }, io);
        expect(JSON.parse(io.stdout.text)).toEqual({ text: REPAINTS });
        expect(io.stdout.text).not.toContain(REPAINTS);
      }
    },
  );

  test('is so in a plan, too', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'ensemble-json-'));
    writeFileSync(join(cwd, 'a.yaml'), `ensemble: a\nagents:\n  - { name: a, operation: transform, config: { value: 1 } }\n`);
    const input = JSON.stringify({ text: REPAINTS });
    const { code, stdout } = await runMain(['run', 'a.yaml', '--dry-run', '--json', '--input', input], { cwd, tty: true });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ input: { text: REPAINTS } });
    expect(stdout).not.toContain(REPAINTS);
  });
});
