import { describe, expect, test } from 'vitest';
import { compareRounds, measureRounds, SUBJECT_BUDGET_MS, type Subject } from '../../bench/harness.ts';

/** Subjects that note when they are measured, and give 1, 2, 3 … */
function noting(names: readonly string[]): { readonly subjects: readonly Subject[]; readonly order: readonly string[] } {
  const order: string[] = [];
  const subjects = names.map((name): Subject => {
    let round = 0;
    return {
      name,
      measure: () => {
        order.push(name);
        round += 1;
        return round;
      },
    };
  });
  return { subjects, order };
}

/** A clock on which each look is `stepMs` after the last one. */
function steppingClock(stepMs: number): () => number {
  let at = 0;
  return () => {
    at += stepMs;
    return at;
  };
}

describe('the rounds of a benchmark', () => {
  test('alternate in their order after one that does not count', async () => {
    const { subjects, order } = noting(['a', 'b', 'c']);
    const { samples } = await measureRounds(subjects, 3);
    expect(order.join('')).toBe('abcabccbaabc');
    expect(samples.get('a')).toEqual([2, 3, 4]);
  });

  test('of a slow subject are as many as fit into its budget', async () => {
    const { subjects } = noting(['slow']);
    const { samples } = await measureRounds(subjects, 5, steppingClock(SUBJECT_BUDGET_MS / 3));
    expect(samples.get('slow')).toEqual([2, 3]);
  });

  test('of a subject whose first one takes the budget are that one', async () => {
    const { subjects } = noting(['slow']);
    const { samples } = await measureRounds(subjects, 5, steppingClock(SUBJECT_BUDGET_MS));
    expect(samples.get('slow')).toEqual([1]);
  });

  test('go on without a peer that fails, and say why it did', async () => {
    const { subjects } = noting(['ours']);
    const peer: Subject = {
      name: 'peer',
      isPeer: true,
      measure: () => {
        throw new RangeError('Maximum call stack size exceeded\n  at far');
      },
    };
    const { samples, notDone } = await measureRounds([peer, ...subjects], 2);
    expect(notDone).toEqual([{ subject: 'peer', why: 'Maximum call stack size exceeded' }]);
    expect(samples.get('ours')).toEqual([2, 3]);
  });

  test('end with what fails that is no peer', async () => {
    const ours: Subject = { name: 'ours', measure: () => Promise.reject(new Error('wrong result')) };
    await expect(measureRounds([ours], 1)).rejects.toThrow('wrong result');
  });
});

describe('a comparison', () => {
  const samples = new Map([
    ['ours', [1, 20, 3]],
    ['theirs', [2, 10, 30]],
    ['slow', [5]],
    ['gone', []],
  ]);

  test('is taken round by round, not of the medians', () => {
    expect(compareRounds([{ subject: 'theirs', against: 'ours' }], samples)).toEqual([
      { subject: 'theirs', against: 'ours', median: 2, min: 0.5, max: 10, rounds: 3 },
    ]);
  });

  test('may be a difference', () => {
    expect(compareRounds([{ subject: 'theirs', against: 'ours', as: 'difference' }], samples)[0]).toMatchObject({
      median: 1,
      min: -10,
      max: 27,
    });
  });

  test('with a slow subject is of the rounds that both have', () => {
    expect(compareRounds([{ subject: 'slow', against: 'ours' }], samples)[0]).toMatchObject({ median: 5, rounds: 1 });
  });

  test('with what was not done is left out', () => {
    expect(compareRounds([{ subject: 'gone', against: 'ours' }], samples)).toEqual([]);
  });
});
