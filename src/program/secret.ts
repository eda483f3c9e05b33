/** A value that no file may show, and the variable that it came from. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** Each of both once. */
export function mergeSecrets(known: readonly Secret[], more: readonly Secret[]): readonly Secret[] {
  const isNew = (secret: Secret) => !known.some(({ name, value }) => name === secret.name && value === secret.value);
  const added = more.filter(isNew);
  return added.length === 0 ? known : [...known, ...added];
}
