import { listOf, type Property, recordOf, type Type, UNKNOWN } from '../../language/types/type.ts';
import { unionOf } from '../../language/types/union.ts';
import type { ValueShape } from '../../program/value-shape.ts';

/** The type of the values that the last run saw. Others are possible, so nothing is ever said to be wrong by it. */
export function typeOfShape(shape: ValueShape): Type {
  switch (shape.kind) {
    case 'list':
      return listOf(typeOfShape(shape.items));
    case 'map':
      return recordOf(typeOfShape(shape.values));
    case 'object': {
      const entries = Object.entries(shape.properties).map(([name, value]): [string, Property] => [
        name,
        { type: typeOfShape(value), optional: false },
      ]);
      return { kind: 'object', properties: new Map(entries), lists: 'some', others: UNKNOWN };
    }
    case 'union':
      return unionOf(shape.of.map(typeOfShape));
    case 'unknown':
      return UNKNOWN;
    default:
      return { kind: shape.kind };
  }
}
