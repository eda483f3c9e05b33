import { readModuleNames } from '../../language/code/module-names.ts';
import { staticModuleKey } from '../../program/deployment.ts';
import { sha256 } from '../../program/hash.ts';
import type { CodeModule, Program } from '../../program/program.ts';
import { ProjectProblem } from '../project-problem.ts';
import { findOriginal, renderLineMap } from './source-map.ts';
import { renderStaticModule } from './static-module.ts';

export interface BuiltCode {
  /** By which the Worker finds it. */
  readonly key: string;
  readonly text: string;
  /** Its source map; paths relative to the project's root, which is how the platform shows them. */
  readonly map: string;
}

/**
 * The code of all agents as modules of the Worker, each once, in the order of their keys. `scriptMaps`: those of bundled scripts, by their text.
 * @throws ProjectProblem for code that asks for modules by names that are only known when it runs: it would find the Worker's own.
 */
export async function buildCodeModules(
  programs: readonly Program[],
  scriptMaps: ReadonlyMap<string, string>,
): Promise<readonly BuiltCode[]> {
  const built = new Map<string, BuiltCode>();
  const refused = new Set<string>();
  for (const program of programs) {
    for (const [name, module] of Object.entries(program.modules)) {
      const key = staticModuleKey(await sha256(module.source), module.network);
      if (built.has(key)) continue;
      const file = name.slice(0, name.lastIndexOf('#'));
      const map = module.kind === 'script' ? scriptMaps.get(module.source) : renderInlineMap(module, file);
      const { imports } = readNames(module.source, file);
      if (imports !== undefined) refused.add(placeOf(imports, map, file));
      built.set(key, {
        key,
        text: renderStaticModule(module.source, { network: module.network, ...(map === undefined ? {} : { map: `${key}.js.map` }) }),
        map: map ?? '',
      });
    }
  }
  if (refused.size > 0) throw new ProjectProblem(`${[...refused].sort().map(describeImport).join('\n')}\n${HELP}`);
  return [...built.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** What runs in an isolate has been read by V8 alone; the parser here may lag behind it. */
function readNames(source: string, file: string): ReturnType<typeof readModuleNames> {
  try {
    return readModuleNames(source);
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
    throw new ProjectProblem(`${file}: the code of an agent cannot be read: ${error.message}`, { cause: error });
  }
}

const describeImport = (place: string): string =>
  `${place}: code that is deployed as modules of the Worker cannot import what it names only when it runs`;
const HELP = `Import files and packages by constant names, which become part of the script; or give the Worker a Worker Loader (\`worker_loaders\`), whose isolates have nothing to be imported.`;

function placeOf(at: { readonly line: number; readonly column: number }, map: string | undefined, file: string): string {
  const original = map === undefined ? undefined : findOriginal(map, at.line, at.column);
  return original === undefined ? file : `${original.file}:${original.line}:${original.column}`;
}

function renderInlineMap({ source, lineOffset, place }: CodeModule, file: string): string | undefined {
  if (lineOffset === undefined || place === undefined) return undefined;
  // Behind the author's lines stand as many that close the functions around them.
  const lines = Math.max(1, source.split('\n').length - lineOffset - CLOSING_LINES);
  return renderLineMap({ file, lineOffset, lines, line: place.line, column: place.column });
}

/** `})();`, `}` and what follows the last line end. */
const CLOSING_LINES = 3;
