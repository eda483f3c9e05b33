import type { Span } from '../../program/diagnostic.ts';
import type { LocatedScalar } from '../document/located.ts';
import { findExpressions } from '../expression/scan.ts';
import type { BodyTypes } from '../types/body-types.ts';
import { membersOf, type Type } from '../types/type.ts';
import type { Check } from './check.ts';
import { settingsOf } from './settings/agent-settings.ts';

const SCHEME = /^\s*https?:\/\//i;
/** Variables are the operator's own. */
const VARIABLE = /^\s*env\s*\.\s*\w+\s*$/;
/** No value ends the host then, or begins another: it is one of the names below the fixed end. */
const ENCODED = /^\s*encodeURIComponent\(/;

/**
 * A value that continues a host which the author began: `https://api.example.com${input.path}` goes to `api.example.com.evil.example` for `.evil.example/`, and to `evil.example` for `@evil.example/`, with
 * the headers that were meant for the first. A URL that is an expression as a whole is the author's own choice.
 */
export const openUrlHost: Check = {
  codes: ['open-url-host'],
  check(body, findings, { types }) {
    for (const { name, fields } of settingsOf(body, 'http')) {
      const value = fields.value('url');
      if (value?.kind !== 'scalar' || fields.value('allow_hosts') !== undefined) continue;
      const found = findOpening(value, types);
      if (found === undefined) continue;
      findings.report(
        'open-url-host',
        value.at(found.start, found.end),
        `this value is part of the host that "${name}" asks: it can lead to any other`,
        {
          help: 'put a `/` between the host and the value, or list the hosts that may be asked under `allow_hosts:`',
        },
      );
    }
  },
};

/** Where the first expression stands that data can lead elsewhere by. */
function findOpening(scalar: LocatedScalar, types: BodyTypes): { readonly start: number; readonly end: number } | undefined {
  const text = String(scalar.value);
  let at = SCHEME.exec(text)?.[0].length ?? 0;
  if (at === 0) return undefined;
  for (const { start, end = text.length } of findExpressions(text)) {
    // The host is over.
    if (/[/?#\\]/.test(text.slice(at, start))) return undefined;
    const source = text.slice(start + 2, end - 1);
    const hasEnd = /^[^/?#\\$]*\.[a-z]/i.test(text.slice(end));
    if (!VARIABLE.test(source) && !(ENCODED.test(source) && hasEnd) && !isFixed(typeAt(scalar.at(start, end), types)))
      return { start, end };
    at = end;
  }
  return undefined;
}

/** The type of the expression that stands there. */
function typeAt({ file, start, end }: Span, { holes }: BodyTypes): Type | undefined {
  const found = holes.find(({ places, hole }) => {
    const span = places?.spanOf(hole.expression);
    return span !== undefined && span.file === file && span.start >= start && span.end <= end;
  });
  return found?.typed.typeOf(found.hole.expression);
}

/** Whether the author chose all that it can be (`enum: [eu, us]`), or it is a number, such as a port. */
function isFixed(type: Type | undefined): boolean {
  if (type === undefined || type.kind === 'unknown') return false;
  return membersOf(type).every((member) =>
    member.kind === 'string'
      ? member.value !== undefined && /^[\w.-]*$/.test(member.value)
      : member.kind === 'number' || member.kind === 'undefined' || member.kind === 'null',
  );
}
