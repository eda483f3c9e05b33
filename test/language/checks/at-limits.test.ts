import { describe, expect } from 'vitest';
import { lint } from '../../../src/language/lint.ts';
import { EMPTY_PROJECT, type ProjectIndex } from '../../../src/language/project-index.ts';
import { atLimit } from '../../support/at-limit.ts';
import { log } from '../support/compile-text.ts';

/** How often each rule finds something in an ensemble that says this after its first line. */
function found(rest: string, project: ProjectIndex = EMPTY_PROJECT): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { code } of lint({ path: 'ensembles/e.yaml', text: `ensemble: e\n${rest}` }, project)) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
const each = (count: number, part: (index: number) => string): string => Array.from({ length: count }, (_, index) => part(index)).join('');

/** The two sides of a limit beyond which the rule finds something. */
const refusedBy = (code: string, textOf: (size: number) => string, project?: ProjectIndex) => ({
  within: (size: number) => expect(found(textOf(size), project)).not.toHaveProperty(code),
  beyond: (size: number) => expect(found(textOf(size), project)).toHaveProperty(code),
});

describe('what a rule refuses', () => {
  // Each entry of the flow is a step, and has the hundred of its `onError` for itself.
  const handlers = each(99, (index) => `      - ${log(`h${index}`)}\n`);
  const large = (steps: number) =>
    `agents:\n  - ${log('a')
      .slice(2, -2)
      .replaceAll(
        /, (?=operation|config)/g,
        '\n    ',
      )}\n    onError:\n${handlers}  - ${log('b')}\nflow:\n${each(Math.floor(steps / 100), (index) => `  - { agent: a, id: a${index} }\n`)}${each(steps % 100, (index) => `  - { agent: b, id: b${index} }\n`)}`;
  atLimit('src/language/checks/program-too-large.ts MAX_STEPS', refusedBy('program-too-large', large));

  atLimit(
    'src/language/checks/invalid-batch-size.ts MAX_BATCH_SIZE',
    refusedBy('invalid-batch-size', (size) => `agents: []\ntrigger: [{ type: queue, queue: q, batch_size: ${size} }]\n`),
  );
  atLimit(
    'src/language/checks/sql-params.ts MAX_PARAMS',
    refusedBy(
      'sql-params',
      (index) =>
        `agents:\n  - name: a\n    operation: data\n    config: { query: "SELECT ?${index}", params: [${Array(index).fill(1).join(', ')}] }\n`,
    ),
  );
  atLimit(
    'src/language/checks/engine-limit.ts MAX_WORKFLOW_STEPS',
    refusedBy('engine-limit', (steps) => `engine: workflows\nlimits: { max_steps: ${steps} }\nagents: []\n`),
  );
  describe('of a loop', () => {
    atLimit(
      'src/language/checks/engine-limit.ts MAX_WORKFLOW_STEPS',
      refusedBy(
        'engine-limit',
        (steps) =>
          `engine: workflows\nagents:\n  - type: while\n    condition: true\n    maxIterations: ${steps}\n    steps: [${log('a')}]\n`,
      ),
    );
  });
  const files = (levels: number): ProjectIndex => ({
    ...EMPTY_PROJECT,
    agentFile: (name) => {
      const level = Number(name.slice(1));
      const inside = level === levels ? log('end') : `{ name: go, agent: a${level + 1} }`;
      return { path: `agents/${name}.yaml`, text: `agent: ${name}\noperations:\n  - ${inside}\n` };
    },
  });
  const codes = (levels: number) => Object.keys(found('agents:\n  - { name: first, agent: a1 }\n', files(levels)));
  atLimit('src/language/analyze-file.ts MAX_DEPTH', {
    within: (levels) => expect(codes(levels)).toEqual([]),
    beyond: (levels) => expect(codes(levels)).toEqual(['agent-file-depth']),
  });
});

describe('what a rule finds', () => {
  const bearer = 'Q7W2E9R4T8Y3U5I1';
  const hidden = (length: number) =>
    found(
      `agents:\n  - { name: a, operation: http, config: { url: "https://x.example", headers: { x-api-key: ${bearer.slice(0, length)} } } }\n`,
    );
  atLimit('src/language/checks/literal-secret.ts MIN_LENGTH', {
    within: (length) => expect(hidden(length)).toHaveProperty('literal-secret'),
    beyond: (length) => expect(hidden(length)).not.toHaveProperty('literal-secret'),
  });
  // They run each other in a circle of this length.
  const ring = (length: number): ProjectIndex => ({
    ...EMPTY_PROJECT,
    ensembleFile: (name) => {
      const next = name === `r${length - 1}` ? 'e' : `r${Number(name.slice(1)) + 1}`;
      return name === 'e'
        ? undefined
        : { path: `ensembles/${name}.yaml`, text: `ensemble: ${name}\nagents: [{ name: go, ensemble: ${next} }]\n` };
    },
  });
  const circle = (length: number) => {
    const text = 'agents: [{ name: go, ensemble: r1 }]\n';
    const around = ring(length);
    const own = { path: 'ensembles/e.yaml', text: `ensemble: e\n${text}` };
    return found(text, { ...around, ensembleFile: (name, from) => (name === 'e' ? own : around.ensembleFile(name, from)) });
  };
  atLimit('src/language/checks/ensemble-cycle.ts MAX_DEPTH', {
    within: (length) => expect(circle(length)).toHaveProperty('ensemble-cycle'),
    beyond: (length) => expect(circle(length)).not.toHaveProperty('ensemble-cycle'),
  });
  // The file that leads back is the last one that is looked at.
  const wide = (files: number) => {
    const names = Array.from({ length: files }, (_, index) => `w${index}`);
    const text = 'agents: [{ name: go, ensemble: all }]\n';
    const sources: Record<string, string> = {
      e: `ensemble: e\n${text}`,
      all: `ensemble: all\nagents:\n${names.map((name) => `  - { name: in-${name}, ensemble: ${name} }\n`).join('')}`,
      ...Object.fromEntries(
        names.map((name, index) => [
          name,
          `ensemble: ${name}\nagents: [${index === files - 1 ? '{ name: go, ensemble: e }' : log('end')}]\n`,
        ]),
      ),
    };
    return found(text, {
      ...EMPTY_PROJECT,
      ensembleFile: (name) => {
        const source = sources[name];
        return source === undefined ? undefined : { path: `ensembles/${name}.yaml`, text: source };
      },
    });
  };
  atLimit('src/language/checks/ensemble-cycle.ts MAX_FILES', {
    within: (files) => expect(wide(files - 1)).toHaveProperty('ensemble-cycle'),
    beyond: (files) => expect(wide(files - 1)).not.toHaveProperty('ensemble-cycle'),
  });
  const defaults = (count: number) =>
    found(
      `input:\n  type: object\n  $defs: { n: { type: number } }\n  properties:\n${each(count, (index) => `    n${index}: { $ref: "#/$defs/n", default: wrong }\n`)}agents: []\n`,
    );
  atLimit('src/language/checks/input-default-type.ts MAX_LOOKS_BEYOND', {
    within: (count) => expect(defaults(count)['input-default-type']).toBe(count),
    beyond: (count) => expect(defaults(count)['input-default-type']).toBe(count - 1),
  });
});

describe('what a rule compares', () => {
  atLimit('src/language/checks/kv-ttl-too-short.ts MIN_TTL_MS', {
    ...refusedBy(
      'kv-ttl-too-short',
      (ms) => `agents:\n  - { name: a, operation: storage, config: { type: kv, action: put, key: k, value: v, expirationTtl: ${ms}ms } }\n`,
    ),
  });
  // In the branches of a switch, of which one runs; the last entry runs beside the last of them.
  const alternatives = (count: number) => {
    const entry = '{ agent: a }';
    const cases = each(count - 1, (index) => `      c${index}: [${entry}]\n`);
    return found(
      `agents:\n  - ${log('a')}\nflow:\n  - type: switch\n    value: \${input.x}\n    cases:\n${cases}      last: [${entry}, ${entry}]\n`,
    );
  };
  atLimit('src/language/checks/repeated-flow-agent.ts MAX_COMPARED', {
    within: (count) => expect(alternatives(count)).toHaveProperty('repeated-flow-agent'),
    beyond: (count) => expect(alternatives(count)).not.toHaveProperty('repeated-flow-agent'),
  });
  // Each of them is read before it runs, under a name that they share.
  const sameName = (count: number) =>
    found(
      `agents:\n  - { name: r, operation: log, config: { message: "\${a.output}" } }\n  - ${log('a')}\nflow:\n  - { agent: r }\n${each(count, () => '  - { agent: a }\n')}`,
    );
  atLimit('src/language/checks/flow/read-orders.ts MAX_SAME_NAME', {
    within: (count) => expect(sameName(count)).toHaveProperty('agent-read-before-run'),
    beyond: (count) => expect(sameName(count)).not.toHaveProperty('agent-read-before-run'),
  });
  // The name of the agent, misspelt, is the last of its keys.
  const misspelt = (keys: number) => found(`agents:\n  - { ${each(keys - 1, (index) => `key${index}: 1, `)}nmae: x }\n`);
  atLimit('src/language/schema/describe-shape-error.ts MAX_MISSPELT', {
    within: (keys) => expect(misspelt(keys)).not.toHaveProperty('missing-key'),
    beyond: (keys) => expect(misspelt(keys)).toHaveProperty('missing-key'),
  });
});
