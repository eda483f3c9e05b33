/** Keys of the test's Worker, by name: one that may do all, one a scope, one for one ensemble only. */
export const KEYS = {
  admin: 'admin-0123456789abcdef',
  'only-start': 'start-0123456789abcdef',
  'only-read': 'reads-0123456789abcdef',
  'only-control': 'control-0123456789abcdef',
  'only-approve': 'approve-0123456789abcdef',
  'only-state-read': 'state-read-0123456789abcdef',
  'only-state-write': 'state-write-0123456789abcdef',
  'for-hello': 'for-hello-0123456789abcdef',
} as const;
export type KeyName = keyof typeof KEYS;

const SCOPES: Readonly<Record<KeyName, readonly string[]>> = {
  admin: ['*'],
  'only-start': ['runs:start'],
  'only-read': ['runs:read'],
  'only-control': ['runs:control'],
  'only-approve': ['runs:approve'],
  'only-state-read': ['state:read'],
  'only-state-write': ['state:write'],
  'for-hello': ['*'],
};

export const API_KEYS = JSON.stringify(
  Object.entries(KEYS).map(([name, key]) => ({
    name,
    key,
    scopes: SCOPES[name as KeyName],
    ...(name === 'for-hello' ? { ensembles: ['hello'] } : {}),
  })),
);

export const FILES: Readonly<Record<string, string>> = {
  'ensembles/hello.yaml': `
ensemble: hello
description: Greets.
input: { name: { type: string, default: you } }
agents:
  - { name: greet, operation: transform, config: { value: "hello \${input.name}" } }
`,
  'ensembles/orders/refund.yaml': `
ensemble: refund
input: { amount: { type: number, required: true } }
trigger:
  - { type: webhook, path: /refunds, auth: { type: bearer, secret: "\${env.HOOK_SECRET}" } }
agents:
  - { name: pay, operation: transform, config: { value: "\${input.amount * 2}" } }
`,
  'ensembles/echo.yaml': `
ensemble: echo
agents:
  - { name: give, operation: transform, config: { value: { input: "\${input}", trigger: "\${trigger}" } } }
`,
  'ensembles/ask.yaml': `
ensemble: ask
input: { who: { type: array, items: string, default: [] } }
agents:
  - { name: free, condition: "\${input.who.length == 0}", operation: approval, config: { prompt: Go on? } }
  - { name: strict, condition: "\${input.who.length > 0}", operation: approval, config: { prompt: Sure?, approvers: "\${input.who}" } }
output: { free: "\${free.output}", strict: "\${strict.output}" }
`,
  'ensembles/paid.yaml': `
ensemble: paid
agents:
  - { name: payment, operation: wait, config: { for_signal: paid/in full } }
output: "\${payment.output.data}"
`,
  'ensembles/slow.yaml': `
ensemble: slow
agents:
  - { name: rest, operation: wait, config: { for: 1h } }
`,
  'ensembles/fails.yaml': `
ensemble: fails
agents:
  - { name: check, operation: assert, config: { that: false, message: "it is \${env.TOKEN}" } }
`,
  'ensembles/many.yaml': `
ensemble: many
input: { count: integer, size: integer }
agents:
  - { name: each, loop: { items: "\${Array.from({ length: input.count }, (_, i) => i)}" }, operation: transform, config: { value: "\${'x'.repeat(input.size)}" } }
output: done
`,
  'ensembles/counter.yaml': `
ensemble: counter
input: { scope: string, to: integer }
state:
  backend: durable-object
  key: "\${input.scope}"
  schema: { count: integer, pin: { type: string, secret: true } }
agents:
  - name: set
    operation: transform
    config: { value: { count: "\${input.to}", pin: "pin-\${input.to}" } }
    state: { set: [count, pin] }
`,
};
