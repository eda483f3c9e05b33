import type { Check } from './check.ts';

/** Every way to give a module a default export, in the author's text and in what esbuild makes of it; CommonJS modules always get one. */
const DEFAULT = /\bexport\s+default\b|\bas\s+(?:default\b|["']default["'])|\{[^{}]*\bdefault\b[^{}]*\}\s*from\b|\b(?:module\.)?exports\b/;

/** A script is run by its default export (LANGUAGE §5); without one the agent fails when it is called. */
export const scriptWithoutDefault: Check = {
  codes: ['script-without-default'],
  check(body, findings) {
    for (const { code } of body.agents) {
      if (code?.type !== 'script' || !('source' in code.found) || DEFAULT.test(code.found.source)) continue;
      findings.report('script-without-default', code.reference.span, `the script "${code.reference.text}" has no default export`, {
        help: 'what runs is `export default (context) => …`, or `export default async function …`',
      });
    }
  },
};
