import { Fields } from '../model/fields.ts';
import type { Check } from './check.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers, valuesOf } from './settings/trigger-settings.ts';

const LONGEST = 80;

/** `cors` of an http trigger lists origins as browsers send them: scheme, host and a port that is not the scheme's own. No other text is ever equal to one. */
export const invalidOrigin: Check = {
  codes: ['invalid-origin'],
  check(body, findings) {
    for (const { fields } of settingsOfTriggers(body, 'http')) {
      const auth = fields.value('auth');
      const isBasic = auth?.kind === 'mapping' && new Fields(auth).word('type')?.text === 'basic';
      for (const value of valuesOf(fields.value('cors'))) {
        const constant = constantText(value);
        if (constant !== undefined && isBasic && ['*', 'true'].includes(constant.text)) {
          findings.report(
            'invalid-origin',
            constant.scalar.span,
            'with basic auth `cors` must name its origins: a browser adds the password that it keeps to what any page sends',
            {
              help: 'list the origins, such as `https://app.example.com`, or use bearer auth, which pages show themselves',
            },
          );
        }
        if (constant === undefined || ['*', 'true', 'false'].includes(constant.text)) continue;
        const origin = originOf(constant.text);
        if (origin === constant.text) continue;
        const shown = JSON.stringify(constant.text.slice(0, LONGEST));
        findings.report('invalid-origin', constant.scalar.span, `${shown} in \`cors\` is not how a browser names an origin`, {
          help:
            origin === undefined
              ? 'write scheme and host, such as `https://app.example.com`, or `*` for all'
              : `did you mean \`${origin}\`?`,
        });
      }
    }
  },
};

/** What a browser would send for the page that is probably meant; undefined where none can be told. */
function originOf(text: string): string | undefined {
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text);
  const url = URL.parse(hasScheme ? text : `https://${text}`);
  const isWeb =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.hostname !== '' &&
    !url.hostname.includes('*') &&
    (hasScheme || url.hostname.includes('.'));
  return isWeb && url.origin.length <= LONGEST ? url.origin : undefined;
}
