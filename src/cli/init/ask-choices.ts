import { WORKER_NAME } from '../../node/deploy/worker-name.ts';
import type { Io } from '../io.ts';
import { createPaint } from '../terminal/paint.ts';
import { badName } from './bad-name.ts';

export interface Choices {
  readonly name: string;
  readonly triggers: boolean;
}

/** Asks at the terminal for what is not chosen yet; an empty line takes what is offered. Undefined when nobody answers: the input has ended, or Ctrl-C was pressed. */
export async function askChoices(offered: Choices, open: Readonly<Record<keyof Choices, boolean>>, io: Io): Promise<Choices | undefined> {
  const { cyan, dim } = createPaint(io.stderr, io.env);
  const stop = new AbortController();
  const unlisten = io.onInterrupt(() => stop.abort());
  /** `read` gives the answer, or what is wrong with it. */
  const ask = async <Answer>(
    question: string,
    hint: string,
    read: (line: string) => { readonly answer: Answer } | string,
  ): Promise<Answer | undefined> => {
    for (;;) {
      io.stderr.write(`${cyan('?')} ${question} ${dim(`(${hint})`)} `);
      const line = await io.stdin.line(stop.signal);
      if (line === undefined) {
        io.stderr.write('\n');
        return undefined;
      }
      const said = read(line.trim());
      if (typeof said !== 'string') return said.answer;
      io.stderr.write(`  ${said}\n`);
    }
  };
  try {
    const name = open.name
      ? await ask('Name of the project and its Worker', offered.name, (line) =>
          line === '' ? { answer: offered.name } : WORKER_NAME.test(line) ? { answer: line } : badName(line),
        )
      : offered.name;
    if (name === undefined) return undefined;
    const triggers = open.triggers
      ? await ask('With triggers, by HTTP and by the clock', 'Y or n', (line) =>
          /^(?:y|yes)?$/i.test(line) ? { answer: true } : /^(?:n|no)$/i.test(line) ? { answer: false } : 'y or n',
        )
      : offered.triggers;
    return triggers === undefined ? undefined : { name, triggers };
  } finally {
    unlisten();
  }
}
