/** What workerd (1.20260730) says when a caller goes away in the midst of an answer, as whoever follows a run does. */
const CALLER_GONE = /^workerd\/server\/.*: disconnected: /;
/** Behind its errors: places in its own program, which tell nobody anything. */
const ADDRESSES = /^stack:(?: \S+@[0-9a-f]+)+\s*$/;

/** A line that workerd wrote, when it is worth showing; undefined for every other one. */
export function runtimeText(line: string): string | undefined {
  return CALLER_GONE.test(line) || ADDRESSES.test(line) ? undefined : line;
}
