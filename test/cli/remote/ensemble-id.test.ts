import { describe, expect, test } from 'vitest';
import { ensembleId } from '../../../src/cli/remote/ensemble-id.ts';
import { UsageProblem } from '../../../src/cli/usage-problem.ts';

describe('the id of a deployed ensemble', () => {
  test.each([
    ['refund', 'refund'],
    ['orders/refund', 'orders/refund'],
    ['refund@1.2.0', 'refund@1.2.0'],
    ['ensembles/refund.yaml', 'refund'],
    ['./ensembles/orders/refund.yml', 'orders/refund'],
    ['/home/ann/shop/ensembles/orders/refund.yaml', 'orders/refund'],
    ['ensembles\\orders\\refund.yaml', 'orders/refund'],
    ['my-ensembles/refund.yaml', 'my-ensembles/refund'],
  ])('of %s is %s', (reference, id) => {
    expect(ensembleId(reference)).toBe(id);
  });

  test.each(['', '.', '..', 'ensembles/', '../refund', 'orders//refund', 'ensembles/../../x.yaml', '.yaml'])(
    'cannot be "%s"',
    (reference) => {
      expect(() => ensembleId(reference)).toThrow(UsageProblem);
    },
  );
});
