import { describe, expect, test } from 'vitest';
import { MAX_PIECE, splitText } from '../../src/worker/text-pieces.ts';
import { fc } from '../support/fast-check.ts';

describe('pieces of a text', () => {
  test('are the text again, each short enough, none ending within a character', () => {
    const unit = fc.constantFrom('x', '\u{1F600}', 'ü', '\u{1F600}x');
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 3 * MAX_PIECE }), (units, length) => {
        const pattern = units.join('');
        const text = pattern.repeat(Math.ceil(length / pattern.length));
        const pieces = splitText(text);
        expect(pieces.join('') === text).toBe(true);
        expect(pieces.every((piece) => piece.length <= MAX_PIECE && piece.isWellFormed())).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('of a short or empty text are itself', () => {
    expect(splitText('')).toEqual(['']);
    expect(splitText('x')).toEqual(['x']);
  });
});
