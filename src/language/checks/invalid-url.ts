import type { LocatedScalar } from '../document/located.ts';
import type { Findings } from '../model/findings.ts';
import type { Check } from './check.ts';
import { settingsOf } from './settings/agent-settings.ts';
import { constantHead, constantText } from './settings/constant-text.ts';

/** The whole host of an address stands before the first expression. */
const HOST_IS_FIXED = /^\s*https?:\/\/[^/?#\\]*[/?#]/i;
/** A scheme, as far as one can be told. */
const SCHEME = /^\s*([a-z][a-z\d+.-]*):/i;

/** The address of a request, or of the server of a model, must be complete. Where an expression stands in it, what comes before is looked at. */
export const invalidUrl: Check = {
  codes: ['invalid-url'],
  check(body, findings) {
    const places = [
      ...settingsOf(body, 'http').map(({ name, fields }) => ({ name, key: 'url', value: fields.value('url') })),
      ...settingsOf(body, 'think').map(({ name, fields }) => ({ name, key: 'baseURL', value: fields.value('baseURL') })),
    ];
    for (const { name, key, value } of places) {
      if (value?.kind !== 'scalar') continue;
      const problem = findProblem(value);
      if (problem !== undefined) report(`\`${key}\` of "${name}" ${problem.what}`, problem.help, value, findings);
    }
  },
};

interface Problem {
  readonly what: string;
  readonly help: string;
}

const COMPLETE = 'write the whole address, such as https://api.example.com/items';

function findProblem(scalar: LocatedScalar): Problem | undefined {
  const constant = constantText(scalar);
  const text = constant?.text ?? String(scalar.value);
  const known = constant === undefined ? constantHead(text) : text;
  const scheme = SCHEME.exec(known)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    // What an expression begins may still become a scheme: `${base}/items`, `http${s}://`.
    const isOpen = constant === undefined && !/[/?#]/.test(known);
    return isOpen ? undefined : { what: 'is no complete address', help: withScheme(text) };
  }
  if (scheme !== 'http' && scheme !== 'https') {
    // `localhost:3000/items` and `example.com:80` read as schemes.
    const isHost = /[.]|^localhost$/.test(scheme) || /^\s*[^:]*:(?:\d|\$[{<])/.test(text);
    return isHost
      ? { what: 'is no complete address', help: withScheme(text) }
      : { what: `begins with \`${scheme}:\`; requests go to http: and https: addresses only`, help: COMPLETE };
  }
  const sure = constant === undefined ? HOST_IS_FIXED.exec(known)?.[0] : known;
  return sure === undefined || URL.canParse(sure.trim()) ? undefined : { what: 'is no address that can be parsed', help: COMPLETE };
}

/** Most often only `https://` is missing. */
function withScheme(text: string): string {
  const hasHost = /^\s*[\w-]+(?:\.[\w-]+)*(?::\d+)?(?:[/?#]|\s*$)/.test(text) && /[.:]|^\s*localhost/.test(text.split('/')[0] ?? '');
  const shown = text.trim();
  return hasHost && shown.length <= 60 ? `did you mean "http${/^localhost|^127\./.test(shown) ? '' : 's'}://${shown}"?` : COMPLETE;
}

function report(message: string, help: string, { span }: LocatedScalar, findings: Findings): void {
  findings.report('invalid-url', span, message, { help });
}
