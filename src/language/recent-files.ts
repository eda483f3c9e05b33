import type { SourceFile } from './project-index.ts';

/** How many are kept: a project may have thousands, and one file uses a few. */
const MAX_KEPT = 200;

/** What came of files, of those that were asked for last. Of a file whose text has changed since nothing is known. */
export class RecentFiles<Result> {
  readonly #kept = new Map<string, { readonly text: string; readonly result: Result }>();

  find({ path, text }: SourceFile): { readonly result: Result } | undefined {
    const known = this.#kept.get(path);
    if (known?.text !== text) return undefined;
    this.#kept.delete(path);
    this.#kept.set(path, known);
    return known;
  }

  keep({ path, text }: SourceFile, result: Result): void {
    this.#kept.delete(path);
    this.#kept.set(path, { text, result });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT) break;
      this.#kept.delete(oldest);
    }
  }
}
