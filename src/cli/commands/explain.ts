import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Examples:
  $ ensemble explain
  $ ensemble explain spliced-sql
  $ ensemble explain TIMEOUT
`;

/** `ensemble explain [CODE]`. */
export const defineExplain: DefineCommand = (program, { io }) => {
  program
    .command('explain')
    .summary('say what a code of a finding or of a failure means')
    .showHelpAfterError('Run ensemble explain --help to see what it takes.')
    .description('Prints the page of a rule (what it finds, why, a wrong and a right example), or what a failure code means.')
    .argument('[code]', 'a rule, such as spliced-sql, or a failure code, such as TIMEOUT; without one all are listed')
    .addHelpText('after', EXAMPLES)
    .action(async (code) => {
      const { explainCode } = await import('../explain/explain-code.ts');
      explainCode(code, io);
    });
};
