import { expect, test } from 'vitest';
import { compile } from '../../../src/language/compile.ts';

function triggersOf(...triggers: readonly string[]) {
  const text = ['ensemble: example', 'agents: []', 'trigger:', ...triggers.map((trigger) => `  - ${trigger}`)].join('\n');
  const { program, diagnostics } = compile({ path: 'ensembles/example.yaml', text });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return program?.triggers;
}

test('triggers are plans with their defaults filled in', () => {
  expect(
    triggersOf(
      '{ type: http, path: /a, public: true }',
      '{ type: webhook, path: /b, public: true }',
      "{ type: cron, cron: '0 1 * * *' }",
      '{ type: queue, queue: orders }',
      '{ type: email, addresses: Orders@Example.com, public: true }',
    ),
  ).toEqual([
    { type: 'http', path: '/a', methods: ['POST'], cors: [], public: true },
    { type: 'webhook', path: '/b', public: true },
    { type: 'cron', cron: '0 1 * * *', timezone: 'UTC' },
    { type: 'queue', queue: 'orders', batchSize: 1 },
    { type: 'email', addresses: ['orders@example.com'], public: true },
  ]);
});

test('methods are in capitals, one value stands for a list of it, and `cors: true` is any origin', () => {
  expect(triggersOf('{ type: http, path: /a, methods: get, cors: true, public: true }')).toMatchObject([{ methods: ['GET'], cors: ['*'] }]);
  expect(triggersOf('{ type: http, path: /a, methods: [Put, post], cors: https://a.example, public: true }')).toMatchObject([
    { methods: ['PUT', 'POST'], cors: ['https://a.example'] },
  ]);
  expect(triggersOf('{ type: queue, queue: 7, batch_size: 20 }')).toEqual([{ type: 'queue', queue: '7', batchSize: 20 }]);
});

test('addresses are written as mail servers do', () => {
  expect(triggersOf("{ type: email, addresses: ['*@Straße.example', Jürgen@bücher.example], public: true }")).toMatchObject([
    { addresses: ['*@xn--strae-oqa.example', 'jürgen@xn--bcher-kva.example'] },
  ]);
});

test('a secret and the input of a cron are kept as templates', () => {
  const [guarded, timed] =
    triggersOf(
      "{ type: webhook, path: /b, auth: { type: signature, secret: '${env.SECRET}' } }",
      "{ type: cron, cron: '0 1 * * *', timezone: Europe/Berlin, input: { region: eu } }",
    ) ?? [];
  expect(guarded).toMatchObject({ public: false, auth: { type: 'signature', secret: { type: 'hole' } } });
  expect(timed).toEqual({
    type: 'cron',
    cron: '0 1 * * *',
    timezone: 'Europe/Berlin',
    input: { type: 'constant', value: { region: 'eu' } },
  });
});
