import type { JsonValue } from './json.ts';

/** How a person answered an approval. */
export interface ApprovalAnswer {
  readonly approved: boolean;
  readonly feedback?: string;
  /** Who it was, as `approvers` names people. */
  readonly approver?: string;
  /** What else the ensemble is to know, as `.output.data`. */
  readonly data?: JsonValue;
}

/** What became of an answer: `unknown` = no agent of that path waits for one (any more); `refused` = it is not for that person to answer. */
export type AnswerOutcome =
  | { readonly type: 'taken' }
  | { readonly type: 'unknown' }
  | { readonly type: 'refused'; readonly approvers: readonly string[] };
