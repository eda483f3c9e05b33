import type { DefineCommand } from './command.ts';

const EXAMPLES = `
It looks at the configuration as ensemble doctor does, stops at errors, and hands over to the wrangler of the
project (node_modules/.bin), else the one in PATH. wrangler builds, by the configuration's [build], and deploys;
\`wrangler deploy\` alone does the same without looking first.

Examples:
  $ ensemble deploy --dry-run
  $ ensemble deploy
  $ ensemble deploy --env staging -- --secrets-file .secrets.staging

Exit codes:
  0 deployed · 1 errors, or wrangler failed · 2 bad command line · 70 a bug in ensemble · 130 interrupted
`;

/** `ensemble deploy [-- WRANGLER ARGUMENTS]`. */
export const defineDeploy: DefineCommand = (program, { io, exit }) => {
  program
    .command('deploy')
    .summary('build the project and deploy it by wrangler')
    .showHelpAfterError('Run ensemble deploy --help to see what it takes.')
    .description('Deploys the project to Cloudflare Workers, by its wrangler.')
    .argument('[arguments...]', 'behind --: for wrangler deploy')
    .option('-e, --env <name>', 'a named environment of the configuration')
    .option('--dry-run', 'do everything but deploy')
    .addHelpText('after', EXAMPLES)
    .action(async (given, options) => {
      const { runDeploy } = await import('../deploy/run-deploy.ts');
      exit(await runDeploy(given, options, io));
    });
};
