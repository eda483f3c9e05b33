/** A method of one kind of value. Never changes its receiver. Arguments arrive unconverted; throws `FailureError`. */
export type Method<Receiver> = (receiver: Receiver, args: readonly unknown[]) => unknown;
