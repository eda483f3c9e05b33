import type { EnsembleManifest } from '../../program/deployment.ts';
import { hashProgram } from '../../program/hash.ts';
import type { Program } from '../../program/program.ts';

/** What a deployed Worker knows of an ensemble before it loads its program. */
export async function describeEnsemble(program: Program): Promise<EnsembleManifest> {
  return {
    id: program.file.replace(/^ensembles\//, '').replace(/\.ya?ml$/, ''),
    name: program.ensemble,
    ...(program.version === undefined ? {} : { version: program.version }),
    ...(program.description === undefined ? {} : { description: program.description }),
    file: program.file,
    hash: await hashProgram(program),
    engine: program.engine ?? 'durable-object',
    ...(program.body.input === undefined ? {} : { input: program.body.input }),
    triggers: program.triggers,
  };
}
