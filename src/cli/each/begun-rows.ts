import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { OutputProblem } from '../output-problem.ts';

/**
 * The runs of a batch that have begun and of which no result is known yet, in a small file beside the results. It is gone when the batch is through; of a batch that was killed it tells the next one
 * which runs go on without it, so that none of their rows is run twice.
 */
export class BegunRows {
  readonly #file: string;
  /** By the id of the run: the key of its row. */
  readonly #open: Map<string, string>;

  /** `open` is what an earlier batch left. */
  constructor(file: string, open: ReadonlyMap<string, string>) {
    this.#file = file;
    this.#open = new Map(open);
  }

  /** Call it before the run begins. @throws OutputProblem when the file takes no more. */
  begin(key: string, run: string): void {
    this.#open.set(run, key);
    this.#write(() => appendFileSync(this.#file, lineOf(run, key)));
  }

  /** Its result is known, or it is of no interest any more. */
  end(run: string): void {
    this.#open.delete(run);
  }

  close(): void {
    this.#write(() => {
      if (this.#open.size === 0) rmSync(this.#file, { force: true });
      else writeFileSync(this.#file, Array.from(this.#open, ([run, key]) => lineOf(run, key)).join(''));
    });
  }

  #write(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw new OutputProblem(error);
    }
  }
}

/** What an earlier batch left; a line that a crash tore is none. */
export function readBegun(file: string): Map<string, string> {
  if (!existsSync(file)) return new Map();
  const begun = new Map<string, string>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, run, key] = LINE.exec(line) ?? [];
    if (run !== undefined && key !== undefined) begun.set(run, key);
  }
  return begun;
}

const LINE = /^([0-9a-z]{26}) ([0-9a-f]{32})$/;
const lineOf = (run: string, key: string): string => `${run} ${key}\n`;
