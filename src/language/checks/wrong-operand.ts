import type { Check } from './check.ts';
import { liveNodes } from './types/live-nodes.ts';
import { operandFault } from './types/operand-fault.ts';

/**
 * JavaScript's operators take anything and never fail: an object in a sum is the text `[object Object]`, a list in a difference is NaN, two values of different
 * types are never equal. None of that is what an author wants.
 */
export const wrongOperand: Check = {
  codes: ['wrong-operand'],
  check(_, findings, { types }) {
    for (const typed of types.holes) {
      for (const node of liveNodes(typed)) {
        const fault = operandFault(node, typed.typed);
        const span = fault && typed.places?.spanOf(fault.node);
        if (fault !== undefined && span !== undefined) findings.report('wrong-operand', span, fault.message, { help: fault.help });
      }
    }
  },
};
