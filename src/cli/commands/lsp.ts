import type { DefineCommand } from './command.ts';

/** `ensemble lsp`: what editors start. */
export const defineLsp: DefineCommand = (program, { io, exit }) => {
  program
    .command('lsp')
    .summary('serve editors by the Language Server Protocol')
    .showHelpAfterError('Run ensemble lsp --help to see what it takes.')
    .description('Speaks the Language Server Protocol on stdin and stdout. Editors start it; how to set one up says docs/editors.md.')
    .option('--stdio', 'talk on stdin and stdout: what it does anyway, and what many editors ask for')
    .option('--clientProcessId <pid>', 'taken and ignored: the editor tells its process when it connects')
    .action(async () => {
      const { runServer } = await import('../../editor/run-server.ts');
      exit(await runServer({ input: process.stdin, output: process.stdout, every: io.every }));
    });
};
