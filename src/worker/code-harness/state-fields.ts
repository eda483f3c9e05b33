import { MAX_OUTPUT_LENGTH, NotPlain, TooLarge, toPlain } from './plain-value.ts';

/** What one call passes to `setState`, merged: as text at once, so that all of it together is held to the limit of an output. */
export class StateFields {
  readonly #texts = new Map<string, string>();
  #length = 0;

  /** Throws a TypeError for what is no object of JSON values, and `TooLarge`. */
  set(fields: unknown): void {
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
      throw new TypeError('setState takes an object: setState({ key: value })');
    }
    for (const [key, value] of Object.entries(plainFields(fields))) this.#put(key, JSON.stringify(value) ?? 'null');
  }

  /** As the rest of an object's JSON text; empty when nothing was set. */
  render(): string {
    if (this.#texts.size === 0) return '';
    return `,"setState":{${Array.from(this.#texts, ([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
  }

  #put(key: string, text: string): void {
    this.#length += text.length - (this.#texts.get(key)?.length ?? -key.length);
    if (this.#length > MAX_OUTPUT_LENGTH) throw new TooLarge('The code passed more than 8 MiB of JSON to setState.');
    this.#texts.set(key, text);
  }
}

function plainFields(fields: object): object {
  try {
    return toPlain(fields) as object;
  } catch (error) {
    if (error instanceof TooLarge) throw new TooLarge('The code passed more than 8 MiB of JSON to setState.');
    throw error instanceof NotPlain ? new TypeError(`setState was given ${error.message}`) : error;
  }
}
