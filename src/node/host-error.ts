/** The runtime went away under a run, or does not speak the protocol: not the author's fault. */
export class HostError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HostError';
  }
}

/** Who should have answered went away: the runtime died, or the host process did. */
export class ConnectionLost extends HostError {
  /** Whether the question had been handed over, so that it may have been acted on. */
  readonly sent: boolean;

  constructor(message: string, sent: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConnectionLost';
    this.sent = sent;
  }
}
