/** What `agent:` or `ensemble:` names: `x`, or `x@1.2.0`, `x@^1.2` where a version is asked for (LANGUAGE §9). */
export interface FileReference {
  readonly name: string;
  /** A version or a range of versions as the author wrote it; absent = none is asked for. */
  readonly range?: string;
}

export function parseFileReference(text: string): FileReference {
  const at = text.indexOf('@');
  return at === -1 ? { name: text } : { name: text.slice(0, at), range: text.slice(at + 1).trim() };
}
