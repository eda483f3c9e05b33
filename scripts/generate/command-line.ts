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
  const all = help();
  const names = [...all.slice(all.indexOf('\nCommands:')).matchAll(/^ {2}([\w-]+) /gm)].map(([, name = '']) => name);
  const sections = names.filter((name) => name !== 'help').flatMap((name) => ['', `## ensemble ${name}`, '', '```text', help(name), '```']);
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
    ...sections,
  ].join('\n')}\n`;
}
