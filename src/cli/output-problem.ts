/** stdout refuses what is written to it: a disk that is full, say. No fault of ours, and no stack trace; exit code 3. */
export class OutputProblem extends Error {
  constructor(cause: unknown) {
    super(`the output could not be written: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'OutputProblem';
  }
}
