import type { DefineCommand } from './command.ts';

export interface AnswerCommand {
  readonly name: 'approve' | 'reject';
  readonly approved: boolean;
  readonly summary: string;
  readonly description: string;
  readonly examples: string;
}

/** The two commands that answer an approval differ in their words and the verdict alone. */
export function defineAnswer({ name, approved, summary, description, examples }: AnswerCommand): DefineCommand {
  return (program, { io, openHost, exit }) => {
    program
      .command(name)
      .summary(summary)
      .showHelpAfterError(`Run ensemble ${name} --help to see what it takes.`)
      .description(description)
      .argument('<run>', 'the id of a run')
      .argument('[agent]', 'the agent that asks, by its path or name; it may be left out when only one asks')
      .option('--feedback <text>', 'why; the ensemble reads it as .output.feedback')
      .option('--data <json>', 'what else the ensemble is to know, as .output.data: JSON, @file, or - for stdin')
      .option('--approver <name>', 'who answers (default: the user of this machine)')
      .option('--json', 'print what was done as JSON')
      .addHelpText(
        'after',
        `\nExamples:${examples}\n\nExit codes:\n  0 answered · 1 nothing is asked, or not of you · 2 no such run, or several agents ask\n`,
      )
      .action(async (run, agent, options) => {
        const { answerApproval } = await import('../approvals/answer-approval.ts');
        exit(await answerApproval({ run, agent, approved }, options, io, openHost));
      });
  };
}
