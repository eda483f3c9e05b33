import { suggest } from '../../program/suggest.ts';
import { isLaterOperation, OLD_OPERATIONS, OPERATION_NAMES, RUNNABLE_OPERATIONS } from '../model/unsupported.ts';
import type { Check } from './check.ts';

/** `operation:` names one of LANGUAGE §5. */
export const unknownOperation: Check = {
  codes: ['unknown-operation'],
  check({ model }, findings) {
    const known: readonly string[] = RUNNABLE_OPERATIONS;
    for (const { work } of model.agents) {
      if (work.type !== 'operation' || known.includes(work.operation.text) || isLaterOperation(work.operation.text)) continue;
      const near = suggest(work.operation.text, OPERATION_NAMES);
      findings.report('unknown-operation', work.operation.span, `there is no operation "${work.operation.text}"`, {
        help: `${near === undefined ? '' : `did you mean "${near}"? `}operations are ${known.filter((name) => !Object.hasOwn(OLD_OPERATIONS, name)).join(', ')}`,
      });
    }
  },
};
