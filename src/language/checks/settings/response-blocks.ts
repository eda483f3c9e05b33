import type { LocatedMapping } from '../../document/located.ts';
import type { ParsedBody } from '../../model/parsed-body.ts';

/** The `when status headers body` blocks of an output that is a list of them (LANGUAGE §7). */
export function responseBlocks({ model, output }: ParsedBody): readonly LocatedMapping[] {
  if (output?.type !== 'responses' || model.output?.kind !== 'list') return [];
  return model.output.items.filter((item) => item.kind === 'mapping');
}
