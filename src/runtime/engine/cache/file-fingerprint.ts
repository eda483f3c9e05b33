import { canonicalJson, sha256 } from '../../../program/hash.ts';
import { everyStep } from '../../../program/inner-steps.ts';
import type { JsonValue } from '../../../program/json.ts';
import type { CalledFile, Program } from '../../../program/program.ts';

const known = new WeakMap<CalledFile, Promise<string>>();

/** A text that changes with what an agent file or ensemble does: with itself, the files that it runs and their code. */
export function fingerprintFile(file: CalledFile, program: Program): Promise<string> {
  const fingerprint = known.get(file) ?? compute(file, program);
  known.set(file, fingerprint);
  return fingerprint;
}

function compute(file: CalledFile, program: Program): Promise<string> {
  const files = new Map<string, CalledFile>();
  const sources = new Map<string, string>();
  const enter = (called: CalledFile | undefined): void => {
    if (called === undefined || files.has(called.file)) return;
    files.set(called.file, called);
    for (const step of everyStep(called.body.steps)) {
      if (step.type !== 'agent') continue;
      const { action } = step;
      if (action.type === 'body') enter(program.files[action.file]);
      if (action.type === 'code') sources.set(action.module, program.modules[action.module]?.source ?? '');
    }
  };
  enter(file);
  const bodies = [...files].map(([path, { body }]) => [path, body]);
  return sha256(canonicalJson([bodies, [...sources]] as unknown as JsonValue));
}
