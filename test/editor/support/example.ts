/** An ensemble of a bit of everything, which tests write on to. */
export const EXAMPLE = `ensemble: example
input:
  user: { type: object, properties: { name: string, tags: { type: array, items: string } } }
  city: { type: string, description: Where it is. }
state:
  schema:
    total: number
    rows: { type: array, items: { type: object, properties: { id: number, label: string, content-type: string } } }
agents:
  - name: fetch-user
    operation: http
    description: Asks for the user.
    config:
      url: https://example.com/\${input.user.name}
  - name: count
    operation: transform
    state: { use: [total], set: { total: "\${count.output.n}" } }
    config:
      value: { n: 1 }
`;

/** Another agent behind those of the example. */
export const agent = (...lines: readonly string[]): string => `${EXAMPLE}  - name: last\n${lines.map((line) => `    ${line}\n`).join('')}`;
