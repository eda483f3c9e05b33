/**
 * Something of the user's project that has to be put right before anything can run: a wrangler configuration that cannot be read, a migration
 * that the database refuses. The CLI prints the message without a stack trace and exits with 1.
 */
export class ProjectProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProjectProblem';
  }
}
