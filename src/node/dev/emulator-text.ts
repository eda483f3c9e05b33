import { stripVTControlCharacters } from 'node:util';

/** What the emulator (Miniflare 4.20260730) says of messages that no run began for. Its other lines say what the runs say by themselves. */
const TOLD = /dead letter queue|^Dropped message/i;

/** The queue that a line of `emulatorText` says a message was taken from for good. */
export function queueOfLost(text: string): string | undefined {
  return /^(?:Moving|Dropped) message "[^"]*" on queue "([^"]*)"/.exec(text)?.[1];
}

/** A line of the emulator's log that is worth showing; undefined for every other one. */
export function emulatorText(line: string): string | undefined {
  const text = stripVTControlCharacters(line).replace(/^\[mf:\w+\]\s*/, '');
  return TOLD.test(text) ? text : undefined;
}
