import type { JsonValue } from './json.ts';

/** What a run is started with, beside its program. */
export interface RunRequest {
  /** Chosen by the caller: 26 characters of [0-9a-z], sortable by time. */
  readonly run: string;
  readonly input: JsonValue;
  readonly trigger?: JsonValue;
  /** `--var K=V`: over the configuration's variables, for this run only. */
  readonly vars: Readonly<Record<string, string>>;
  /** Those of `vars` that must be redacted. */
  readonly secretVars: readonly string[];
}
