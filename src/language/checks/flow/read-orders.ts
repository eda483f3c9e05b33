import { outputReads, type ParsedBody } from '../../model/parsed-body.ts';
import type { Read } from '../../model/read.ts';
import { agentAt, type Place, pathTo, runningPlaces } from '../../model/step-places.ts';
import { type Order, orderAtEnd, orderOf } from './step-order.ts';
import { readsByPlace, type StepReads } from './step-reads.ts';

/** A read of a step's result, and how that step stands to whoever reads it. */
export interface OrderedRead {
  readonly read: Read;
  /** Absent for the output of the body. */
  readonly site?: StepReads;
  /** `never`: the flow does not run it, or not under this name. */
  readonly order: Order | { readonly type: 'never' };
}

/** More entries of `flow:` than this under one name: they are reported, and what reads them is not compared with each of them. */
const MAX_SAME_NAME = 8;

/** Every read of a step's result by another step or the output. Of a read that stands in several places (an agent that the flow runs twice) the best is told. */
export function orderedReads(body: ParsedBody): readonly OrderedRead[] {
  const places = runningPlaces(body.model);
  const targets = placesByName(places);
  const found = new Map<Read, OrderedRead>();
  const add = (read: Read, site: StepReads | undefined, order: OrderedRead['order']): void => {
    const before = found.get(read);
    if (before === undefined || rank(order) < rank(before.order)) found.set(read, { read, ...(site !== undefined && { site }), order });
  };
  for (const site of readsByPlace(body, places)) {
    for (const read of site.reads) if (read.kind === 'agent') add(read, site, bestOrder(read, site, targets.get(read.name) ?? [], body));
  }
  for (const read of outputReads(body.output)) {
    if (read.kind !== 'agent') continue;
    const named = targets.get(read.name) ?? [];
    add(read, undefined, best(named.map((place) => orderAtEnd(place, body))));
  }
  return [...found.values()];
}

function placesByName(places: readonly Place[]): ReadonlyMap<string, readonly Place[]> {
  const byName = new Map<string, Place[]>();
  for (const place of places) {
    const name = place.step.name?.text;
    if (name === undefined) continue;
    const same = byName.get(name) ?? [];
    same.push(place);
    byName.set(name, same);
  }
  return byName;
}

function bestOrder(read: Read, { place, phase }: StepReads, targets: readonly Place[], body: ParsedBody): OrderedRead['order'] {
  if (targets.length > MAX_SAME_NAME) return { type: 'known' };
  const own = ownRun(read, place);
  if (own !== undefined) {
    const order = orderOf(place, phase, own, body);
    if (order.type === 'known' || targets.length === 0) return order;
  }
  return best(targets.map((target) => orderOf(place, phase, target, body)));
}

/** An agent knows itself by the name that `agents:` gives it, also where `flow:` runs it by an id; what handles or undoes it does so too. */
function ownRun({ name }: Read, place: Place): Place | undefined {
  return pathTo(place).findLast((around) => around.step.type === 'run' && agentAt(around)?.name.text === name);
}

function best(orders: readonly Order[]): OrderedRead['order'] {
  const [first, ...others] = orders;
  if (first === undefined) return { type: 'never' };
  return others.reduce((least, order) => (rank(order) < rank(least) ? order : least), first);
}

function rank({ type }: OrderedRead['order']): number {
  return type === 'known' ? 0 : type === 'maybe' ? 1 : 2;
}
