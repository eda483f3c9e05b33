/** What a command line names is not there, or cannot be read. */
export class ReferenceProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReferenceProblem';
  }
}
