/**
 * A deployed Worker cannot be reached, does not take the key, or says no. The CLI prints the message without a stack trace and exits with 1. Whatever of it comes from the Worker is cut short, and
 * made harmless by who shows it.
 */
export class RemoteProblem extends Error {
  /** The stable code of the Worker's own problem document (RFC 9457); undefined where it gave none. */
  readonly code: string | undefined;
  /** Of the HTTP answer; undefined where there was none. */
  readonly status: number | undefined;
  /** The problem document, as the Worker gave it. */
  readonly document: Readonly<Record<string, unknown>>;

  constructor(message: string, { code, status, document = {}, ...options }: RemoteProblemOptions = {}) {
    super(message, options);
    this.name = 'RemoteProblem';
    this.code = code;
    this.status = status;
    this.document = document;
  }
}

export interface RemoteProblemOptions extends ErrorOptions {
  readonly code?: string | undefined;
  readonly status?: number;
  readonly document?: Readonly<Record<string, unknown>>;
}

/** Somebody did not want to wait for the Worker any longer. The CLI exits as after any interrupt. */
export class RemoteInterrupted extends Error {
  constructor() {
    super('interrupted while the Worker was asked');
    this.name = 'RemoteInterrupted';
  }
}
