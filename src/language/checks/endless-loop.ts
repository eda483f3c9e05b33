import type { Template } from '../../program/expression.ts';
import { everyExpression } from '../expression/children-of.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import type { Read } from '../model/read.ts';
import { agentBlocks, everyStep, type StepModel, type WhileModel } from '../model/step-model.ts';
import { type Place, pathTo, runningPlaces } from '../model/step-places.ts';
import type { Check } from './check.ts';
import { constantTruth } from './flow/constant-truth.ts';
import { describeStep } from './flow/describe-step.ts';
import { keysWrittenBy } from './flow/written-keys.ts';

/** What another call gives another value for. */
const CHANGING_BUILTINS: ReadonlySet<string> = new Set(['Date.now', 'new Date', 'Math.random', 'crypto.randomUUID']);
/** Roots that stay the same during a loop; `index` and `loop` count its rounds. */
const STABLE_ROOTS: ReadonlySet<string> = new Set(['input', 'env', 'run', 'trigger', 'item', 'error', 'mapResults']);

/**
 * A `while` whose condition no round can change is passed over, or ends in `MAX_ITERATIONS`. One with `maxIterations` is left alone: its author knows that it
 * goes round so often.
 */
export const endlessLoop: Check = {
  codes: ['endless-loop'],
  check(body, findings) {
    for (const place of runningPlaces(body.model)) {
      const { step } = place;
      if (step.type !== 'while' || step.maxIterations !== undefined || step.steps.length === 0) continue;
      const condition = body.stepValues.get(step)?.condition;
      if (condition === undefined || step.condition === undefined) continue;
      const truth = constantTruth(condition.template);
      if (truth === false || (truth === undefined && !isStable(condition.template, condition.reads, { place, step, body }))) continue;
      const why = truth === true ? 'is always true' : 'never changes: no step in it changes what the condition reads';
      findings.report('endless-loop', step.condition.span, `the condition of ${describeStep(step)} ${why}`, {
        help: 'let the condition read what a round changes (a result of its steps, a state key that they set), or say how often with `maxIterations`',
      });
    }
  },
};

interface Loop {
  readonly place: Place;
  readonly step: WhileModel;
  readonly body: ParsedBody;
}

function isStable(template: Template, reads: readonly Read[], loop: Loop): boolean {
  // Text that is no expression is reported as a forgotten one.
  if (template.type !== 'hole') return false;
  for (const node of everyExpression(template.expression)) if (node.type === 'builtin' && CHANGING_BUILTINS.has(node.name)) return false;
  const inside = [...everyStep(loop.step.steps)].flatMap((step) => [step, ...heldByRun(step)]);
  const names = new Set([...inside.map(({ name }) => name?.text), loop.step.name?.text]);
  const written = keysWrittenBy(inside, loop.body);
  const alone = runsAlone(loop.place, loop.body);
  return reads.every(({ kind, name, path }) => {
    if (kind === 'agent') return alone && !names.has(name);
    if (name !== 'state') return STABLE_ROOTS.has(name);
    const [key] = path;
    if (!alone || written === undefined) return false;
    if (key === undefined) return written.size === 0;
    return !written.has(key) && loop.body.model.state.schema?.get(key)?.validForMs === undefined;
  });
}

function heldByRun(step: StepModel): readonly StepModel[] {
  if (step.type !== 'run' || step.agent === undefined) return [];
  return [...everyStep(agentBlocks(step.agent).flatMap(({ steps }) => steps))];
}

/** Whether nothing runs beside the loop that could change what it reads. */
function runsAlone(place: Place, { model }: ParsedBody): boolean {
  if (model.concurrency > 1) return false;
  return pathTo(place).every(({ step, within }) => {
    if (within?.place.step.type === 'parallel') return false;
    return step === place.step || !('concurrency' in step) || step.concurrency <= 1;
  });
}
