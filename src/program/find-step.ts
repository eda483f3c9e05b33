import type { Body, CalledFile, Program, Step } from './program.ts';
import { type StepBlock, stepBlocks } from './step-blocks.ts';

export interface FoundStep {
  readonly step: Step;
  /** The file it stands in, relative to the project's root. */
  readonly file: string;
  /** The path of the agent whose file that is, with its positions in loops; `''` in the ensemble itself. */
  readonly owner: string;
  /** The steps of that file that it lies in, outermost first. */
  readonly around: readonly Enclosing[];
  /** How many steps it lies in, those around its owners among them. */
  readonly depth: number;
}

/** A step that another one lies in. */
export interface Enclosing {
  readonly step: Step;
  /** As events name it. */
  readonly path: string;
  readonly block: StepBlock;
  /** Which item or round it is, from 0, in a block that repeats. */
  readonly position?: number;
}

/**
 * The step that events name by a path (`outer[3]/inner[0]`); undefined when the program has none. A `loop` shares its path with the agent in it: `fetch` is the loop,
 * `fetch[0]` the agent. Costs no more than the path is long, after the first call for a program.
 */
export function findStep(program: Program, path: string): FoundStep | undefined {
  let body: Body | undefined = program.body;
  let file = program.file;
  let owner = '';
  let depth = 0;
  let found: FoundStep | undefined;
  for (const part of path.split('/')) {
    const prefix: string = owner === '' ? '' : `${owner}/`;
    const bracket = part.indexOf('[');
    const end = bracket === -1 ? part.length : bracket;
    const placed: Placed | undefined = indexOf(body)?.get(part.slice(0, end));
    if (placed === undefined) return undefined;
    const inside = locate(placed, prefix, part.slice(end));
    depth += inside.around.length;
    found = { ...inside, file, owner, depth };
    owner = prefix + part;
    const { step } = inside;
    const called: CalledFile | undefined =
      step.type === 'agent' && step.action.type === 'body' ? program.files[step.action.file] : undefined;
    body = called?.body;
    file = called?.file ?? file;
  }
  return found;
}

interface Placed {
  readonly step: Step;
  readonly around: readonly { readonly step: Step; readonly block: StepBlock }[];
}

function locate({ step, around }: Placed, prefix: string, suffix: string): Pick<FoundStep, 'step' | 'around'> {
  if (around.length === 0) return { step, around: [] };
  const enclosing: Enclosing[] = [];
  /** Where in the suffix the positions of the loops so far end. */
  let at = 0;
  for (const { step: outer, block } of around) {
    // A loop's own path ends before the position in it.
    if (outer.path === step.path && isLoop(outer) && at === suffix.length) return { step: outer, around: enclosing };
    const path = prefix + outer.path + suffix.slice(0, at);
    const end = block.repeats ? suffix.indexOf(']', at) : -1;
    if (end === -1) enclosing.push({ step: outer, path, block });
    else {
      enclosing.push({ step: outer, path, block, position: Number(suffix.slice(at + 1, end)) });
      at = end + 1;
    }
  }
  return { step, around: enclosing };
}

function isLoop(step: Step): boolean {
  return step.type === 'foreach' && step.loop;
}

const indexes = new WeakMap<Body, ReadonlyMap<string, Placed>>();

/** Every step of a body by its path; of a loop and the agent in it the agent. */
function indexOf(body: Body | undefined): ReadonlyMap<string, Placed> | undefined {
  if (body === undefined) return undefined;
  const known = indexes.get(body);
  if (known !== undefined) return known;
  const index = new Map<string, Placed>();
  const add = (steps: readonly Step[], around: Placed['around']): void => {
    for (const step of steps) {
      index.set(step.path, { step, around });
      for (const block of stepBlocks(step)) add(block.steps, [...around, { step, block }]);
    }
  };
  add(body.steps, []);
  indexes.set(body, index);
  return index;
}
