/**
 * What the worker tells the local host about the code bodies that it is about to call, as a line on its standard output: workerd runs all isolates on one thread, so a body that
 * computes without end stops the whole worker, and only what was said before tells whose fault it is.
 */
export interface CodeMarks {
  /** Calls in flight. 0 = none, or only such that have no timeout and whose module came back at once the last time. */
  readonly calls: number;
  /** The call, when it is the only one. */
  readonly only?: CodeCallMark;
  /** When the first of them is out of time, in ms from now; absent when none has a timeout. */
  readonly dueInMs?: number;
  /** One of them has no timeout. */
  readonly untimed?: true;
}

export interface CodeCallMark {
  readonly run: string;
  /** Its path, as events name it. */
  readonly agent: string;
  /** How long it may take, in ms. */
  readonly limitMs?: number;
  /** That is what is left to what it is part of, and not a timeout of its own. */
  readonly left?: true;
}

/** `secret` is known to the host and its worker alone: nobody else's line is believed. */
export function renderMarks(secret: string, marks: CodeMarks): string {
  return `${secret} ${JSON.stringify(marks)}`;
}

/** Undefined for any other line. */
export function readMarks(secret: string, line: string): CodeMarks | undefined {
  if (!line.startsWith(`${secret} {`)) return undefined;
  try {
    // The worker is our own, built from the same types.
    return JSON.parse(line.slice(secret.length + 1)) as CodeMarks;
  } catch {
    return undefined;
  }
}
