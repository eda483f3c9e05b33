/** A replacement of one stretch of a text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The edits in their order, each once; of two that overlap the earlier one stays. Insertions at one place stay in the order given. */
export function arrangeEdits(edits: readonly TextEdit[]): readonly TextEdit[] {
  const arranged: TextEdit[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    const last = arranged.at(-1);
    if (last === undefined || edit.start >= last.end) {
      if (last?.start !== edit.start || last.end !== edit.end || last.text !== edit.text) arranged.push(edit);
    }
  }
  return arranged;
}

/** The text after all edits; they are arranged and refer to the text as it was. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let done = 0;
  for (const edit of edits) {
    result += text.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return result + text.slice(done);
}
