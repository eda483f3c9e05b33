import type { StateKeyModel } from '../model/body-model.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import type { Environment } from './environment.ts';
import { typeOfSchema } from './schema-type.ts';
import { typeOfValue } from './template-type.ts';
import { OBJECT, type Property, type Type, UNKNOWN } from './type.ts';

/** The whole state: declared keys, which are missing until something gives them a value (LANGUAGE §4). Which keys an agent may read is for other rules to say. */
export function stateTypeOf({ model, stateInitial }: ParsedBody, opening: () => Environment): Type {
  const { schema } = model.state;
  if (schema === undefined) return OBJECT;
  const initial = stateInitial === undefined ? undefined : typeOfValue(stateInitial, opening());
  const isGiven = (key: string): boolean => initial?.kind === 'object' && initial.properties.get(key)?.optional === false;
  const properties = new Map([...schema].map(([key, declared]): [string, Property] => [key, keyType(declared, isGiven(key))]));
  return { kind: 'object', properties, lists: 'some', others: UNKNOWN };
}

function keyType({ schema, default: byDefault, validForMs }: StateKeyModel, isGiven: boolean): Property {
  const { description } = schema;
  return {
    type: typeOfSchema(schema),
    // Past its time a key reads as undefined.
    optional: validForMs !== undefined || (byDefault === undefined && !isGiven),
    ...(typeof description === 'string' && { description }),
  };
}
