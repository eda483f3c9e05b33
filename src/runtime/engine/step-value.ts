import type { JsonValue } from '../../program/json.ts';

/** What a step, or a list of steps by its last one, gives. */
export interface StepValue {
  readonly output: JsonValue | undefined;
  readonly tainted: boolean;
}

export const NO_VALUE: StepValue = Object.freeze({ output: undefined, tainted: false });
