/** What templates read: for taint (LANGUAGE §4.5), and for what is kept for those that are evaluated later. */
export interface TemplateReads {
  readonly agents: ReadonlySet<string>;
  readonly roots: ReadonlySet<string>;
}

/** The roots and agents that occur anywhere in the expressions of templates, or of other pieces of a program in which templates lie. */
export function findReads(pieces: readonly unknown[]): TemplateReads {
  const agents = new Set<string>();
  const roots = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const item of node) walk(item);
      return;
    }
    const { type, name } = node as { readonly type?: unknown; readonly name?: unknown };
    // A constant holds the author's data, which may look like anything.
    if (type === 'constant' && 'value' in node) return;
    if (type === 'agent' && typeof name === 'string') agents.add(name);
    else if (type === 'root' && typeof name === 'string') roots.add(name);
    else for (const child of Object.values(node)) walk(child);
  };
  for (const piece of pieces) walk(piece);
  return { agents, roots };
}
