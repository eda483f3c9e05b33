import type { JsonValue } from '../../program/json.ts';
import { describeMiB, sizeOf } from './json-size.ts';

/**
 * What a run may hold at a time of what its agents have given (FAILURE_CODES.OUTPUT_TOO_LARGE): 64 MiB as JSON text, by UTF-16 units. An isolate of Cloudflare has 128 MB; with a heap of that size a run came to its end that held 96 MiB
 * (measured), and what is made of an output on its way to the journal takes three times its size beside that.
 */
export const MAX_HELD_SIZE = 64 * 1024 * 1024;

/** Counts what a run holds of its agents' outputs: the latest of each name, and those that a loop gathers. Only the large ones: the small ones that a program can have steps for come to less than one of those. */
export class HeldOutputs {
  #size = 0;

  add(output: JsonValue | undefined): void {
    this.#size += sizeOf(output);
  }

  remove(output: JsonValue | undefined): void {
    this.#size -= sizeOf(output);
  }

  /** Why the output cannot be held beside the others, in words, or undefined when it can. */
  findExcess(output: JsonValue | undefined): string | undefined {
    const size = sizeOf(output);
    if (size === 0 || this.#size + size <= MAX_HELD_SIZE) return undefined;
    return `too large beside what the run holds of other outputs: together they are ${describeMiB(MAX_HELD_SIZE)}`;
  }
}
