import type { StepModel } from '../model/step-model.ts';
import { agentAt, type Place, pathTo } from '../model/step-places.ts';
import { orNull } from './template-type.ts';
import { INTEGER, listOf, STRING, shapeOf, type Type, UNKNOWN } from './type.ts';
import { orUndefined } from './union.ts';

/** Roots whose meaning depends on what stands around: the loop, the handler, the `reduce` (LANGUAGE §3.2). The innermost one counts. */
export type LexicalRoot = 'item' | 'loop' | 'error' | 'mapResults';

/** What the roots of a place are worked out from. */
export interface LexicalTypes {
  /** One of what the loop at a place goes through: a foreach, a map-reduce or an agent with a `loop`. */
  itemOf(loop: Place): Type;
  /** The value of a list of steps. */
  valueOf(steps: readonly StepModel[]): Type;
}

const ERROR = shapeOf({ code: STRING, message: STRING, attempt: INTEGER, agent: STRING });

/** What `loop` is in a round of a `while`. */
export const LOOP_OF_WHILE = shapeOf({ index: INTEGER });

/** What a root is at a place; `unknown` where it has no meaning. */
export function typeOfLexicalRoot(name: LexicalRoot, place: Place, types: LexicalTypes): Type {
  for (const { within } of pathTo(place).toReversed()) {
    if (within === undefined) continue;
    const found = rootInside(name, within, types);
    if (found !== undefined) return found;
  }
  return UNKNOWN;
}

/** What `loop` is in an iteration with such an item. */
export function loopOf(item: Type): Type {
  return shapeOf({ item, index: INTEGER });
}

/** What a block brings along; undefined when it leaves the root what it is around it. */
function rootInside(name: LexicalRoot, { place, block }: NonNullable<Place['within']>, types: LexicalTypes): Type | undefined {
  const { step } = place;
  switch (name) {
    case 'mapResults':
      return block.kind === 'reduce' && step.type === 'map-reduce' ? listOf(orNull(types.valueOf(step.map))) : undefined;
    case 'error':
      if (block.kind === 'catch' || block.kind === 'onError') return ERROR;
      // What is cleaned up may have gone well.
      return block.kind === 'finally' ? orUndefined(ERROR) : undefined;
    case 'item':
      return isIterated(place, block.kind) ? types.itemOf(place) : undefined;
    case 'loop':
      if (step.type === 'while') return LOOP_OF_WHILE;
      return isIterated(place, block.kind) ? loopOf(types.itemOf(place)) : undefined;
    default:
      return name satisfies never;
  }
}

/** Whether the block of a step runs for each item of a list. */
function isIterated(place: Place, kind: string): boolean {
  return place.step.type === 'foreach' || kind === 'map' || agentAt(place)?.loop !== undefined;
}
