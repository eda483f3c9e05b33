import { compile } from '../../../src/language/compile.ts';
import { EMPTY_PROJECT, type ProjectIndex } from '../../../src/language/project-index.ts';
import { everyStep } from '../../../src/program/inner-steps.ts';
import type { Program, Step } from '../../../src/program/program.ts';

/** The program of an ensemble that has no errors. */
export function compileText(text: string, project: ProjectIndex = EMPTY_PROJECT): Program {
  const { program, diagnostics } = compile({ path: 'ensembles/test.yaml', text }, project);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ code, message }) => `${code}: ${message}`);
  if (program === undefined) throw new Error(errors.join('\n'));
  return program;
}

/** The steps of an ensemble that says this after its first line. */
export function compileSteps(rest: string, project?: ProjectIndex): readonly Step[] {
  return compileText(`ensemble: test\n${rest}`, project).body.steps;
}

/** Paths of all steps of a body, each before those in it. */
export function pathsOf(steps: readonly Step[]): readonly string[] {
  return [...everyStep(steps)].map(({ path }) => path);
}

/** An agent that does little, as a flow mapping. */
export function log(name: string, more = ''): string {
  return `{ name: ${name}, operation: log, config: { message: hi }${more === '' ? '' : `, ${more}`} }`;
}

/** A project with one agent file. */
export function projectOf(agent: string, text: string): ProjectIndex {
  const source = { path: `agents/${agent}.yaml`, text };
  return { ...EMPTY_PROJECT, agentFile: (name) => (name === agent ? source : undefined) };
}
