import { compile } from '../../../../src/language/compile.ts';
import { EMPTY_PROJECT, type ProjectIndex } from '../../../../src/language/project-index.ts';
import type { Program } from '../../../../src/program/program.ts';

/** The program of a file that is right. `agentFiles` and `ensembles` are found by name. */
export function programOf(
  text: string,
  agentFiles: Readonly<Record<string, string>> = {},
  ensembles: Readonly<Record<string, string>> = {},
): Program {
  const project: ProjectIndex = {
    ...EMPTY_PROJECT,
    agentNames: () => Object.keys(agentFiles),
    ensembleNames: () => Object.keys(ensembles),
    ensembleFile: (name) => (Object.hasOwn(ensembles, name) ? { path: `ensembles/${name}.yaml`, text: ensembles[name] ?? '' } : undefined),
    agentFile: (name) => (Object.hasOwn(agentFiles, name) ? { path: `agents/${name}.yaml`, text: agentFiles[name] ?? '' } : undefined),
  };
  const { program, diagnostics } = compile({ path: 'test.yaml', text }, project);
  if (program !== undefined) return program;
  throw new Error(diagnostics.map(({ code, message, span }) => `${span.file}:${span.line}: ${code}: ${message}`).join('\n'));
}
