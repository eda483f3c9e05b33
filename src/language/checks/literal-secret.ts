import type { Span } from '../../program/diagnostic.ts';
import type { Located, LocatedScalar } from '../document/located.ts';
import { hasExpression } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import type { Check } from './check.ts';
import { findKnownSecrets, isPlaceholder, looksRandom } from './secrets/known-secrets.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers } from './settings/trigger-settings.ts';

/** Keys whose values are secrets, when they look like one. */
const SECRET_KEY =
  /(?:^|[-_])(?:authorization|api[-_]?key|access[-_]?key|private[-_]?key|secret|token|password|passwd)$|^(?:apiKey|accessKey|privateKey|.{1,40}(?:Secret|Token|Password|ApiKey|AccessKey|PrivateKey))$/i;
/** What stands before the secret in a header. */
const SCHEME = /^(?:bearer|basic|token|apikey)\s+/i;
/** Nothing shorter looks random. */
const MIN_LENGTH = 12;
/** How much of a secret is shown, so that its owner knows it again. */
const SHOWN = 4;

/**
 * Keys, tokens and passwords that stand in the file: whoever can read the repository, its history or a stored run has them. What is found by its beginning is looked
 * for everywhere, code and prompts included; what only looks random, under keys that are called like secrets.
 */
export const literalSecret: Check = {
  codes: ['literal-secret'],
  check(body, findings) {
    const reported = new Set<number>();
    const report = (span: Span, what: string, secret: string) => {
      if (reported.has(span.start)) return;
      reported.add(span.start);
      reportSecret(span, what, secret, findings);
    };
    visitTexts(body.model.source, undefined, (text, scalar, key) => {
      const known = findKnownSecrets(text);
      for (const { start, end, what } of known)
        report(scalar.at(start, end), what, /password|private key/.test(what) ? '' : text.slice(start, end));
      if (known.length > 0 || key === undefined || text.length < MIN_LENGTH || !SECRET_KEY.test(key) || hasExpression(text)) return;
      const scheme = SCHEME.exec(text)?.[0].length ?? 0;
      if (looksRandom(text.slice(scheme))) report(scalar.at(scheme, text.length), `the value of \`${key}\``, text.slice(scheme));
    });
    // The secret of a trigger is one whatever it looks like.
    for (const { fields } of settingsOfTriggers(body, 'http', 'webhook', 'email')) {
      const auth = fields.mapping('auth');
      const constant = constantText(auth?.entries.find(({ key }) => key.text === 'secret')?.value);
      if (constant === undefined || constant.text === '' || isPlaceholder(constant.text)) continue;
      report(constant.scalar.span, 'the secret of a trigger', '');
    }
  },
};

/** Hands over every text that is a value, with the key that holds it; an item of a list has that of the list. */
function visitTexts(
  value: Located,
  key: string | undefined,
  visit: (text: string, scalar: LocatedScalar, key: string | undefined) => void,
): void {
  if (value.kind === 'list') for (const item of value.items) visitTexts(item, key, visit);
  else if (value.kind === 'mapping') for (const entry of value.entries) visitTexts(entry.value, entry.key.text, visit);
  else if (typeof value.value === 'string') visit(value.value, value, key);
}

function reportSecret(span: Span, what: string, secret: string, findings: Findings): void {
  const shown = secret === '' ? '' : ` (${JSON.stringify(`${secret.slice(0, SHOWN)}…`)})`;
  const verb = what.startsWith('the ') ? `${what} stands in the file` : `this looks like ${what}`;
  findings.report('literal-secret', span, `${verb}${shown}`, {
    help: 'write `${env.NAME}`, with its value in .dev.vars and, deployed, by `wrangler secret put NAME`; one that was shared must be replaced',
  });
}
