import { compile } from '../../../src/language/compile.ts';
import { EMPTY_PROJECT, type ProjectIndex } from '../../../src/language/project-index.ts';
import type { Program } from '../../../src/program/program.ts';

/** The program of an ensemble without errors; files of `agents/` by their name. */
export function programOf(text: string, agents: Readonly<Record<string, string>> = {}): Program {
  const project: ProjectIndex = {
    ...EMPTY_PROJECT,
    agentNames: () => Object.keys(agents),
    agentFile: (name) => {
      const found = agents[name];
      return found === undefined ? undefined : { path: `agents/${name}.yaml`, text: found };
    },
  };
  const { program, diagnostics } = compile({ path: 'ensembles/e.yaml', text }, project);
  if (program === undefined) throw new Error(JSON.stringify(diagnostics));
  return program;
}
