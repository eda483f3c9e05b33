import { readModuleNames } from '../../language/code/module-names.ts';

/** The file beside the code modules that holds their globals; empty until the Worker's static harness fills them. */
export const GLOBALS_MODULE = 'globals.js';
export const GLOBALS_SOURCE = 'export const closed = {};\nexport const network = {};\n';

/** Cannot be bound, and need not be: a function's own, and one that makes no code in a Worker. */
const UNBINDABLE: ReadonlySet<string> = new Set(['arguments', 'eval']);

/**
 * A module of code as it lies in the Worker. Every name that it uses without declaring it is bound to a global of the module's own, on its first line: lines stay what they are, and what is no
 * global of an isolate (`process`, a global that the platform adds one day) is undefined instead of the Worker's. `map`: the name of its source map.
 * @throws SyntaxError for what is no module; refuse one that imports before.
 */
export function renderStaticModule(source: string, { network, map }: { readonly network: boolean; readonly map?: string }): string {
  const { free, declared } = readModuleNames(source);
  const globals = unusedName(source, new Set([...free, ...declared]));
  const names = free.filter((name) => !UNBINDABLE.has(name));
  const bound = names.filter((name) => !declared.has(name)).join(', ');
  const head = `import { ${network ? 'network' : 'closed'} as ${globals} } from './${GLOBALS_MODULE}'; const { ${bound} } = ${globals}; `;
  return `${head}${source}${source.endsWith('\n') ? '' : '\n'}${map === undefined ? '' : `//# sourceMappingURL=${map}\n`}`;
}

/** A name may also stand there with escapes in it, which only the parser reads. */
function unusedName(source: string, names: ReadonlySet<string>): string {
  for (let count = 0; ; count += 1) {
    const name = `_globals${count === 0 ? '' : count}`;
    if (!source.includes(name) && !names.has(name)) return name;
  }
}
