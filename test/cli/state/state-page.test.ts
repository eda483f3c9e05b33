import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { listFences } from '../../support/markdown.ts';
import { runCli, SHARED_HOST } from '../../support/run-cli.ts';
import { stopHostOf } from '../../support/stop-host.ts';
import { writeProject } from '../../support/written-project.ts';

const fences = listFences(readFileSync(new URL('../../../docs/state.md', import.meta.url), 'utf8'));
const files = Object.fromEntries(
  fences.flatMap(({ info, text }) => (info.startsWith('yaml ensembles/') ? [[info.slice('yaml '.length), text] as const] : [])),
);
/** What the page shows of commands: `$ command`, and below it what it prints. */
const shown = fences
  .filter(({ info }) => info === 'console')
  .flatMap(({ text }) => text.split(/^\$ /m).slice(1))
  .map((text) => ({ command: text.slice(0, text.indexOf('\n')), output: text.slice(text.indexOf('\n') + 1) }));

/** What is the same whenever it is run. */
function withoutMoments(text: string): string {
  return text
    .replaceAll(/\b01[0-9a-z]{24}\b/g, 'RUN')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, 'TIME')
    .replaceAll(/\d+(?:\.\d+)? (?:ms|s|m \d\d s|h \d\d m)\b/g, 'DURATION')
    .trimEnd();
}

test('the page about state across runs shows what the commands print', async () => {
  using project = writeProject(files);
  await using _host = { [Symbol.asyncDispose]: () => stopHostOf(project.root) };
  expect(shown.length).toBeGreaterThan(12);
  for (const { command, output } of shown) {
    const { code, stdout, stderr } = await runCli(command.split(' ').slice(1), { cwd: project.root, env: SHARED_HOST });
    // A name on stdout is for scripts; what is said about it goes to stderr.
    const printed = command.includes(' snapshot ') ? stdout : stdout + stderr;
    expect({ command, code, printed: withoutMoments(printed) }).toEqual({ command, code: 0, printed: withoutMoments(output) });
  }
}, 120_000);
