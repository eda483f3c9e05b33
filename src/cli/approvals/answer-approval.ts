import { ProjectProblem } from '../../node/project-problem.ts';
import type { ApprovalAnswer } from '../../program/approval.ts';
import { readRun } from '../control/read-run.ts';
import { type TellOptions, tellDone } from '../control/tell-done.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readJsonOption } from '../read-json.ts';
import { commandOn } from '../run/command-on.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { withHost } from '../run/with-host.ts';
import { findRun } from '../runs/find-run.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { findQuestion } from './find-question.ts';
import { userOf } from './read-people.ts';

export interface AnswerOptions extends TellOptions {
  /** JSON, `@file`, or `-` for stdin. */
  readonly data?: string;
  readonly feedback?: string;
  readonly approver?: string;
}

/**
 * `ensemble approve` and `ensemble reject`: answers what an agent of a run asks. Without an agent: the only one that asks.
 * @throws UsageProblem when there is no such run, or it is not said which of several agents is meant; ProjectProblem when nothing is asked, or this person may not answer.
 */
export async function answerApproval(
  { run: text, agent, approved }: { readonly run: string; readonly agent: string | undefined; readonly approved: boolean },
  options: AnswerOptions,
  io: Io,
  openHost: OpenHost,
): Promise<ExitCode> {
  const { data, feedback } = options;
  const given = data === undefined ? {} : { data: await readJsonOption(data, '--data', io) };
  return withHost(io, openHost, async (host) => {
    const approver = options.approver ?? (host.origin === undefined ? userOf(io) : undefined);
    const answer: ApprovalAnswer = {
      approved,
      ...(feedback === undefined || feedback === '' ? {} : { feedback }),
      ...(approver === undefined ? {} : { approver }),
      ...given,
    };
    const run = await findRun(text, host);
    const { questions, snapshot } = await readRun(host, run);
    const asked = findQuestion(questions, agent, { run, status: snapshot.status });
    const outcome = await host.call('answer', { run, agent: asked.agent, answer });
    const name = harmlessLine(asked.agent);
    if (outcome.type === 'unknown') throw new ProjectProblem(`${name} does not wait for an answer any more`);
    if (outcome.type === 'refused') {
      const names = outcome.approvers.map(harmlessLine).join(', ');
      const who = approver === undefined ? 'somebody without a name' : harmlessLine(approver);
      throw new ProjectProblem(`${who} may not answer ${name}, only ${names} (--approver says who you are)`);
    }
    const words = `${approved ? 'approved' : 'rejected'} ${name}; ${commandOn(host, `attach ${run}`)} follows the run`;
    tellDone(words, { run, agent: asked.agent, approved }, options, io);
    return EXIT.done;
  });
}
