import { describe, expect, vi } from 'vitest';
import { placeAt } from '../../src/editor/cursor/place-at.ts';
import { agentDoc } from '../../src/editor/docs/agent-doc.ts';
import { fixAll } from '../../src/editor/features/fix-all.ts';
import { type Schema, schemasAt } from '../../src/editor/schema/schemas-at.ts';
import { atLimit } from '../support/at-limit.ts';
import { snapshotOf } from './support/cursor.ts';

const applyFixes = vi.hoisted(() => vi.fn());
vi.mock('../../src/language/apply-fixes.ts', () => ({ applyFixes }));

describe('the word at a cursor', () => {
  const written = (length: number, behind: number) => {
    const place = placeAt(`a: ${'x'.repeat(length)}`, 3 + length - behind);
    return place && place.end - place.start;
  };
  atLimit('src/editor/cursor/place-at.ts MAX_WORD', {
    within: (length) => expect([written(length, 0), written(length, length)]).toEqual([length, length]),
    beyond: (length) => expect([written(length, 0), written(length, length)]).toEqual([length - 1, length - 1]),
  });
});

describe('schemas in one another', () => {
  const nested = (levels: number): Schema => (levels === 0 ? { description: 'innermost' } : { allOf: [nested(levels - 1)] });
  const isFound = (levels: number) => schemasAt(nested(levels), undefined, []).some(({ description }) => description === 'innermost');
  atLimit('src/editor/schema/schemas-at.ts MAX_DEPTH', {
    within: (levels) => expect(isFound(levels)).toBe(true),
    beyond: (levels) => expect(isFound(levels)).toBe(false),
  });
});

describe('fixes that bring out others', () => {
  /** How many of so many are made. */
  const made = (fixes: number) => {
    let left = fixes;
    applyFixes.mockImplementation((text: string) => (left-- > 0 ? { text: `${text}#`, fixed: 1 } : { text, fixed: 0 }));
    return fixAll(snapshotOf('ensemble: e\nagents: []\n'))?.text.length;
  };
  atLimit('src/editor/features/fix-all.ts MAX_ROUNDS', {
    within: (fixes) => expect(made(fixes)).toBe(fixes),
    beyond: (fixes) => expect(made(fixes)).toBe(fixes - 1),
  });
});

describe('what an agent reads', () => {
  const shown = (names: number) => {
    const reads = Array.from({ length: names }, (_, index) => `\${input.n${index}}`).join(' ');
    const snapshot = snapshotOf(`ensemble: e\nagents:\n  - { name: a, operation: log, config: { message: "${reads}" } }\n`);
    return /Reads (.*)\./.exec(agentDoc(snapshot, 'a') ?? '')?.[1]?.split(', ');
  };
  atLimit('src/editor/docs/agent-doc.ts MAX_NAMES', {
    within: (names) => expect(shown(names)).toHaveLength(names),
    beyond: (names) => expect(shown(names)?.slice(-2)).toEqual([`\`input.n${names - 2}\``, '`…`']),
  });
});
