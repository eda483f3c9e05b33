import type { Host } from '../../node/host.ts';
import type { Io } from '../io.ts';
import { commandOn } from '../run/command-on.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';
import type { Unanswered } from './question-desk.ts';

const MOST_QUESTIONS = 10;

/** Says on stderr what was not answered, that the run waits, and how to answer. */
export function showUnanswered(run: string, unanswered: readonly Unanswered[], host: Pick<Host, 'flags'>, io: Io): void {
  const { bold, cyan, yellow, dim } = createPaint(io.stderr, io.env);
  const lines = unanswered.slice(0, MOST_QUESTIONS).map(({ asked: { agent, prompt }, why }) => {
    const question = prompt === undefined ? '' : `: ${harmlessLine(prompt)}`;
    return `${yellow('⏸')} ${bold(harmlessLine(agent))} asks for an approval, and ${why}${question}`;
  });
  if (unanswered.length > MOST_QUESTIONS) lines.push(dim(`  and ${unanswered.length - MOST_QUESTIONS} more`));
  const [first] = unanswered;
  const agent = unanswered.length > 1 || first === undefined ? 'AGENT' : quoted(first.asked.agent);
  lines.push(
    `${cyan('help:')} the run waits; answer with`,
    `        ${commandOn(host, `approve ${run} ${agent}`)}`,
    `        ${commandOn(host, `reject ${run} ${agent} --feedback "why"`)}`,
    `      and follow it with ${commandOn(host, `attach ${run}`)}`,
  );
  io.stderr.write(`${lines.join('\n')}\n`);
}

/** As a shell takes it: positions (`ask[0]`) are patterns to it. */
function quoted(path: string): string {
  const text = harmlessLine(path);
  return /^[\w/-]+$/.test(text) ? text : `'${text}'`;
}
