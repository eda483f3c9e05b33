import { collect } from './collect.ts';
import type { DefineCommand } from './command.ts';

const EXAMPLES = `
Fires a trigger of the project that "ensemble dev" serves in another terminal, and prints the ids of the runs that
began, one on each line. An http or webhook trigger is fired by a request, with curl for example.

Examples:
  $ ensemble trigger cron nightly-sync
  $ ensemble trigger queue orders --message '{"id": 1}' --message @order.json
  $ ensemble trigger email orders@example.com --from ann@example.com --subject 'Order 7' --text 'Two of them'
`;
const CRON_EXAMPLES = `
Its cron triggers fire now, whatever their time is.

Examples:
  $ ensemble trigger cron nightly-sync
  $ ensemble trigger cron reports/weekly --wait
`;
const QUEUE_EXAMPLES = `
The messages go through the queue as they would when deployed: they are gathered for a second, tried again when their
run fails, and end in the dead-letter queue when they fail for good. --message takes JSON, @FILE for a file with JSON,
or - for stdin.

Examples:
  $ ensemble trigger queue orders --message '{"id": 1}'
  $ ensemble trigger queue orders --message @first.json --message @second.json --wait
`;
const EMAIL_EXAMPLES = `
Examples:
  $ ensemble trigger email orders@example.com --from ann@example.com --subject 'Order 7' --text 'Two of them'
  $ ensemble trigger email orders@example.com --from ann@example.com --file mail.eml
`;

/** `ensemble trigger cron|queue|email`. */
export const defineTrigger: DefineCommand = (program, { io, exit }) => {
  const trigger = program
    .command('trigger')
    .summary('fire a cron, queue or email trigger at ensemble dev')
    .description('Fires a trigger of the project that ensemble dev serves.')
    .showHelpAfterError('Run ensemble trigger --help to see what it takes.')
    .addHelpText('after', EXAMPLES);
  const WAIT = ['--wait', 'follow the runs to their end'] as const;
  const JSON_OPTION = ['--json', 'print one JSON object with the runs'] as const;
  trigger
    .command('cron')
    .argument('<ensemble>', 'its id: the path of its file under ensembles/, without the ending')
    .summary('fire the cron triggers of an ensemble')
    .description('Fires the cron triggers of an ensemble.')
    .option(...WAIT)
    .option(...JSON_OPTION)
    .addHelpText('after', CRON_EXAMPLES)
    .action(async (ensemble, options) => {
      const { triggerCron } = await import('../trigger/trigger-cron.ts');
      exit(await triggerCron(ensemble, options, io));
    });
  trigger
    .command('queue')
    .argument('<queue>', 'the name of the queue')
    .summary('put messages into a queue')
    .description('Puts messages into a queue that an ensemble reads.')
    .option('--message <json>', 'what the message says: JSON, @file or - (again for more of them)', collect)
    .option(...WAIT)
    .option(...JSON_OPTION)
    .addHelpText('after', QUEUE_EXAMPLES)
    .action(async (queue, options) => {
      const { triggerQueue } = await import('../trigger/trigger-queue.ts');
      exit(await triggerQueue(queue, { ...options, message: options.message ?? [] }, io));
    });
  trigger
    .command('email')
    .argument('<address>', 'whom it is sent to')
    .summary('send an email to an ensemble')
    .description('Sends an email to an address that an ensemble has.')
    .requiredOption('--from <address>', 'who sends it')
    .option('--subject <text>', 'its subject')
    .option('--text <text>', 'what it says')
    .option('--file <file>', 'a whole message (.eml) in place of subject and text')
    .option(...WAIT)
    .option(...JSON_OPTION)
    .addHelpText('after', EMAIL_EXAMPLES)
    .action(async (address, options) => {
      const { triggerEmail } = await import('../trigger/trigger-email.ts');
      exit(await triggerEmail(address, options, io));
    });
};
