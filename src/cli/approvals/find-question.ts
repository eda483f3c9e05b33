import { ProjectProblem } from '../../node/project-problem.ts';
import type { RunStatus } from '../../program/run-event.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { fitWidth } from '../terminal/fit-width.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { UsageProblem } from '../usage-problem.ts';
import type { Asked } from './ask-person.ts';
import { dropPositions, nameOf } from './given-answers.ts';

const PROMPT_CELLS = 80;

/**
 * The question that a command line means: by the path of its agent, with positions or without them, or by the agent's name alone; without any, the only one there is.
 * @throws UsageProblem when several are meant, which it lists; ProjectProblem when nothing is asked, or not by that agent.
 */
export function findQuestion(
  questions: readonly Asked[],
  agent: string | undefined,
  { run, status }: { readonly run: string; readonly status: RunStatus },
): Asked {
  if (questions.length === 0) throw new ProjectProblem(`no agent of the run ${run} waits for an approval; the run ${stateOf(status)}`);
  const meant = meantBy(questions, agent);
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return only;
  if (meant.length === 0) {
    throw new ProjectProblem(`no agent ${harmlessLine(agent ?? '')} waits for an approval; these do:\n${list(questions)}`);
  }
  throw new UsageProblem(`several approvals are waited for; name one of them:\n${list(meant)}`);
}

/** A path that is exactly this one is meant, whatever else is called so. */
function meantBy(questions: readonly Asked[], agent: string | undefined): readonly Asked[] {
  if (agent === undefined) return questions;
  const exact = questions.filter((asked) => asked.agent === agent);
  return exact.length > 0 ? exact : questions.filter((asked) => dropPositions(asked.agent) === agent || nameOf(asked.agent) === agent);
}

function list(questions: readonly Asked[]): string {
  const rows = questions.map(({ agent, prompt }) => [`  ${harmlessLine(agent)}`, fitWidth(harmlessLine(prompt ?? ''), PROMPT_CELLS)]);
  return alignColumns(rows).join('\n');
}

function stateOf(status: RunStatus): string {
  return status === 'running' || status === 'waiting' || status === 'paused' ? `is ${status}` : `is over (${status})`;
}
