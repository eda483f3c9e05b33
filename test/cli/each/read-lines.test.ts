import { describe, expect, test } from 'vitest';
import { readLines } from '../../../src/cli/each/read-lines.ts';
import { fc } from '../../support/fast-check.ts';

async function* pieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const cut of cuts.toSorted((a, b) => a - b)) {
    const end = Math.min(bytes.length, Math.max(start, cut));
    yield bytes.subarray(start, end);
    start = end;
  }
  yield bytes.subarray(start);
}

async function linesOf(chunks: AsyncIterable<Uint8Array>) {
  const found = [];
  for await (const line of readLines(chunks)) found.push(line);
  return found;
}

describe('readLines', () => {
  test('gives the same lines wherever the stream is cut', async () => {
    const text = fc.array(fc.constantFrom('a', 'é', '漢', '🙂', '\n', '\r'), { maxLength: 60 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(200)), async (whole, cuts) => {
        const found = await linesOf(pieces(Buffer.from(whole), cuts));
        const expected = whole.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(found).toEqual(
          expected.map((line, index) => ({
            number: index + 1,
            text: line,
            whole: index < expected.length - 1 || whole.endsWith('\n'),
          })),
        );
      }),
    );
  });

  test('a line that is no UTF-8 has a problem, and the next one none', async () => {
    const bytes = Buffer.concat([Buffer.from('\ufeffa\n'), Buffer.from([0xff, 0x0a]), Buffer.from('b\n')]);
    expect(await linesOf(pieces(bytes, []))).toEqual([
      { number: 1, whole: true, text: 'a' },
      { number: 2, whole: true, problem: 'is not UTF-8 text' },
      { number: 3, whole: true, text: 'b' },
    ]);
  });

  // at its limit: src/cli/each/read-lines.ts MAX_LINE_BYTES
  test('a line of 64 MiB is read, one byte more is passed over', async () => {
    const piece = new Uint8Array(1024 * 1024).fill(0x61);
    async function* sent(extra: string) {
      for (let index = 0; index < 64; index++) yield piece;
      yield Buffer.from(`${extra}\nb\n`);
    }
    const [most, after] = await linesOf(sent(''));
    expect([most?.number, 'text' in (most ?? {}), after]).toEqual([1, true, { number: 2, whole: true, text: 'b' }]);
    expect(await linesOf(sent('a'))).toEqual([
      { number: 1, whole: true, problem: 'is longer than 64 MiB' },
      { number: 2, whole: true, text: 'b' },
    ]);
  });
});
