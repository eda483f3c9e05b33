import type { RunEvent } from '../../../src/program/run-event.ts';
import { parseLines } from './run-host.ts';

/** Reads a stream of events until the text has come; `rest` reads it to its end and gives all events. */
export async function readUntil(response: Response, text: string) {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let seen = '';
  while (!seen.includes(text)) {
    const next = await reader?.read();
    if (next === undefined || next.done) throw new Error(`the stream ended before ${text}:\n${seen}`);
    seen += decoder.decode(next.value, { stream: true });
  }
  return {
    seen,
    async rest(): Promise<readonly RunEvent[]> {
      for (let next = await reader?.read(); next !== undefined && !next.done; next = await reader?.read()) {
        seen += decoder.decode(next.value, { stream: true });
      }
      return parseLines(seen);
    },
    leave: () => reader?.cancel(),
  };
}
