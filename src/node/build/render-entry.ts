import type { BuildManifest, EnsembleManifest } from '../../program/deployment.ts';
import type { Program } from '../../program/program.ts';
import { GLOBALS_MODULE } from './static-module.ts';

/** The Worker's main module: hands the project to the runtime. Programs and code are loaded when they are first needed. `code`: the keys of code modules. */
export function renderEntry({ ensembles, ...rest }: BuildManifest, code: readonly string[]): string {
  const listed = ensembles.map(
    (ensemble) => `    { ...${asExpression(ensemble)}, load: () => import(${JSON.stringify(`./${programPath(ensemble)}`)}) },`,
  );
  const modules = code.map((key) => `    '${key}': () => import('./code/${key}.js'),`);
  return [
    `import * as globals from './code/${GLOBALS_MODULE}';`,
    "import { createWorker } from './runtime/deployed.js';",
    "export { ClaimObject, EnsembleWorkflow, NetworkGuard, RunIndex, RunObject, ScopeIndex, StateObject } from './runtime/deployed.js';",
    'export default createWorker({',
    `  ...${asExpression(rest)},`,
    '  ensembles: [',
    ...listed,
    '  ],',
    '  modules: {',
    ...modules,
    '  },',
    '  globals,',
    '});',
    '',
  ].join('\n');
}

/** Where the program of an ensemble lies in the build. */
export function programPath({ hash }: EnsembleManifest): string {
  return `programs/${hash.slice(0, 16)}.js`;
}

export function renderProgram(program: Program): string {
  return `export default ${asExpression(program)};\n`;
}

/** Data as JavaScript that gives it back: as a literal, a key `__proto__` would be no key. */
function asExpression(value: unknown): string {
  return `JSON.parse(${JSON.stringify(JSON.stringify(value))})`;
}
