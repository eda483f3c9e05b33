import type { RunShapes } from '../../program/run-shapes.ts';
import { renderShape, type ValueShape } from '../../program/value-shape.ts';
import { code } from '../markdown.ts';
import type { Snapshot } from '../snapshot.ts';

/** What kind of value the last local run had under a path such as `fetch.output.rows` or `state.total`; undefined when it had none. */
export function seenLine(snapshot: Snapshot, path: readonly string[]): string | undefined {
  const shape = seenShape(snapshot.shapes(), path);
  return shape && `In the last run: ${code(renderShape(shape))}`;
}

function seenShape({ agents, state }: RunShapes, [root = '', field = '', ...deeper]: readonly string[]): ValueShape | undefined {
  const shapes = root === 'state' ? state : field === 'output' ? agents : {};
  const name = root === 'state' ? field : root;
  let shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  for (const key of deeper) {
    if (shape?.kind !== 'object' || !Object.hasOwn(shape.properties, key)) return undefined;
    shape = shape.properties[key];
  }
  return shape;
}
