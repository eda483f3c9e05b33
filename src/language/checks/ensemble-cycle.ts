import type { Span } from '../../program/diagnostic.ts';
import type { AnalyzedFile } from '../analyze-file.ts';
import { namesAskedForFailure } from '../model/failure-reads.ts';
import { runningPlaces } from '../model/step-places.ts';
import type { Check, CheckContext } from './check.ts';
import { constantEmptiness } from './flow/constant-truth.ts';
import { isFailureHandled } from './flow/handled-failures.ts';
import { orderAtEnd } from './flow/step-order.ts';

/** Longer circles are found by the depth of a run (LANGUAGE §6.5), and more files than this are not looked at for one. */
const MAX_DEPTH = 16;
const MAX_FILES = 64;

/**
 * An ensemble may run itself as long as something ends it: a condition on the way, a loop that may have no items, or a failure that somebody handles. Without any of these each
 * run fails, at the latest when it is too deep. Agent files on the way are followed.
 */
export const ensembleCycle: Check = {
  codes: ['ensemble-cycle'],
  check(body, findings, { agentFiles, ensembles }) {
    const start = body.model.file;
    const known = new Map<string, readonly Call[]>();
    const callsFrom = (file: AnalyzedFile): readonly Call[] => {
      const { file: path } = file.body.model;
      const calls = known.get(path) ?? callsOf(file, ensembles);
      known.set(path, calls);
      return calls;
    };
    for (const call of callsFrom({ body, agentFiles })) {
      const way = wayBack(call, start, callsFrom);
      if (way === undefined) continue;
      findings.report('ensemble-cycle', call.span, `${start} always runs itself: ${[start, ...way].join(' → ')}`, {
        help: 'end it by a `condition` on one of the agents on the way',
      });
    }
  },
};

/** An agent that runs another file whenever its own file runs, and whose failure is that of its file. */
interface Call {
  readonly span: Span;
  readonly file: AnalyzedFile;
}

function callsOf({ body, agentFiles }: AnalyzedFile, ensembles: CheckContext['ensembles']): readonly Call[] {
  const asked = namesAskedForFailure(body);
  return runningPlaces(body.model).flatMap((place) => {
    const { step } = place;
    const agent = step.type === 'agent' || step.type === 'run' ? body.agents[step.agent?.index ?? -1] : undefined;
    if (agent === undefined || agent.condition !== undefined || (step.type === 'run' && step.condition !== undefined)) return [];
    const { work, index, loop } = agent.model;
    const file = work.type === 'ensemble' ? ensembles.read(work.reference.text, body.model.file) : agentFiles.get(index);
    if (file === undefined || isFailureHandled(place, asked) || orderAtEnd(place, body).type !== 'known') return [];
    if (loop !== undefined && constantEmptiness(agent.loopItems?.template) !== 'filled') return [];
    return [
      { file, span: work.type === 'ensemble' ? work.reference.span : work.type === 'agent-file' ? work.file.span : agent.model.name.span },
    ];
  });
}

/** The files from a call to the file `start`, nearest first; undefined when nothing leads there for sure. */
function wayBack(call: Call, start: string, callsFrom: (file: AnalyzedFile) => readonly Call[]): readonly string[] | undefined {
  const seen = new Set<string>();
  let frontier: readonly { readonly file: AnalyzedFile; readonly way: readonly string[] }[] = [{ file: call.file, way: [] }];
  for (let depth = 0; depth < MAX_DEPTH && frontier.length > 0; depth++) {
    const next: { readonly file: AnalyzedFile; readonly way: readonly string[] }[] = [];
    for (const { file, way } of frontier) {
      const path = file.body.model.file;
      const wayHere = [...way, path];
      if (path === start) return wayHere;
      if (seen.has(path) || seen.size >= MAX_FILES) continue;
      seen.add(path);
      next.push(...callsFrom(file).map((inner) => ({ file: inner.file, way: wayHere })));
    }
    frontier = next;
  }
  return undefined;
}
