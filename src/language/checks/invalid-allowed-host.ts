import { matchesHost, parseHostPattern } from '../../program/host-pattern.ts';
import type { LocatedScalar } from '../document/located.ts';
import type { Check } from './check.ts';
import { settingsOf } from './settings/agent-settings.ts';
import { constantText } from './settings/constant-text.ts';
import { valuesOf } from './settings/trigger-settings.ts';

const LONGEST = 60;

/** `allow_hosts` of an http agent: hosts, and among them that of the agent's own URL. What an expression gives is looked at when it runs. */
export const invalidAllowedHost: Check = {
  codes: ['invalid-allowed-host'],
  check(body, findings) {
    for (const { name, fields } of settingsOf(body, 'http')) {
      const values = valuesOf(fields.value('allow_hosts'));
      const constants = values.map((value) => constantText(value));
      for (const constant of constants) {
        if (constant === undefined || parseHostPattern(constant.text) !== undefined) continue;
        const message = `${JSON.stringify(constant.text.slice(0, LONGEST))} in \`allow_hosts\` of "${name}" is no host`;
        findings.report('invalid-allowed-host', constant.scalar.span, message, { help: helpFor(constant.text) });
      }
      const patterns = constants.map((constant) => constant && parseHostPattern(constant.text)).filter((pattern) => pattern !== undefined);
      const address = constantText(fields.value('url'));
      const url = address === undefined ? null : URL.parse(address.text.trim());
      // With an expression among them nobody knows yet what is allowed.
      if (address === undefined || url === null || values.length === 0 || patterns.length !== values.length) continue;
      if (!/^https?:$/.test(url.protocol) || patterns.some((pattern) => matchesHost(pattern, url))) continue;
      reportLeftOut(address.scalar, url.host);
    }

    function reportLeftOut({ span }: LocatedScalar, host: string): void {
      findings.report('invalid-allowed-host', span, `\`allow_hosts\` leaves out ${host}, so that this request is never sent`, {
        help: `add \`${host}\` to \`allow_hosts\``,
      });
    }
  },
};

/** Most often a whole address is given. */
function helpFor(text: string): string {
  const host = URL.parse(text.trim())?.host ?? '';
  const isShort = host !== '' && host.length <= LONGEST;
  return isShort ? `write only the host: \`${host}\`` : 'write a host such as `api.example.com`, or `*.example.com` for all names below it';
}
