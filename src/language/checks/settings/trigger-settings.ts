import type { Located, LocatedMapping } from '../../document/located.ts';
import { Fields, isNull, type Word } from '../../model/fields.ts';
import type { ParsedBody } from '../../model/parsed-body.ts';

/** One entry of `trigger:`. */
export interface TriggerSettings {
  readonly type: Word;
  readonly mapping: LocatedMapping;
  readonly fields: Fields;
}

/** The triggers of the types given. */
export function settingsOfTriggers({ model }: ParsedBody, ...types: readonly string[]): readonly TriggerSettings[] {
  return model.triggers.flatMap((mapping): readonly TriggerSettings[] => {
    if (mapping.kind !== 'mapping') return [];
    const fields = new Fields(mapping);
    const type = fields.word('type');
    return type === undefined || !types.includes(type.text) ? [] : [{ type, mapping, fields }];
  });
}

/** The items of a list, or the one value that stands in place of a list. */
export function valuesOf(value: Located | undefined): readonly Located[] {
  if (value === undefined || isNull(value)) return [];
  return value.kind === 'list' ? value.items : [value];
}
