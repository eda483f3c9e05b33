import type { Check } from './check.ts';

const NETWORK: ReadonlySet<string> = new Set(['fetch', 'WebSocket', 'EventSource']);

/** The isolate of a code body has no network unless its config says so (LANGUAGE §5): there every `fetch` fails. */
export const fetchWithoutNetwork: Check = {
  codes: ['fetch-without-network'],
  check(body, findings) {
    for (const { model, code } of body.agents) {
      if (code?.type !== 'inline' || code.network) continue;
      for (const { name, span } of code.body.freeNames) {
        if (!NETWORK.has(name)) continue;
        findings.report('fetch-without-network', span, `"${model.name.text}" uses \`${name}\`, and its code has no network`, {
          help: 'add `network: true` to its `config`, or send the request with an agent of its own (`operation: http`)',
        });
      }
    }
  },
};
