import { createSuggester, type Suggest } from '../../program/suggest.ts';
import { membersOf } from '../types/type.ts';
import type { Check } from './check.ts';
import { type AbsentRead, absentReads } from './types/absent-reads.ts';
import { shownName } from './types/spell-node.ts';

/** The author listed what an object has. Data may hold more than its schema says, but a read of what nobody declared is most likely a slip. */
export const undeclaredProperty: Check = {
  codes: ['undeclared-property'],
  check(_, findings, { types }) {
    const suggest = createSuggester();
    for (const read of absentReads(types)) {
      if (read.absence !== 'undeclared') continue;
      findings.report('undeclared-property', read.span, `the schema of ${read.object} does not declare ${shownName(read.key)}`, {
        help: helpFor(read, suggest),
      });
    }
  },
};

function helpFor({ type, key }: AbsentRead, suggest: Suggest): string {
  const members = type.kind === 'unknown' ? [] : membersOf(type);
  const names = [...new Set(members.flatMap((member) => (member.kind === 'object' ? [...member.properties.keys()] : [])))];
  const near = suggest(key, names);
  const listed = `it declares ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;
  return near === undefined ? `declare it there; ${listed}` : `did you mean "${near}"? ${listed}`;
}
