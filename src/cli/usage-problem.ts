/** The command line cannot be followed as it is: an unknown file, an input that does not fit. Shown without a stack trace; exit code 2. */
export class UsageProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageProblem';
  }
}
