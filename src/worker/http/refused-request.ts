import { type ProblemCode, type ProblemOptions, problem } from './problem.ts';

/** A request that is not answered as it asks: what the API throws, and what its answer becomes. */
export class RefusedRequest extends Error {
  readonly #code: ProblemCode;
  readonly #options: ProblemOptions;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.#code = code;
    this.#options = options;
  }

  toResponse(): Response {
    return problem(this.#code, this.message, this.#options);
  }
}

/** Ends the request with a problem. `detail` is a sentence about this very request. */
export function refuse(code: ProblemCode, detail: string, options?: ProblemOptions): never {
  throw new RefusedRequest(code, detail, options);
}
