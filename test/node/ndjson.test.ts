import { describe, expect, test } from 'vitest';
import { readNdjson } from '../../src/node/ndjson.ts';
import { fc } from '../support/fast-check.ts';

async function* inChunks(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const cut of [...cuts.map((n) => n % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    yield bytes.subarray(start, cut);
    start = cut;
  }
}
async function readAll(text: string, cuts: readonly number[] = []): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of readNdjson(inChunks(new TextEncoder().encode(text), cuts))) values.push(value);
  return values;
}

describe('readNdjson', () => {
  test('values come out as they went in, wherever the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 12 }), async (values, cuts) => {
        const lines = values.map((value) => JSON.stringify(value));
        expect(await readAll(lines.map((line) => `${line}\n`).join(''), cuts)).toEqual(lines.map((line) => JSON.parse(line)));
      }),
    );
  });

  test('a last line that is cut off is left out; one that is whole but for its newline is not', async () => {
    expect(await readAll('{"a":1}\n{"b":')).toEqual([{ a: 1 }]);
    expect(await readAll('{"a":1}\n{"b":2}')).toEqual([{ a: 1 }, { b: 2 }]);
  });
});
