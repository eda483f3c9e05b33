/** How a case is driven while it runs. Each act waits until the run is as it says. */
export type Act =
  | { readonly when: 'waiting'; readonly agent: string; readonly answer: { readonly approved: boolean; readonly feedback?: string } }
  | { readonly when: 'waiting'; readonly agent: string; readonly signal: string; readonly data?: unknown }
  | { readonly when: 'waiting'; readonly agent: string; readonly cancel: string }
  | { readonly when: 'waiting'; readonly agent: string; readonly pauseAndResume: true }
  | { readonly when: 'running'; readonly agent: string; readonly cancel: string };

/** An ensemble that both engines run: without its first line, which names it and the engine. */
export interface EngineCase {
  readonly name: string;
  readonly yaml: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly acts?: readonly Act[];
  /** Some things happen side by side: only what each agent and each step says is in order. */
  readonly sideBySide?: true;
  /** What has to come out of it, so that two equal mistakes are seen. */
  readonly ends: { readonly status: string; readonly output?: unknown; readonly code?: string };
}

export const AGENT_FILES: Readonly<Record<string, string>> = {
  'agents/shout.yaml': `
agent: shout
inputs: { text: string }
operations:
  - { name: upper, operation: transform, config: { value: "\${input.text | uppercase}" } }
  - { name: mark, operation: code, config: { code: 'return \${upper.output} + "!"' } }
outputs: { text: "\${mark.output}" }
`,
  'agents/flaky.yaml': `
agent: flaky
inputs: { of: string }
operations:
  - { name: call, operation: http, config: { url: "https://effects.test/flaky?of=\${input.of}" } }
outputs: { ok: "\${call.output.ok}" }
`,
  'ensembles/inner.yaml': `
ensemble: inner
input: { n: number }
agents:
  - { name: double, operation: transform, config: { value: "\${input.n * 2}" } }
output: { doubled: "\${double.output}" }
`,
};

const CALL = (name: string, path: string, more = '') =>
  `  - { name: ${name}, operation: http, config: { url: "https://effects.test${path}?of=\${input.of}", method: POST, expect: [200] }${more} }\n`;

/** What there is of the language that an engine has a part in. `input.of` tells the two runs of a case apart. */
export const ENGINE_CASES: readonly EngineCase[] = [
  {
    name: 'sequence',
    yaml: `
agents:
  - { name: a, operation: transform, config: { value: { n: "\${input.n + 1}" } } }
  - { name: b, operation: code, config: { code: 'console.log("hello", \${a.output.n}); return { twice: \${a.output.n} * 2 }' } }
  - { name: skipped, operation: log, condition: "\${b.output.twice > 100}", config: { message: no } }
  - { name: said, operation: log, config: { message: "twice is \${b.output.twice}", level: warn } }
  - { name: sure, operation: assert, config: { that: "\${b.output.twice == 4}" } }
output: { twice: "\${b.output.twice}", skipped: "\${skipped.skipped}", run: "\${run.ensemble}" }
`,
    input: { n: 1 },
    ends: { status: 'succeeded', output: { twice: 4, skipped: true, run: 'case' } },
  },
  {
    name: 'flow',
    yaml: `
agents:
  - type: foreach
    name: each
    items: [1, 2, 3]
    steps:
      - { name: sq, operation: transform, config: { value: "\${item * item}" } }
  - type: branch
    condition: "\${each.output[2] == 9}"
    then: [{ name: yes, operation: transform, config: { value: y } }]
    else: [{ name: no, operation: transform, config: { value: n } }]
  - type: switch
    value: "\${yes.output}"
    cases: { y: [{ name: case-y, operation: transform, config: { value: Y } }] }
    default: [{ name: case-other, operation: transform, config: { value: O } }]
  - type: while
    name: rounds
    condition: "\${!(round.output.n >= 3)}"
    steps:
      - { name: round, operation: code, config: { code: 'return { n: (\${round.output.n} ?? 0) + 1 }' } }
  - type: try
    name: tried
    steps: [{ name: bad, operation: assert, config: { that: "\${false}", message: oh } }]
    catch: [{ name: caught, operation: transform, config: { value: "\${error.message}" } }]
    finally: [{ name: done, operation: transform, config: { value: 1 } }]
  - type: map-reduce
    name: sum
    items: [1, 2, 3, 4]
    concurrency: 2
    map: [{ name: part, operation: transform, config: { value: "\${item * 10}" } }]
    reduce: [{ name: total, operation: transform, config: { value: "\${mapResults | sum}" } }]
  - type: parallel
    name: both
    steps:
      - { name: left, operation: transform, config: { value: l } }
      - { name: right, operation: code, config: { code: 'return "r"' } }
  - { name: looped, operation: transform, loop: { items: [a, b], concurrency: 2 }, config: { value: "\${item}\${index}" } }
output: [ "\${each.output}", "\${case-y.output}", "\${round.output.n}", "\${caught.output}", "\${sum.output}", "\${both.output}", "\${looped.outputs}" ]
`,
    sideBySide: true,
    ends: { status: 'succeeded', output: [[1, 4, 9], 'Y', 3, 'oh', 100, ['l', 'r'], ['a0', 'b1']] },
  },
  {
    name: 'race',
    yaml: `
agents:
  - type: parallel
    name: race
    waitFor: first
    steps:
      - { name: slow, operation: wait, config: { for: 1h } }
      - { name: fast, operation: transform, config: { value: fast } }
  - { name: after, operation: transform, config: { value: "\${fast.output}" } }
output: "\${after.output}"
`,
    sideBySide: true,
    ends: { status: 'succeeded', output: 'fast' },
  },
  {
    name: 'race-with-a-loser-at-work',
    yaml: `
agents:
  - type: parallel
    waitFor: first
    steps:
      - { name: slow, operation: code, config: { code: 'await new Promise((r) => setTimeout(r, 60000))' } }
      - { name: fast, operation: wait, config: { for: 100ms } }
  - { name: pause, operation: wait, config: { for: 500ms } }
${CALL('after', '/after')}
output: \${slow.executed}
`,
    ends: { status: 'succeeded' },
    sideBySide: true,
  },
  {
    name: 'retry-then-success',
    yaml: `
agents:
${CALL('call', '/twice-wrong', ', retry: { maxAttempts: 4, backoff: exponential, initialDelay: 20ms, maxDelay: 30ms, jitter: false }')}
output: { ok: "\${call.output.ok}", attempts: "\${call.attempts}" }
`,
    ends: { status: 'succeeded', output: { ok: true, attempts: 3 } },
  },
  {
    name: 'retry-in-vain',
    yaml: `
agents:
${CALL('call', '/always-wrong', ', retry: { maxAttempts: 3, backoff: fixed, initialDelay: 5ms, jitter: false }')}
`,
    ends: { status: 'failed', code: 'HTTP_STATUS' },
  },
  {
    name: 'not-retryable',
    yaml: `
agents:
${CALL('call', '/bad-request', ', retry: { maxAttempts: 3, initialDelay: 5ms }')}
`,
    ends: { status: 'failed', code: 'HTTP_STATUS' },
  },
  {
    name: 'timeout',
    yaml: `
agents:
  - { name: slow, operation: code, timeout: 1s, retry: { maxAttempts: 2, initialDelay: 5ms, jitter: false }, config: { code: 'console.log("began"); await new Promise((r) => setTimeout(r, 60000))' } }
`,
    ends: { status: 'failed', code: 'TIMEOUT' },
  },
  {
    name: 'on-error',
    yaml: `
agents:
  - { name: bad, operation: code, onError: continue, config: { code: 'throw new Error("no luck")' } }
  - name: handled
    operation: assert
    config: { that: "\${false}", message: wrong }
    onError:
      - { name: cleanup, operation: transform, config: { value: "\${error.message}" } }
output: { failed: "\${bad.failed}", error: "\${bad.error}", cleaned: "\${cleanup.output}" }
`,
    ends: { status: 'succeeded', output: { failed: true, error: 'no luck', cleaned: 'wrong' } },
  },
  {
    name: 'compensation',
    yaml: `
agents:
${CALL('book', '/book', `, compensate: { operation: http, config: { url: "https://effects.test/cancel-book?of=\${input.of}", method: POST } }`)}
${CALL('pay', '/pay', `, compensate: { operation: assert, config: { that: "\${false}", message: cannot } }`)}
  - { name: fails, operation: assert, config: { that: "\${false}", message: stop } }
`,
    ends: { status: 'failed', code: 'ASSERTION' },
  },
  {
    name: 'state-memory',
    yaml: `
state: { schema: { sum: { type: number, default: 0, reducer: add }, seen: { type: array, default: [], reducer: append } } }
agents:
  - type: foreach
    items: [1, 2, 3]
    concurrency: 3
    steps:
      - { name: add, operation: transform, state: { set: { sum: "\${item}", seen: ["\${item}"] } }, config: { value: "\${item}" } }
output: { sum: "\${state.sum}", seen: "\${state.seen}" }
`,
    sideBySide: true,
    ends: { status: 'succeeded', output: { sum: 6, seen: [1, 2, 3] } },
  },
  ...(['kv', 'd1', 'durable-object'] as const).flatMap((backend) =>
    (['on_success', 'each'] as const).map(
      (persist): EngineCase => ({
        name: `state-${backend}-${persist.replace('_', '-')}`,
        yaml: `
state: { backend: ${backend}, key: "${backend}-${persist}-\${input.of}", persist: ${persist}, schema: { count: { type: number, default: 0, reducer: add } } }
agents:
  - { name: one, operation: transform, state: { set: { count: "\${1}" } }, config: { value: 1 } }
  - { name: two, operation: code, state: { use: [count], set: [count] }, config: { code: 'setState({ count: state.count + 1 }); return 2' } }
output: "\${state.count}"
`,
        ends: { status: 'succeeded', output: 3 },
      }),
    ),
  ),
  {
    name: 'wait',
    yaml: `
agents:
  - { name: pause, operation: wait, config: { for: 60ms } }
  - { name: past, operation: wait, config: { until: "2020-01-01T00:00:00Z" } }
output: { long: "\${pause.output.waited_ms >= 60}", short: "\${past.output.waited_ms == 0}" }
`,
    ends: { status: 'succeeded', output: { long: true, short: true } },
  },
  {
    name: 'approval',
    yaml: `
agents:
  - { name: ask, operation: approval, config: { prompt: "Pay \${input.of}?", data: { n: 1 } } }
output: { approved: "\${ask.output.approved}", why: "\${ask.output.feedback}" }
`,
    acts: [{ when: 'waiting', agent: 'ask', answer: { approved: false, feedback: 'no' } }],
    ends: { status: 'succeeded', output: { approved: false, why: 'no' } },
  },
  {
    name: 'approval-in-time',
    yaml: `
agents:
  - { name: ask, operation: approval, config: { timeout: 50ms, on_timeout: approve } }
  - { name: strict, operation: approval, config: { timeout: 50ms }, onError: continue }
output: { late: "\${ask.output.timed_out}", code: "\${strict.failure.code}" }
`,
    ends: { status: 'succeeded', output: { late: true, code: 'APPROVAL_TIMEOUT' } },
  },
  {
    name: 'signals',
    yaml: `
agents:
  - { name: first, operation: wait, config: { for_signal: paid } }
  - type: foreach
    items: [1, 2]
    steps:
      - { name: more, operation: wait, config: { for_signal: "part/\${item} ü" } }
  - { name: late, operation: wait, config: { for_signal: never, timeout: 40ms }, onError: continue }
output: { first: "\${first.output.data}", code: "\${late.failure.code}" }
`,
    acts: [
      { when: 'waiting', agent: 'first', signal: 'part/1 ü', data: 1 },
      { when: 'waiting', agent: 'first', signal: 'paid', data: { by: 'ann' } },
      { when: 'waiting', agent: 'more[1]', signal: 'part/2 ü', data: 2 },
    ],
    ends: { status: 'succeeded', output: { first: { by: 'ann' }, code: 'SIGNAL_TIMEOUT' } },
  },
  {
    name: 'cancelled-while-waiting',
    yaml: `
agents:
${CALL('book', '/book', `, compensate: { operation: http, config: { url: "https://effects.test/cancel-book?of=\${input.of}", method: POST } }`)}
  - { name: ask, operation: approval }
`,
    acts: [{ when: 'waiting', agent: 'ask', cancel: 'changed my mind' }],
    ends: { status: 'cancelled', code: 'CANCELLED' },
  },
  {
    name: 'cancelled-at-work',
    yaml: `
agents:
  - { name: slow, operation: code, config: { code: 'await new Promise((r) => setTimeout(r, 60000))' } }
`,
    acts: [{ when: 'running', agent: 'slow', cancel: 'too slow' }],
    ends: { status: 'cancelled', code: 'CANCELLED' },
  },
  {
    name: 'cancelled-at-work-and-undone',
    yaml: `
agents:
${CALL('book', '/book', `, compensate: { operation: http, config: { url: "https://effects.test/cancel-book?of=\${input.of}", method: POST } }`)}
  - { name: slow, operation: code, config: { code: 'await new Promise((r) => setTimeout(r, 60000))' } }
`,
    acts: [{ when: 'running', agent: 'slow', cancel: 'too slow' }],
    ends: { status: 'cancelled', code: 'CANCELLED' },
  },
  {
    name: 'paused-and-resumed',
    yaml: `
agents:
  - { name: gate, operation: wait, config: { for_signal: go } }
  - { name: after, operation: transform, config: { value: done } }
output: "\${after.output}"
`,
    acts: [
      { when: 'waiting', agent: 'gate', pauseAndResume: true },
      { when: 'waiting', agent: 'gate', signal: 'go' },
    ],
    ends: { status: 'succeeded', output: 'done' },
  },
  {
    name: 'limit-of-steps',
    yaml: `
limits: { max_steps: 2 }
agents:
  - { name: a, operation: transform, config: { value: 1 } }
  - { name: b, operation: transform, config: { value: 1 } }
  - { name: c, operation: transform, config: { value: 1 } }
`,
    ends: { status: 'failed', code: 'LIMIT_STEPS' },
  },
  {
    name: 'limit-of-time',
    yaml: `
limits: { max_duration: 1s }
agents:
  - { name: slow, operation: wait, config: { for: 1h } }
`,
    ends: { status: 'failed', code: 'LIMIT_DURATION' },
  },
  {
    name: 'agent-files',
    yaml: `
agents:
  - { name: loud, agent: shout, input: { text: hey } }
  - { name: again, agent: flaky, input: { of: "\${input.of}" }, retry: { maxAttempts: 3, initialDelay: 5ms, jitter: false } }
  - { name: sub, ensemble: inner, input: { n: 21 } }
output: { loud: "\${loud.output.text}", ok: "\${again.output.ok}", attempts: "\${again.attempts}", sub: "\${sub.output.doubled}" }
`,
    ends: { status: 'succeeded', output: { loud: 'HEY!', ok: true, attempts: 3, sub: 42 } },
  },
  {
    name: 'cache',
    yaml: `
agents:
${CALL('first', '/counted', ', cache: { ttl: 1h, key: "conformance-${input.of}" }')}
${CALL('second', '/counted-too')}
  - type: foreach
    name: same
    items: [1, 2]
    steps:
      - { name: kept, operation: http, cache: { ttl: 1h, key: "same-\${input.of}" }, config: { url: "https://effects.test/once?of=\${input.of}" } }
output: { cached: "\${kept.cached}", first: "\${first.cached}" }
`,
    ends: { status: 'succeeded', output: { cached: true, first: false } },
  },
  {
    name: 'large-output',
    yaml: `
agents:
  - { name: large, operation: code, config: { code: 'return { text: "x".repeat(3000000) }' } }
  - { name: size, operation: code, config: { code: 'return \${large.output.text}.length' } }
output: "\${size.output}"
`,
    ends: { status: 'succeeded', output: 3_000_000 },
  },
  {
    name: 'taint-and-secrets',
    yaml: `
agents:
${CALL('call', '/echo')}
  - { name: uses, operation: transform, config: { value: { got: "\${call.output.ok}", key: "\${env.A_SECRET}" } } }
  - { name: refuses, operation: transform, onError: continue, config: { reject_tainted: true, value: "\${call.output}" } }
  - { name: knows, operation: assert, config: { that: "\${uses.output.key == 'a secret of the tests'}" } }
output: { tainted: "\${uses.tainted}", code: "\${refuses.failure.code}", key: "\${uses.output.key}" }
`,
    ends: { status: 'succeeded', output: { tainted: true, code: 'TAINTED', key: '[secret A_SECRET]' } },
  },
  {
    name: 'side-by-side',
    yaml: `
concurrency: 4
agents:
  - { name: a, operation: transform, config: { value: 1 } }
  - { name: b, operation: code, config: { code: 'return 2' } }
  - { name: c, operation: transform, config: { value: "\${a.output + b.output}" } }
output: "\${c.output}"
`,
    sideBySide: true,
    ends: { status: 'succeeded', output: 3 },
  },
];
