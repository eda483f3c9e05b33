import type { Template } from '../../program/expression.ts';
import type { ParsedBody, ParsedResponse } from '../model/parsed-body.ts';
import type { Read } from '../model/read.ts';
import { agentAt, type Place, pathTo } from '../model/step-places.ts';
import type { Check } from './check.ts';
import { askedNames, readNames, STATUS_FIELDS } from './flow/asked-names.ts';
import { describeStep } from './flow/describe-step.ts';
import { type OrderedRead, orderedReads } from './flow/read-orders.ts';

/**
 * A step inside a branch, a case, a `catch` or a loop may have no result when something outside reads it. Nothing is said where the reader asks (by its own condition, by
 * `??` and the like, or by `.executed`), of code, whose ways through are not looked at, and of agents that only have a `condition`.
 */
export const agentMayNotRun: Check = {
  codes: ['agent-may-not-run'],
  check(body, findings) {
    const inOutput = outputGuards(body);
    for (const ordered of orderedReads(body)) {
      const { read, site, order } = ordered;
      if (order.type !== 'maybe' || STATUS_FIELDS.has(read.path[0] ?? '')) continue;
      if (site === undefined ? inOutput(read) : isGuarded(ordered, order.through, body)) continue;
      findings.report('agent-may-not-run', read.span, `"${read.name}" may not have run: ${reason(order.through)}`, {
        help: `say what to take then, \`\${${read.name}.output ?? …}\`, or ask \`${read.name}.executed\` first`,
      });
    }
  },
};

function isGuarded({ read, site }: OrderedRead, through: Place, body: ParsedBody): boolean {
  if (site === undefined || site.part === 'code' || site.part === 'condition' || site.part === 'loop-end') return true;
  if (site.template !== undefined && askedNames(site.template).has(read.name)) return true;
  const conditions = conditionsAround(site.place, body);
  if (conditions.some((template) => readNames(template).has(read.name))) return true;
  // Whoever runs under the same condition as the branch runs when the branch does.
  const branch = through.within?.block.kind === 'then' ? body.stepValues.get(through.within.place.step)?.condition?.template : undefined;
  return branch?.type === 'hole' && conditions.some((template) => template.type === 'hole' && template.source === branch.source);
}

/** The conditions under which what stands at a place runs: its own, and those of the branches, switches and loops around it. */
function conditionsAround(place: Place, body: ParsedBody): readonly Template[] {
  return pathTo(place).flatMap((at) => {
    const agent = agentAt(at);
    const values = body.stepValues.get(at.step);
    const own = [values?.condition, values?.value, agent === undefined ? undefined : body.agents[agent.index]?.condition];
    return own.flatMap((value) => value?.template ?? []);
  });
}

/** Whether a read of the output lies in a value that asks for it, or in a response block whose `when` does. */
function outputGuards({ output }: ParsedBody): (read: Read) => boolean {
  const asked = new Map<Read, ReadonlySet<string>>();
  const add = (reads: readonly Read[], names: ReadonlySet<string>): void => {
    for (const read of reads) asked.set(read, names);
  };
  if (output?.type === 'value') add(output.value.reads, askedNames(output.value.template));
  for (const response of output?.type === 'responses' ? output.responses : []) addResponse(response, add);
  return (read) => asked.get(read)?.has(read.name) === true;
}

function addResponse({ when, ...parts }: ParsedResponse, add: (reads: readonly Read[], names: ReadonlySet<string>) => void): void {
  const inWhen = when === undefined ? [] : [...readNames(when.template)];
  if (when !== undefined) add(when.reads, new Set(inWhen));
  for (const value of Object.values(parts)) add(value.reads, new Set([...inWhen, ...askedNames(value.template)]));
}

function reason({ within }: Place): string {
  if (within === undefined) return 'it stands in a step that may be left out';
  const { place, block } = within;
  const holder = describeStep(place.step);
  switch (block.kind) {
    case 'then':
    case 'else':
      return `only one way of ${holder} is taken`;
    case 'case':
    case 'default':
      return `only one case of ${holder} is taken`;
    case 'catch':
      return `the \`catch\` of ${holder} runs only when something failed`;
    case 'onError':
      return `it runs only when ${holder} failed`;
    case 'map':
      return `the items of ${holder} may be none`;
    default:
      if (place.step.type === 'parallel')
        return `${holder} goes on as soon as ${place.step.waitFor === 'any' ? 'one step succeeded' : 'one step is done'}`;
      return place.step.type === 'while' ? `the condition of ${holder} may be false from the start` : `the items of ${holder} may be none`;
  }
}
