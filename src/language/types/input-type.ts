import { parseTriggerPath } from '../../program/trigger-path.ts';
import type { Located } from '../document/located.ts';
import type { BodyModel } from '../model/body-model.ts';
import { Fields } from '../model/fields.ts';
import { typeOfSchema } from './schema-type.ts';
import { OBJECT, type ObjectType, type Property, type Type, UNKNOWN } from './type.ts';

/** What an http or webhook trigger puts beside the fields of body and query (LANGUAGE §8). */
const REQUEST_FIELDS = ['method', 'path', 'params', 'query', 'headers', 'body'];
/** What an email trigger gives. */
const MAIL_FIELDS = ['from', 'to', 'subject', 'text', 'html', 'headers', 'attachments', 'message_id', 'date', 'reply_to', 'cc'];

/**
 * The input of a body once it was checked: defaults are there, fields that nobody declared may be. What a trigger brings along has
 * fields of its own; a queue's message may have any.
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
  // Closed: what is not declared is not handed over, or not taken.
  if (type.lists === 'all') return type;
  const fields = new Fields(trigger);
  switch (fields.text('type')) {
    case 'cron':
      return type;
    case 'http':
    case 'webhook':
      return withFields(type, [...REQUEST_FIELDS, ...parametersOf(fields.text('path') ?? '')]);
    case 'email':
      return withFields(type, MAIL_FIELDS);
    case 'queue':
      // A single message is the input itself, whatever is in it.
      return (fields.text('batch_size') ?? '1') === '1' ? { ...type, lists: 'some' } : withFields(type, ['messages']);
    default:
      return { ...type, lists: 'some' };
  }
}

function parametersOf(path: string): readonly string[] {
  return parseTriggerPath(path).parts.flatMap((part) => (part.type === 'parameter' ? [part.name] : []));
}

/** Optional, since others start runs of the ensemble as well; a field that is declared is of the type that it has there. */
function withFields(type: ObjectType, names: readonly string[]): ObjectType {
  const further = names
    .filter((name) => !type.properties.has(name))
    .map((name): [string, Property] => [name, { type: UNKNOWN, optional: true }]);
  return { ...type, properties: new Map([...type.properties, ...further]) };
}
