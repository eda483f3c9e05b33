import type { Program } from '../../program/program.ts';
import type { Io } from '../io.ts';
import { readAnswers } from './given-answers.ts';
import type { People } from './question-desk.ts';

export interface ApprovalOptions {
  readonly answer?: readonly string[];
  readonly approver?: string;
}

/**
 * Who answers by the command line: `--answer` and `--approver`, else the user of the environment at the terminal, where there is one. A deployed Worker (`origin`) knows by the key who answers.
 * @throws UsageProblem
 */
export function readPeople({ answer = [], approver }: ApprovalOptions, program: Program | undefined, io: Io, origin?: string): People {
  const who = approver ?? (origin === undefined ? userOf(io) : undefined);
  return { answers: readAnswers(answer, who, program), approver: who, interactive: io.stdin.isTTY && io.stderr.isTTY };
}

/** The user of this machine, by the environment. */
export function userOf({ env }: Pick<Io, 'env'>): string | undefined {
  return env.USER ?? env.LOGNAME ?? env.USERNAME;
}
