import { parse } from 'acorn';
import { transformSync } from 'esbuild';

/** What a TypeScript module imports: static, type-only and dynamic imports, types of modules (`typeof import('…')`) and re-exports, as written. */
export function findImports(file: string, text: string): string[] {
  const found = new Set<string>();
  // Type-only imports vanish when the types are stripped.
  for (const match of text.matchAll(/^\s*(?:import|export)\s[^'"`;]*?from\s+['"]([^'"]+)['"]/gm)) if (match[1]) found.add(match[1]);
  for (const match of text.matchAll(/\bimport\(['"]([^'"]+)['"]\)/g)) if (match[1]) found.add(match[1]);
  const { code } = transformSync(text, { loader: 'ts', sourcefile: file, format: 'esm' });
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, source } = node as { type?: string; source?: { value?: unknown } };
    if (type?.startsWith('Import') || type?.startsWith('Export')) if (typeof source?.value === 'string') found.add(source.value);
    for (const child of Object.values(node)) visit(child);
  };
  visit(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }).body);
  return [...found];
}
