import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/ensemble.js', import.meta.url));

/** docs/cli.md: the help of every command, as the built CLI prints it. */
export function renderCommandLine(): string {
  const help = (...args: string[]): string =>
    execFileSync(process.execPath, [bin, ...args, '--help'], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', COLUMNS: '100' },
    }).trimEnd();
  const namesIn = (text: string): readonly string[] => {
    const at = text.indexOf('\nCommands:');
    const names = at === -1 ? [] : [...text.slice(at).matchAll(/^ {2}([\w-]+) /gm)].map(([, name = '']) => name);
    return names.filter((name) => name !== 'help');
  };
  const sectionsIn = (text: string, path: readonly string[]): readonly string[] =>
    namesIn(text).flatMap((name) => {
      const own = help(...path, name);
      const heading = `${'#'.repeat(path.length + 2)} ensemble ${[...path, name].join(' ')}`;
      return ['', heading, '', '```text', own, '```', ...sectionsIn(own, [...path, name])];
    });
  const all = help();
  return `${[
    '# The command line',
    '',
    'Made from the help texts by `npm run generate`. In a clone of this repository, write `npx ensemble`.',
    '',
    '## ensemble',
    '',
    '```text',
    all,
    '```',
    ...sectionsIn(all, []),
  ].join('\n')}\n`;
}
