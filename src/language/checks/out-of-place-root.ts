import { limitReads, openingReads, outputReads, type ParsedBody } from '../model/parsed-body.ts';
import type { Read } from '../model/read.ts';
import type { BlockKind } from '../model/step-model.ts';
import { agentAt, type Place, pathTo } from '../model/step-places.ts';
import type { Check } from './check.ts';
import { readsByPlace, type StepReads } from './flow/step-reads.ts';

/** Roots that only a part of the language brings along, and which part that is (LANGUAGE §3.2). */
const WHERE: Readonly<Record<string, string>> = {
  item: 'for each item of a `foreach`, a `loop` or a `map`',
  index: 'in a loop',
  loop: 'in a loop',
  error: 'in `onError` and `catch`',
  mapResults: 'in the `reduce` of a map-reduce',
};

const EACH_ITEM = ['item', 'index', 'loop'];
const EACH_ROUND = ['index', 'loop'];

/** Outside of its place such a root is never there. */
export const outOfPlaceRoot: Check = {
  codes: ['out-of-place-root'],
  check(body, findings) {
    for (const { name, span } of readsOutOfPlace(body)) {
      findings.report('out-of-place-root', span, `\`${name}\` is known only ${WHERE[name]}`, {
        help: name === 'error' ? 'to read why an agent failed, write `${agent-name.error}`' : undefined,
      });
    }
  },
};

function readsOutOfPlace(body: ParsedBody): readonly Read[] {
  const bound = ({ kind, name }: Read): boolean => kind === 'root' && Object.hasOwn(WHERE, name);
  // An agent that the flow runs in several places is right where one of them has the root.
  const inSteps = new Map<Read, boolean>();
  for (const site of readsByPlace(body)) {
    const reads = site.reads.filter(bound);
    if (reads.length === 0) continue;
    const known = rootsAt(site);
    for (const read of reads) inSteps.set(read, inSteps.get(read) === true || known.has(read.name));
  }
  const outside = [...outputReads(body.output), ...openingReads(body), ...limitReads(body), ...body.triggers.flatMap(({ reads }) => reads)];
  return [...[...inSteps].flatMap(([read, known]) => (known ? [] : [read])), ...outside.filter(bound)];
}

/** What the blocks around a value bring along, and the loop that its own step is. */
function rootsAt({ place, part }: StepReads): ReadonlySet<string> {
  const around = pathTo(place).flatMap((at) => (at.within === undefined ? [] : rootsInBlock(at.within.place, at.within.block.kind)));
  return new Set([...around, ...(part === 'loop-items' ? [] : ownRoots(place, part))]);
}

function rootsInBlock(holder: Place, kind: BlockKind): readonly string[] {
  switch (kind) {
    case 'map':
      return EACH_ITEM;
    case 'reduce':
      return ['mapResults'];
    case 'catch':
    case 'finally':
      return ['error'];
    case 'onError':
      return ['error', ...ownRoots(holder, 'value')];
    case 'compensate':
      return ownRoots(holder, 'value');
    case 'steps':
      return holder.step.type === 'foreach' ? EACH_ITEM : holder.step.type === 'while' ? EACH_ROUND : [];
    default:
      return [];
  }
}

function ownRoots(place: Place, part: StepReads['part']): readonly string[] {
  if (agentAt(place)?.loop !== undefined) return EACH_ITEM;
  if (part !== 'loop-end') return [];
  return place.step.type === 'foreach' ? EACH_ITEM : EACH_ROUND;
}
