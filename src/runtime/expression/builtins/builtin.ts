import type { Scope } from '../scope.ts';

/** A global function. Arguments arrive unconverted; throws `FailureError`. `scope` brings the clock and chance. */
export type Builtin = (args: readonly unknown[], scope: Scope) => unknown;
