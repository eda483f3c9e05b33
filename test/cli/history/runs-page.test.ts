import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listFences } from '../../support/markdown.ts';
import { runCli, SHARED_HOST } from '../../support/run-cli.ts';
import { stopHostOf } from '../../support/stop-host.ts';
import { writeProject } from '../../support/written-project.ts';

const page = readFileSync(new URL('../../../docs/runs.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('## The past of a run')).split(/\n## /)[0] ?? '';
const fences = listFences(section);
const files = Object.fromEntries(
  fences.flatMap(({ info, text }) => (info.startsWith('yaml ensembles/') ? [[info.slice('yaml '.length), text] as const] : [])),
);

interface Shown {
  readonly command: string;
  readonly output: string;
}

/** What the page shows of commands: `$ command`, and below it what it prints. */
const shown: readonly Shown[] = fences
  .filter(({ info }) => info === 'console')
  .flatMap(({ text }) => text.split(/^\$ /m).slice(1))
  .map((text) => ({ command: text.slice(0, text.indexOf('\n')), output: text.slice(text.indexOf('\n') + 1) }));

const ID = /\b01[0-9a-z]{24}\b/g;

/** What is the same whenever it is run: without ids and times, and without what stands behind them in columns. */
function withoutMoments(output: string): string {
  return output
    .replace(/\n\ntook clearly longer[\s\S]*/, '\n')
    .replaceAll(ID, 'RUN')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/\d+(?:\.\d+)? m?s\b/g, 'DURATION')
    .replaceAll(/(?<=\S) {2,}/g, '  ')
    .replaceAll(/^ +(?=DURATION|kept)/gm, '')
    .trimEnd();
}

const splitWords = (command: string) => (command.match(/(?:[^\s']|'[^']*')+/g) ?? []).map((word) => word.replaceAll("'", ''));

/** `sed -i s/from/to/ file` */
function edit(root: string, [, , change = '', file = '']: readonly string[]): void {
  const [, from = '', to = ''] = change.split('/');
  const text = readFileSync(join(root, file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(root, file), text.replace(from, to));
}

describe('the page about runs', () => {
  test('shows of their past what the commands print', async () => {
    using project = writeProject(files);
    await using _host = { [Symbol.asyncDispose]: () => stopHostOf(project.root) };
    const ids = new Map<string, string>();
    expect(shown.length).toBeGreaterThan(8);
    for (const { command, output } of shown) {
      const words = splitWords(command.replaceAll(ID, (id) => ids.get(id) ?? id));
      if (words[0] === 'sed') {
        edit(project.root, words);
        continue;
      }
      expect(words[0]).toBe('ensemble');
      const { code, stdout, stderr } = await runCli(words.slice(1), { cwd: project.root, env: SHARED_HOST });
      expect({ command, stderr, printed: withoutMoments(stdout) }).toEqual({ command, stderr: '', printed: withoutMoments(output) });
      expect(code).toBe(/ diff |--with-current/.test(command) ? 1 : 0);
      const [mine] = stdout.match(ID) ?? [];
      const [theirs] = output.match(ID) ?? [];
      if (mine !== undefined && theirs !== undefined) ids.set(theirs, mine);
    }
  });
});
