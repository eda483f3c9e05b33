/** What a model answered, whatever the provider. */
export interface ModelAnswer {
  readonly text: string;
  /** The model that answered, which may be a dated version of the one that was asked for. */
  readonly model: string;
  /** Absent when the provider does not count. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** `length`: cut off at the token limit; `content-filter`: withheld by the provider. */
  readonly finish: string;
  /** What the provider could not do as asked (a setting that the model does not know). */
  readonly warnings: readonly string[];
}
