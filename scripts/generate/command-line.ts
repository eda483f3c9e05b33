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
  return `${[
    '# The command line',
    '',
    'Made from the help texts by `npm run generate`. In a clone of this repository, write `npx ensemble`.',
    '',
    '## ensemble',
    '',
    '```text',
    help(),
    '```',
    '',
    '## ensemble run',
    '',
    '```text',
    help('run'),
    '```',
  ].join('\n')}\n`;
}
