import { allReads } from '../model/parsed-body.ts';
import type { Check } from './check.ts';

/** Roots that only a part of the language brings along, and which part that is (LANGUAGE §3.2). */
const WHERE: Readonly<Record<string, string>> = {
  item: 'in a loop',
  index: 'in a loop',
  loop: 'in a loop',
  error: 'in `onError` and `catch`',
  mapResults: 'in the `reduce` of a map-reduce',
};

/** Outside of its place such a root is never there. Agents cannot stand in such a place yet, so every read is out of place. */
export const outOfPlaceRoot: Check = {
  codes: ['out-of-place-root'],
  check(body, findings) {
    for (const { kind, name, span } of allReads(body)) {
      const where = kind === 'root' && Object.hasOwn(WHERE, name) ? WHERE[name] : undefined;
      if (where === undefined) continue;
      findings.report('out-of-place-root', span, `\`${name}\` is known only ${where}`, {
        help: name === 'error' ? 'to read why an agent failed, write `${agent-name.error}`' : undefined,
      });
    }
  },
};
