import type { NewProject } from '../new-project.ts';

/** The secret that proves who may start the example over HTTP. */
export const EXAMPLE_SECRET = 'WORD_REPORT_TOKEN';

const TRIGGERS = `
# Deployed, it is started by a POST to /word-report with the header \`Authorization: Bearer …\`, and once a day.
trigger:
  - type: http
    path: /word-report
    auth: { type: bearer, secret: \${env.${EXAMPLE_SECRET}} }
  - type: cron
    cron: 0 6 * * *
    input: { text: Good morning }
`;

export function ensembleFile({ triggers }: NewProject): string {
  return `# Counts the words of a text, and keeps how many there were in all texts so far.
ensemble: word-report

input:
  text: { type: string, required: true }

# In a Durable Object: what runs write at the same time is added up.
state:
  backend: durable-object
  schema:
    total_words: { type: number, default: 0, reducer: add }

agents:
  # agents/word-count/agent.yaml
  - name: count
    agent: word-count
    input: { text: \${input.text} }
    state:
      set: { total_words: \${count.output.words} }

  - name: judge
    operation: transform
    config:
      value: \${count.output.words > 100 ? 'long' : 'short'}

output:
  words: \${count.output.words}
  longest: \${count.output.longest}
  length: \${judge.output}
  total_words: \${state.total_words}
${triggers ? TRIGGERS : ''}`;
}

export function agentFile(): string {
  return `# Counts the words of a text and finds the longest one.
agent: word-count

inputs:
  text: { type: string, required: true }

operations:
  - name: split
    operation: code
    config:
      code: |
        const words = \${input.text}.split(/\\s+/).filter((word) => word !== '');
        const longest = words.reduce((best, word) => (word.length > best.length ? word : best), '');
        return { words: words.length, longest };

outputs:
  words: \${split.output.words}
  longest: \${split.output.longest}
`;
}

export const TEST_INPUT = '{ "text": "the quick brown fox jumps over the lazy dog" }\n';
