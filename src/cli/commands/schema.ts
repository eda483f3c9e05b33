import { SCHEMAS } from '../schema/schemas.ts';
import type { DefineCommand } from './command.ts';

const LIST = Object.entries(SCHEMAS)
  .map(([name, describes]) => `  ${name.padEnd(10)} ${describes}`)
  .join('\n');

const EXAMPLES = `
Schemas:
${LIST}

Examples:
  $ ensemble schema > ensemble.schema.json
  $ ensemble schema run-event
`;

/** `ensemble schema [NAME]`. */
export const defineSchema: DefineCommand = (program, { io }) => {
  program
    .command('schema')
    .summary('print a JSON Schema, for editors and other tools')
    .showHelpAfterError('Run ensemble schema --help to see what it takes.')
    .description('Prints the JSON Schema of a kind of file on stdout.')
    .argument('[name]', Object.keys(SCHEMAS).join(', '), 'ensemble')
    .addHelpText('after', EXAMPLES)
    .action(async (name) => {
      const { printSchema } = await import('../schema/print-schema.ts');
      printSchema(name, io);
    });
};
