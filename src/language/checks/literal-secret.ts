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
    for (const { key, scalar } of everyText(body.model.source)) {
      const text = scalar.value;
      const known = findKnownSecrets(text);
      for (const { start, end, what } of known)
        report(scalar.at(start, end), what, /password|private key/.test(what) ? '' : text.slice(start, end));
      if (known.length > 0 || key === undefined || !SECRET_KEY.test(key) || hasExpression(text)) continue;
      const scheme = SCHEME.exec(text)?.[0].length ?? 0;
      if (looksRandom(text.slice(scheme))) report(scalar.at(scheme, text.length), `the value of \`${key}\``, text.slice(scheme));
    }
    // The secret of a trigger is one whatever it looks like.
    for (const { fields } of settingsOfTriggers(body, 'http', 'webhook', 'email')) {
      const auth = fields.mapping('auth');
      const constant = constantText(auth?.entries.find(({ key }) => key.text === 'secret')?.value);
      if (constant === undefined || constant.text === '' || isPlaceholder(constant.text)) continue;
      report(constant.scalar.span, 'the secret of a trigger', '');
    }
  },
};

interface KeyedText {
  /** The key that holds the text; of a list's items the one that holds the list. */
  readonly key: string | undefined;
  readonly scalar: LocatedScalar & { readonly value: string };
}

function* everyText(value: Located, key?: string): Generator<KeyedText> {
  if (value.kind === 'list') for (const item of value.items) yield* everyText(item, key);
  else if (value.kind === 'mapping') for (const entry of value.entries) yield* everyText(entry.value, entry.key.text);
  else if (isText(value)) yield { key, scalar: value };
}

function isText(scalar: LocatedScalar): scalar is KeyedText['scalar'] {
  return typeof scalar.value === 'string';
}

function reportSecret(span: Span, what: string, secret: string, findings: Findings): void {
  const shown = secret === '' ? '' : ` (${JSON.stringify(`${secret.slice(0, SHOWN)}…`)})`;
  const verb = what.startsWith('the ') ? `${what} stands in the file` : `this looks like ${what}`;
  findings.report('literal-secret', span, `${verb}${shown}`, {
    help: 'write `${env.NAME}`, with its value in .dev.vars and, deployed, by `wrangler secret put NAME`; one that was shared must be replaced',
  });
}
