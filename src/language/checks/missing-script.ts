import type { Check } from './check.ts';

/** The module that `script:` names must be there and be one that can be bundled. */
export const missingScript: Check = {
  codes: ['missing-script'],
  check(body, findings) {
    for (const { code } of body.agents) {
      if (code?.type !== 'script' || !('problem' in code.found)) continue;
      findings.report('missing-script', code.reference.span, `the script "${code.reference.text}" cannot be used: ${code.found.problem}`, {
        help: 'a script is a .js or .ts module with `export default (context) => …`; its path is relative to this file or to the project root',
      });
    }
  },
};
