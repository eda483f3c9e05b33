import type { ShapeError } from './shape-error.ts';

export interface Validator {
  (value: unknown): boolean;
  errors?: ShapeError[] | null;
}
export declare const validateEnsemble: Validator;
export declare const validateAgent: Validator;
export declare const validateConfig: Validator;
/** Operation → the keys of its config. */
export declare const CONFIG_KEYS: Readonly<Record<string, readonly string[]>>;
