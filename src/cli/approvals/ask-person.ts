import type { ApprovalAnswer } from '../../program/approval.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { Io } from '../io.ts';
import { prettyJson } from '../pretty-json.ts';
import { harmlessJson, harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';

export type Asked = Extract<RunEvent, { type: 'run.waiting' }>;

const SHOWN_LINES = 30;
const ANSWER = /^(?:(y|yes|approve)|n|no|reject)(?:[\s:,]+(.*))?$/i;

/**
 * Asks at the terminal what an agent asks, and then, where only some may answer and `approver` is none of them, who it is that answers. Undefined when nobody
 * answers: the input has ended, or the signal fired.
 */
export async function askPerson(
  { agent, prompt, data, approvers }: Asked,
  approver: string | undefined,
  io: Io,
  signal: AbortSignal,
): Promise<ApprovalAnswer | undefined> {
  const { bold, cyan, dim } = createPaint(io.stderr, io.env);
  const lines = [`${cyan('?')} ${bold(harmlessLine(agent))} asks${prompt === undefined ? '' : `: ${bold(harmlessLine(prompt))}`}`];
  if (data !== undefined) lines.push(...dataLines(data).map((line) => dim(`    ${line}`)));
  io.stderr.write(`${lines.join('\n')}\n`);
  const said = await readUntil(io, `  ${dim('y or n, and why if you like:')} `, (line) => ANSWER.exec(line) ?? undefined, signal);
  if (said === undefined) return undefined;
  const [, yes, feedback = ''] = said;
  const mayAnswer = approvers === undefined || (approver !== undefined && approvers.includes(approver));
  const question = `  ${dim(`who are you (${approvers?.map(harmlessLine).join(', ')})?`)} `;
  const who = mayAnswer ? approver : await readUntil(io, question, (line) => approvers.find((name) => name === line), signal);
  if (!mayAnswer && who === undefined) return undefined;
  return {
    approved: yes !== undefined,
    ...(feedback.trim() === '' ? {} : { feedback: feedback.trim() }),
    ...(who === undefined ? {} : { approver: who }),
  };
}

function dataLines(data: unknown): readonly string[] {
  const lines = harmlessJson(prettyJson(data)).split('\n');
  return lines.length <= SHOWN_LINES ? lines : [...lines.slice(0, SHOWN_LINES), `… and ${lines.length - SHOWN_LINES} more lines`];
}

/** Asks again until the line says something. */
async function readUntil<Said>(
  io: Io,
  question: string,
  read: (line: string) => Said | undefined,
  signal: AbortSignal,
): Promise<Said | undefined> {
  for (;;) {
    io.stderr.write(question);
    const line = await io.stdin.line(signal);
    if (line === undefined) {
      // The cursor stands behind the question.
      io.stderr.write('\n');
      return undefined;
    }
    const said = read(line.trim());
    if (said !== undefined) return said;
  }
}
