import { main } from '../../../src/cli/main.ts';
import { createFakeIo, type FakeIoOptions } from '../support/fake-io.ts';

/** Runs `ensemble validate` in this process. */
export async function validate(cwd: string, args: readonly string[], options: FakeIoOptions = {}) {
  const io = createFakeIo({ cwd, ...options });
  const code = await main(['validate', ...args], io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

/** The same in the compact format, a list of `file:line:column: severity: … [rule]`. */
export async function validateLines(cwd: string, args: readonly string[], options: FakeIoOptions = {}) {
  const result = await validate(cwd, ['--format', 'compact', ...args], options);
  return { ...result, lines: result.stdout.split('\n').slice(0, -1) };
}

/** An ensemble without mistakes. */
export const CLEAN = `ensemble: clean
input:
  name: string
agents:
  - name: say
    operation: log
    config:
      message: "hello \${input.name}"
`;

/** One warning, of constant-condition, in line 7. */
export const WARNS = CLEAN.replace('    config:', '    condition: always\n    config:');

/** One error, of unknown-name, in line 8. */
export const FAILS = CLEAN.replace('input.name', 'inptu.name').replace('input:\n  name: string\n', '');

/** What `--fix` mends: a value that needs quotes, in line 8. */
export const FIXABLE = CLEAN.replace('"hello ${input.name}"', 'hello: ${input.name}');
