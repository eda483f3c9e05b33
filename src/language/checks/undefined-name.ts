import { createSuggester } from '../../program/suggest.ts';
import type { CodeBody, FreeName } from '../code/code-body.ts';
import { ISOLATE_GLOBALS } from '../code/javascript-globals.ts';
import type { Check } from './check.ts';

/** What other homes of JavaScript have, and what to do in an isolate, which has no files, no processes and no page. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  require: 'put the code into a file and name it with `script:`; there, `import` works',
  module: 'put the code into a file and name it with `script:`; here, `return` hands the result back',
  exports: 'put the code into a file and name it with `script:`; here, `return` hands the result back',
  process: 'variables are in `env`, e.g. `env.API_KEY`',
  Buffer: 'an isolate has `atob`, `btoa`, `TextEncoder` and `Uint8Array`',
  fs: 'an isolate has no files; read what you need with an agent before this one, such as `storage` or `http`',
  path: 'an isolate has no files',
  os: 'an isolate has no operating system',
  window: 'an isolate has no page; its global object is `globalThis`',
  document: 'an isolate has no page; to take HTML apart use `HTMLRewriter`',
  localStorage: 'keep it in the state: `state: { use: [key], set: [key] }`',
  sessionStorage: 'keep it in the state: `state: { use: [key], set: [key] }`',
  XMLHttpRequest: 'use `fetch` and `network: true`',
  axios: 'use `fetch` and `network: true`, or an agent with `operation: http`',
  global: 'the global object is `globalThis`',
  setImmediate: 'use `setTimeout(…, 0)`',
  __dirname: 'an isolate has no files',
  __filename: 'an isolate has no files',
  context: 'only a `script:` is given a `context`; here `input`, `state` and `env` are in scope',
  output: 'the result of an agent is read as `agent-name.output`',
  outputs: 'the result of an agent is read as `agent-name.output`',
  inputs: 'the input is called `input`',
};

/** JavaScript looks a name up when it comes to it: a misspelled one lets the body parse, and fails the agent with a ReferenceError. */
export const undefinedName: Check = {
  codes: ['undefined-name'],
  check(body, findings) {
    const suggest = createSuggester();
    const agents = body.model.agents.flatMap((agent) => (agent.named ? [agent.name.text] : []));
    for (const { code } of body.agents) {
      if (code?.type !== 'inline') continue;
      for (const use of code.body.freeNames) {
        if (ISOLATE_GLOBALS.has(use.name)) continue;
        const what = use.assigned ? `\`${use.name}\` is assigned to and never declared` : `nothing called \`${use.name}\` is known here`;
        findings.report('undefined-name', use.span, what, { help: ownHelp(use, code.body) ?? nearest(use, code.body, agents, suggest) });
      }
    }
  },
};

function ownHelp({ name, assigned }: FreeName, { declaredNames }: CodeBody): string | undefined {
  if (assigned) return `declare it: \`let ${name}\``;
  if (Object.hasOwn(ELSEWHERE, name)) return ELSEWHERE[name];
  return declaredNames.has(name) ? 'it is declared in another block: declare it in one that holds both places' : undefined;
}

function nearest(
  { name, called }: FreeName,
  { declaredNames }: CodeBody,
  agents: readonly string[],
  suggest: ReturnType<typeof createSuggester>,
): string {
  const near = suggest(name, candidates(called, declaredNames, agents));
  return near === undefined
    ? `declare \`${name}\` in this body, or put the code into a file that imports it (\`script:\`)`
    : `did you mean \`${near}\`?`;
}

function* candidates(called: boolean, declaredNames: Iterable<string>, agents: Iterable<string>): Generator<string> {
  yield* declaredNames;
  // No agent and no root is a function.
  if (called) yield 'setState';
  else {
    yield* agents;
    yield* ['input', 'state', 'env'];
  }
  yield* ISOLATE_GLOBALS;
}
