import type { ParsedBody } from '../../model/parsed-body.ts';
import type { Block, StepModel } from '../../model/step-model.ts';
import { type Place, pathTo } from '../../model/step-places.ts';
import { constantEmptiness, constantTruth } from './constant-truth.ts';

/** When a value of a step is evaluated: before the step (`work`), or when what it does is done (`after`: `set`, `breakWhen`, the condition of a `while`). */
export type Phase = 'work' | 'after';

/**
 * What a reader can know of another step's result.
 *
 * - `known`: it has run, or nothing certain can be said. - `maybe`: it may not have run; `through` is the block that may have been left out.
 * - `own`: it is the reader itself or a step around it. - `later`: it comes after; `reader` and `target` are the steps of one list that would have to change places, if that is
 *   how it is. - `inside`: it stands in the reader, which evaluates its own values first. - `beside`: it runs at the same time, in the same `parallel`.
 * - `instead`: of the two only one runs. - `undoing`: it runs only when the run has failed or was cancelled.
 */
export type Order =
  | { readonly type: 'known' | 'own' | 'inside' | 'beside' | 'instead' | 'undoing' }
  | { readonly type: 'later'; readonly swap?: { readonly reader: StepModel; readonly target: StepModel } }
  | { readonly type: 'maybe'; readonly through: Place };

const KNOWN: Order = { type: 'known' };

/** How the step at `target` stands to the one at `reader`, which reads its result in the given phase (LANGUAGE §6.1). */
export function orderOf(reader: Place, phase: Phase, target: Place, body: ParsedBody): Order {
  const readerPath = pathTo(reader);
  const targetPath = pathTo(target);
  let shared = 0;
  while (shared < readerPath.length && readerPath[shared] === targetPath[shared]) shared++;
  const readerSide = readerPath[shared];
  const targetSide = targetPath[shared];
  // In a `while` everything inside may have a result of the round before. The iterations of other loops never see each other.
  const together = readerSide !== undefined && targetSide !== undefined && sameBlock(readerSide, targetSide);
  const again = readerPath.slice(0, shared).some(isRepeated) || (together && isRepeated(readerSide));
  if (targetSide === undefined) return again ? KNOWN : insideTarget(readerSide, target, phase);
  if (readerSide === undefined)
    return again || phase === 'after' ? KNOWN : { type: targetSide.within?.block.kind === 'compensate' ? 'undoing' : 'inside' };
  const order = again ? KNOWN : siblings(readerSide, targetSide);
  return order.type === 'known' ? mayBeLeftOut(targetPath.slice(shared), !together, body) : order;
}

/** Whether of two steps only one can run in each round: they stand in two ways of one `branch` or `switch`. */
export function areExclusive(a: Place, b: Place): boolean {
  const [pathToA, pathToB] = [pathTo(a), pathTo(b)];
  const shared = pathToA.findIndex((place, depth) => place !== pathToB[depth]);
  const [sideA, sideB] = [pathToA[shared], pathToB[shared]];
  if (sideA?.within === undefined || sideB === undefined || sameBlock(sideA, sideB)) return false;
  const { type } = sideA.within.place.step;
  return type === 'branch' || type === 'switch';
}

/** What is read when all steps are done: by the output of the body. */
export function orderAtEnd(target: Place, body: ParsedBody): Order {
  return mayBeLeftOut(pathTo(target), true, body);
}

/** The reader is the target (no `readerSide`) or stands inside of it. */
function insideTarget(readerSide: Place | undefined, { step }: Place, phase: Phase): Order {
  const isAgent = step.type === 'agent' || step.type === 'run';
  // What handles or undoes an agent runs when that one is done.
  return isAgent && (readerSide !== undefined || phase === 'after') ? KNOWN : { type: 'own' };
}

/** Two steps, or steps around them, in one list or in two blocks of one step. */
function siblings(reader: Place, target: Place): Order {
  const [readerBlock, targetBlock] = [reader.within?.block, target.within?.block];
  const holder = target.within?.place.step;
  if (readerBlock === undefined || targetBlock === undefined || holder === undefined || sameBlock(reader, target)) {
    if (holder?.type === 'parallel') return { type: 'beside' };
    return target.position < reader.position ? KNOWN : { type: 'later', swap: { reader: reader.step, target: target.step } };
  }
  if (holder.type === 'branch' || holder.type === 'switch') return { type: 'instead' };
  if (targetBlock.kind === 'compensate') return { type: 'undoing' };
  if (readerBlock.kind === 'compensate') return { type: 'instead' };
  return BLOCK_ORDER.indexOf(targetBlock.kind) < BLOCK_ORDER.indexOf(readerBlock.kind) ? KNOWN : { type: 'later' };
}

/** The blocks of one `try` or `map-reduce`, in the order in which they run. */
const BLOCK_ORDER: readonly Block['kind'][] = ['steps', 'catch', 'finally', 'map', 'reduce'];

function sameBlock(a: Place, b: Place): boolean {
  return a.within?.block.steps === b.within?.block.steps;
}

/**
 * Whether some block on the way down to a step may not run, or may be broken off. `path` begins at the step that the reader comes after; the block of that one
 * counts only if the reader stands in another one (`andItsOwn`).
 */
function mayBeLeftOut(path: readonly Place[], andItsOwn: boolean, body: ParsedBody): Order {
  for (const [depth, place] of path.entries()) {
    if (place.within === undefined || (depth === 0 && !andItsOwn)) continue;
    const { kind } = place.within.block;
    if (kind === 'compensate') return { type: 'undoing' };
    if (!surelyRuns(place.within.place.step, place.within.block, body)) return { type: 'maybe', through: place };
  }
  return KNOWN;
}

function surelyRuns(step: StepModel, { kind, steps }: Block, body: ParsedBody): boolean {
  const values = body.stepValues.get(step);
  switch (kind) {
    case 'then':
      return constantTruth(values?.condition?.template) === true;
    case 'else':
      return constantTruth(values?.condition?.template) === false;
    case 'map':
      return constantEmptiness(values?.items?.template) === 'filled';
    case 'steps':
      if (step.type === 'parallel') return step.waitFor === 'all' || steps.length < 2;
      if (step.type === 'foreach') return constantEmptiness(values?.items?.template) === 'filled';
      if (step.type === 'while') return constantTruth(values?.condition?.template) === true;
      return true;
    case 'finally':
    case 'reduce':
      return true;
    case 'case':
    case 'default':
    case 'catch':
    case 'onError':
    case 'compensate':
      return false;
  }
}

/** Whether a step stands in the list of a `while`, whose rounds see what those before them did. */
function isRepeated({ within }: Place): boolean {
  return within?.place.step.type === 'while';
}
