import type { Span } from '../../program/diagnostic.ts';
import { FRAMING_HEADERS } from '../../program/framing-headers.ts';
import type { Located } from '../document/located.ts';
import { hasExpression, isNull } from '../model/fields.ts';
import type { Check } from './check.ts';
import { blankExpressions } from './settings/constant-text.ts';
import { writtenHeaders } from './settings/written-headers.ts';

/** A field name (RFC 9110 §5.6.2). */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** What no field value can carry: the end of a line, other control characters, and what does not fit into a byte. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the point.
const UNSENDABLE = /[\u0000-\u0008\u000a-\u001f\u007f\u0100-\uffff]/;

/** Header names and values that the request would be refused for. */
export const invalidHeader: Check = {
  codes: ['invalid-header'],
  check(body, findings) {
    for (const { headers, owner, isRequest } of writtenHeaders(body)) {
      for (const { key, value } of headers.entries) {
        // It is left out of the request.
        if (isNull(value)) continue;
        if (!TOKEN.test(key.text) && !hasExpression(key.text)) {
          findings.report('invalid-header', key.span, `no header can be called ${JSON.stringify(key.text)} (${owner})`, {
            help: 'a name holds letters, digits and `-`, and no spaces or colons',
          });
        }
        if (isRequest && FRAMING_HEADERS.has(key.text.toLowerCase())) {
          findings.report('invalid-header', key.span, `the header "${key.text}" of ${owner} is set by what sends the request`, {
            help: 'leave it out',
          });
          continue;
        }
        // What a list of values becomes in a response is the host's to say.
        const problem = value.kind === 'scalar' || isRequest ? findProblem(value) : undefined;
        if (problem === undefined) continue;
        findings.report('invalid-header', problem.span, `the header "${key.text}" of ${owner} ${problem.what}`, { help: problem.help });
      }
    }
  },
};

interface Problem {
  readonly what: string;
  readonly help: string;
  readonly span: Span;
}

function findProblem(value: Located): Problem | undefined {
  if (value.kind !== 'scalar') {
    const what = value.kind === 'list' ? 'is a list' : 'is a mapping';
    return { what, help: 'a header is one text: join the parts, or write JSON with `${JSON.stringify(…)}`', span: value.span };
  }
  if (typeof value.value !== 'string') return undefined;
  const text = blankExpressions(value.value);
  // The runtime trims the value.
  const start = text.length - text.trimStart().length;
  const at = text.trim().search(UNSENDABLE);
  if (at === -1) return undefined;
  const isLineEnd = /[\r\n]/.test(text[start + at] ?? '');
  return {
    what: isLineEnd ? 'holds a line break' : 'holds a character that headers cannot carry',
    help: isLineEnd
      ? 'write the value on one line (`>-` joins lines)'
      : 'write such characters percent-encoded: `${encodeURIComponent(…)}`',
    span: value.at(start + at, start + at + 1),
  };
}
