import { API_SCOPES } from '../../program/api-scopes.ts';
import { collect } from './collect.ts';
import type { DefineCommand } from './command.ts';

const SCOPES = Object.entries(API_SCOPES)
  .map(([name, describes]) => `  ${name.padEnd(14)} ${describes}`)
  .join('\n');

const EXAMPLES = `
Prints a new random key and the entry that the Worker knows it by. The entry holds the SHA-256 of the key, not the key
itself: nobody can read it from the secret, and it is not shown again. The secret ENSEMBLE_API_KEYS is a JSON list of
such entries.

Scopes (several with commas or by repeating --scope; * for all):
${SCOPES}

Examples:
  $ ensemble keys create ci --scope runs:start,runs:read
  $ ensemble keys create shop --scope runs:start --ensemble orders/create
  $ ensemble keys create ops --scope '*' --json
`;

/** `ensemble keys create NAME`. */
export const defineKeys: DefineCommand = (program, { io, exit }) => {
  const keys = program
    .command('keys')
    .summary('make keys for the HTTP API of a deployed Worker')
    .description('Makes keys for the HTTP API of a deployed Worker.')
    .showHelpAfterError('Run ensemble keys --help to see what it takes.');
  keys
    .command('create')
    .argument('<name>', 'what logs and approvals call its holder')
    .summary('make a key')
    .description('Makes a key, which is shown once.')
    .requiredOption('--scope <scopes>', 'what the key is for; repeatable', collect)
    .option('--ensemble <id>', 'the key is for runs of this ensemble only; repeatable', collect)
    .option('--json', 'print one JSON object with the key and its entry')
    .addHelpText('after', EXAMPLES)
    .action(async (name, options) => {
      const { createKey } = await import('../keys/create-key.ts');
      exit(await createKey(name, options, io));
    });
};
