import type { Located } from '../document/located.ts';
import type { BodyModel } from '../model/body-model.ts';
import { Fields } from '../model/fields.ts';
import { typeOfSchema } from './schema-type.ts';
import { OBJECT, type ObjectType, type Property, type Type, UNKNOWN } from './type.ts';

/** What an http or webhook trigger puts beside the fields of body and query (LANGUAGE §8). */
const REQUEST_FIELDS = ['method', 'path', 'params', 'query', 'headers', 'body'];

/**
 * The input of a body once it was checked: defaults are there, fields that nobody declared may be. A payload that a trigger brings (a queue's message, a mail) has
 * fields of its own, so that no list of declared ones says it all.
 */
export function inputTypeOf({ input, triggers, source }: BodyModel): Type {
  const fields = new Fields(source);
  // Of two spellings that stand side by side nobody knows which one is meant.
  if (input === undefined || (fields.value('input') !== undefined && fields.value('inputs') !== undefined)) return OBJECT;
  const type = typeOfSchema(input, 'filled');
  if (type.kind !== 'object') return type.kind === 'unknown' ? OBJECT : type;
  return triggers.reduce<ObjectType>(withPayload, type);
}

function withPayload(type: ObjectType, trigger: Located): ObjectType {
  switch (new Fields(trigger).text('type')) {
    case 'cron':
      return type;
    case 'http':
    case 'webhook': {
      const further = REQUEST_FIELDS.filter((name) => !type.properties.has(name)).map((name): [string, Property] => [
        name,
        { type: UNKNOWN, optional: true },
      ]);
      return { ...type, properties: new Map([...type.properties, ...further]) };
    }
    default:
      return { ...type, lists: 'some' };
  }
}
