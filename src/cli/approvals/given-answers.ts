import type { ApprovalAnswer } from '../../program/approval.ts';
import { listAgents } from '../../program/list-agents.ts';
import type { Program } from '../../program/program.ts';
import { suggest } from '../../program/suggest.ts';
import { UsageProblem } from '../usage-problem.ts';

/** What the command line answers, by the path that it names: an agent's with positions (`ask[2]`), without them (`ask`, for all of them), or its name alone. */
export type GivenAnswers = ReadonlyMap<string, ApprovalAnswer>;

/**
 * `--answer AGENT=approve`, `--answer AGENT=reject:feedback`. `approver` is who answers.
 * @throws UsageProblem for one that cannot be read, or that no `approval` of the program asks for.
 */
export function readAnswers(options: readonly string[], approver: string | undefined, program: Program | undefined): GivenAnswers {
  const answers = new Map<string, ApprovalAnswer>();
  for (const option of options) {
    const [, agent = '', verdict, feedback] = /^([^=]+)=(approve|reject)(?::(.*))?$/s.exec(option) ?? [];
    if (verdict === undefined)
      throw new UsageProblem(`--answer takes AGENT=approve or AGENT=reject, with :feedback if you like; found "${option}"`);
    if (answers.has(agent)) throw new UsageProblem(`--answer: "${agent}" is answered twice`);
    if (program !== undefined) checkAgent(agent, program);
    answers.set(agent, {
      approved: verdict === 'approve',
      ...(feedback === undefined || feedback === '' ? {} : { feedback }),
      ...(approver === undefined ? {} : { approver }),
    });
  }
  return answers;
}

/** The answer to what the agent of this path asks, the one that names it most exactly. */
export function findAnswer(answers: GivenAnswers, path: string): ApprovalAnswer | undefined {
  const [withoutPositions, name] = [dropPositions(path), nameOf(path)];
  return answers.get(path) ?? answers.get(withoutPositions) ?? answers.get(name);
}

function checkAgent(agent: string, program: Program): void {
  const paths = [...listAgents(program)].flatMap(({ step, path }) =>
    step.action.type === 'operation' && step.action.operation === 'approval' ? [path] : [],
  );
  if (paths.some((path) => path === dropPositions(agent) || nameOf(path) === agent)) return;
  if (paths.length === 0) throw new UsageProblem(`--answer ${agent}: no agent of this ensemble asks for an approval`);
  const near = suggest(agent, paths);
  throw new UsageProblem(
    `--answer ${agent}: no agent of that name asks for an approval${near === undefined ? `; there is ${paths.join(', ')}` : `\nDid you mean ${near}?`}`,
  );
}

/** `outer/ask` for `outer[3]/ask[0]`. */
export const dropPositions = (path: string): string => path.replace(/\[\d+\]/g, '');
/** `ask` for `outer[3]/ask[0]`. */
export const nameOf = (path: string): string => dropPositions(path.slice(path.lastIndexOf('/') + 1));
