import { compileFound } from '../compile-ensemble.ts';
import { findEnsemble } from '../find-ensemble.ts';
import { ProjectProblem } from '../project-problem.ts';
import { ReferenceProblem } from '../reference-problem.ts';
import type { CompileAnswer, CompileAsk } from './host-requests.ts';

/** Characters of a file. A larger one takes long to compile, in which the host could do nothing else: whoever asks does that itself. */
const MAX_LENGTH = 100_000;

/** Compiles for a command what it was given on its command line: a host that has done so before is far quicker than a process that has just begun. */
export function answerCompile({ reference, cwd }: CompileAsk): CompileAnswer {
  try {
    const found = findEnsemble(reference, cwd);
    if (found.source.text.length > MAX_LENGTH) return { type: 'too-long' };
    return { type: 'compiled', compiled: compileFound(found) };
  } catch (error) {
    if (error instanceof ReferenceProblem) return { type: 'reference', message: error.message };
    if (error instanceof ProjectProblem) return { type: 'project', message: error.message };
    throw error;
  }
}
