import type { DefineCommand } from './command.ts';

const EXAMPLES = `
The expression is bare JavaScript, one \${…} or $<…>, or a text with several, as a value of an ensemble. The
scope is a JSON object: its keys are the names that the expression knows. input, state, env, run, trigger
and the other roots mean themselves; every other key is an agent, hyphens allowed. A value that is
undefined is printed as null, and stderr says so. The limits are those of a run. An expression that begins
with a minus follows --.

Examples:
  $ ensemble eval '1 + 2 * 3'
  $ ensemble eval '[3, 1, 2] | sort | first'
  $ ensemble eval '\${fetch-user.output.name | uppercase}' --scope scope.json
  $ echo '{"input":{"n":4}}' | ensemble eval '$<input.n * 2>' --scope -

Exit codes:
  0 done · 1 the expression cannot be parsed · 2 bad command line or scope · 3 its evaluation failed
`;

/** `ensemble eval EXPR`. */
export const defineEval: DefineCommand = (program, { io, exit }) => {
  program
    .command('eval')
    .summary('evaluate one expression and print its value as JSON')
    .showHelpAfterError('Run ensemble eval --help to see what it takes.')
    .description('Evaluates one expression on this machine, as a run would, and prints its value as JSON on stdout.')
    .argument('<expression>', 'an expression, or a text with expressions in it')
    .option('--scope <file>', 'a JSON file with what the expression may read, or - for stdin')
    .addHelpText('after', EXAMPLES)
    .action(async (expression, options) => {
      const { evaluateExpression } = await import('../eval/evaluate-expression.ts');
      exit(await evaluateExpression(expression, options, io));
    });
};
