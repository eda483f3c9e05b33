/** A repeatable stream of numbers from 0 (inclusive) to 1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What an agent is called after, and what it does, in a made-up but plausible file. `previous` is the agent before it. */
type WriteAgent = (name: string, previous: string | undefined, pick: (max: number) => number) => string;

const AGENTS: readonly WriteAgent[] = [
  (name) => `  # Where the raw records come from.
  - name: ${name}
    operation: http
    config:
      url: https://api.example.com/v1/\${input.collection}?since=\${input.since}
      headers:
        Accept: application/json
        Authorization: Bearer \${env.API_TOKEN}
    retry: { maxAttempts: 3, backoff: exponential, initialDelay: 500ms }
    timeout: 20s
    onError: continue
`,
  (name, previous, pick) => `  - name: ${name}
    operation: code
    config:
      code: |
        // Keeps what is worth keeping, newest first.
        const rows = ${previous === undefined ? '[]' : `\${${previous}.output}`} ?? [];
        const kept = [].concat(rows).filter((row) => row && row.score > ${pick(100)});
        kept.sort((a, b) => b.score - a.score);
        return { count: kept.length, best: kept.slice(0, ${pick(20) + 1}) };
`,
  (name, previous) => `  - name: ${name}
    operation: storage
    condition: ${previous === undefined ? '${input.since !== null}' : `\${${previous}.success}`}
    config:
      type: kv
      action: put
      key: report/\${input.collection}/\${run.id}
      value: ${previous === undefined ? '${input}' : `\${${previous}.output}`}
      expirationTtl: 7d
`,
  (name, previous) => `  - name: ${name}
    operation: think
    config:
      provider: openai
      model: gpt-5-mini
      temperature: 0.2
      system: You summarise records for a busy reader. Answer in one paragraph.
      prompt: |
        Collection: \${input.collection}
        ${previous === undefined ? 'There are no records yet.' : `Records: \${JSON.stringify(${previous}.output)}`}
    timeout: 1m
`,
  (name) => `  - name: ${name}
    operation: data
    config:
      backend: d1
      query: SELECT id, title, score FROM records WHERE collection = ? ORDER BY score DESC LIMIT 50
      params:
        - \${input.collection}
`,
  (name, previous) => `  - name: ${name}
    operation: transform
    config:
      value:
        collection: \${input.collection | uppercase}
        items: ${previous === undefined ? '${input.tags}' : `\${${previous}.output}`}
        label: Collected for \${input.collection} since \${input.since}
    state:
      use: [total]
      set:
        total: \${state.total + 1}
`,
];

const WORDS = ['fetch', 'rank', 'store', 'describe', 'select', 'shape', 'check', 'merge', 'load', 'publish'];

/** One realistic ensemble of 3 to 12 agents, always the same for the same number; plain YAML, so that any parser reads it. */
export function writeEnsemble(index: number): string {
  const random = createRandom(index + 1);
  const pick = (max: number): number => Math.floor(random() * max);
  const names: string[] = [];
  const agents: string[] = [];
  for (let count = 3 + pick(10); count > 0; count--) {
    const write = AGENTS[pick(AGENTS.length)] ?? AGENTS[0];
    const name = `${WORDS[pick(WORDS.length)]}-${names.length + 1}`;
    agents.push(write?.(name, names.at(-1), pick) ?? '');
    names.push(name);
  }
  return `# Collects records and reports on them. Runs nightly.
ensemble: collect-${index}
description: Collects the records of one collection and reports on them.
version: 1.${pick(20)}.0

input:
  collection: { type: string, required: true, description: Which collection. }
  since: { type: string, default: '2026-01-01' }
  tags: array

state:
  backend: durable-object
  schema:
    total: { type: number, default: 0, reducer: replace }

agents:
${agents.join('\n')}
output:
  collection: \${input.collection}
  tags: \${input.tags}
  since: \${input.since}
  last: \${${names.at(-1)}.output}
  total: \${state.total}
  finished: \${${names.at(-1)}.executed}
`;
}
