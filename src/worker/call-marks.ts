import { type CodeCallMark, type CodeMarks, renderMarks } from '../program/code-marks.ts';

interface Call {
  readonly mark: CodeCallMark;
  readonly watched: boolean;
  readonly dueAt: number | undefined;
}

/**
 * Says which calls of code bodies are in flight, for the host's watchdog, before they begin (`CodeMarks`). A line costs half as much as a call, so it is only written
 * 1. when a call that is `watched` begins or ends, with all the calls that are in flight then;
 * 2. as long as a watched one is in flight, for every other call too: what was said last is exact unless it is "none".
 */
export class CallMarks {
  readonly #write: (line: string) => void;
  readonly #secret: string;
  readonly #calls = new Set<Call>();
  #watched = 0;

  constructor(secret: string, write: (line: string) => void) {
    this.#secret = secret;
    this.#write = write;
  }

  /** A call begins now. Gives back what to do when it is over. */
  begin(mark: CodeCallMark, watched: boolean): () => void {
    const { limitMs } = mark;
    const call: Call = { mark, watched, dueAt: limitMs === undefined ? undefined : Date.now() + limitMs };
    this.#calls.add(call);
    if (watched) this.#watched += 1;
    if (this.#watched > 0) this.#tell();
    return () => {
      if (!this.#calls.delete(call)) return;
      if (watched) this.#watched -= 1;
      if (watched || this.#watched > 0) this.#tell();
    };
  }

  #tell(): void {
    const calls = this.#watched > 0 ? [...this.#calls] : [];
    const due = calls.flatMap(({ dueAt }) => (dueAt === undefined ? [] : [dueAt]));
    const [first] = calls;
    const marks: CodeMarks = {
      calls: calls.length,
      ...(calls.length === 1 && first !== undefined ? { only: first.mark } : {}),
      ...(due.length === 0 ? {} : { dueInMs: Math.max(0, due.reduce((least, at) => Math.min(least, at)) - Date.now()) }),
      ...(due.length === calls.length ? {} : { untimed: true }),
    };
    this.#write(renderMarks(this.#secret, marks));
  }
}
