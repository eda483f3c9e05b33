/** What an editor says about a name: how it is written, and one sentence or two on what it gives. Markdown. */
export interface NameDoc {
  readonly signature: string;
  readonly text: string;
}

export const doc = (signature: string, text: string): NameDoc => ({ signature, text });
