import type { Failure } from '../../program/failure.ts';
import { FailureError } from '../failure.ts';
import type { OperationResult } from './operation.ts';

/** A failure that knows part of a result: the response of an http call, the usage of a model that answered badly. */
export class OperationFailure extends FailureError {
  readonly known: Omit<OperationResult, 'output'>;
  constructor(failure: Failure, known: Omit<OperationResult, 'output'>) {
    super(failure);
    this.known = known;
  }
}
