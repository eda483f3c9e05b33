/** Tells whoever runs the Worker (`wrangler tail`, the platform's logs) of something that they must mend. Never give it a secret or a text of a caller. */
export function warnOperator(message: string): void {
  // biome-ignore lint/suspicious/noConsole: the platform's logs are the only place where a deployed Worker can tell its operator something.
  console.error(message);
}
