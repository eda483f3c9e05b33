import type { Io } from '../io.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';
import type { Asked } from './ask-person.ts';

/** Says on stderr what was not answered and how to answer it. */
export function showUnanswered({ agent, prompt }: Asked, why: string, io: Io): void {
  const { bold, cyan, yellow } = createPaint(io.stderr, io.env);
  const name = harmlessLine(agent);
  const lines = [
    `${yellow('⏸')} ${bold(name)} asks for an approval, and ${why}${prompt === undefined ? '' : `: ${harmlessLine(prompt)}`}`,
    `${cyan('help:')} answer with --answer ${name}=approve or --answer ${name}=reject:why, or run it on a terminal, where the question is asked`,
    '      a run cannot be left waiting yet: this one was cancelled',
  ];
  io.stderr.write(`${lines.join('\n')}\n`);
}
