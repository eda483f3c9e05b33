import { answerChat } from './chat-completions.ts';
import { openTestServer, type ReceivedRequest, sendJson, type TestServer } from './http-server.ts';

const INVOICE = {
  number: '2026-117',
  currency: 'EUR',
  lines: [
    { description: 'consulting', amount: 300 },
    { description: 'travel', amount: 45.5 },
  ],
};

/** What the model answers to messages in which a text stands; the first that fits. */
const REPLIES: readonly (readonly [text: string, reply: unknown])[] = [
  ['this topic: the moon', { questions: ['What is the cost?', 'Who lives there?'] }],
  ['Plan 3 short questions', { questions: ['What is the cost?', 'What is the noise?', 'Is it warm?'] }],
  ['Write a report', 'Heat pumps suit old houses.'],
  ['Passages:', 'It depends.'],
  ['Aurora lamp', { text: 'A lamp of oak that dims.' }],
  ['Borealis pen', { text: 'Un stylo en acier.' }],
  ['invoice', INVOICE],
];

const FOUND: Readonly<Record<string, readonly string[]>> = {
  'What is the cost?': ['https://example.org/cost', 'https://example.org/both'],
  'What is the noise?': ['https://example.org/noise'],
  'Is it warm?': ['https://example.org/both', 'https://example.org/comfort'],
};

const SOURCE_PAGES: Readonly<Record<string, unknown>> = {
  '/sources/shop': { records: [{ id: 1 }, { id: 2 }], cursor: 'c2', more: true },
  '/sources/shop?after=c2': { records: [{ id: 3 }], cursor: 'c3', more: false },
  '/sources/shop?after=c3': { records: [], cursor: 'c3', more: false },
  '/sources/warehouse': { records: [{ id: 9 }], cursor: 'w1', more: false },
  '/sources/warehouse?after=w1': { records: [], cursor: 'w1', more: false },
};

/** The servers that the ensembles of this repository call, as one, under the names of their variables. */
export async function openExampleServer(): Promise<TestServer & { readonly vars: Readonly<Record<string, string>> }> {
  const server = await openTestServer((request, response) => {
    if (request.url.startsWith('/v1/')) return answerChat(request, response, (chat) => replyTo(JSON.stringify(chat.messages)));
    const { status, body } = answer(request);
    return sendJson(response, body, status);
  });
  const { origin } = server;
  return {
    ...server,
    vars: {
      LLM_BASE_URL: `${origin}/v1`,
      LLM_MODEL: 'test-model',
      CATALOG_URL: `${origin}/products`,
      RATES_URL: `${origin}/rates`,
      SEARCH_URL: `${origin}/search`,
      PAYMENTS_URL: `${origin}/payments`,
      SHIPMENTS_URL: `${origin}/shipments`,
      SOURCES_URL: `${origin}/sources`,
    },
  };
}

function replyTo(messages: string): string {
  const reply = REPLIES.find(([text]) => messages.includes(text))?.[1] ?? 'We spoke of the Analytical Engine.';
  return typeof reply === 'string' ? reply : JSON.stringify(reply);
}

function answer({ method, url, body }: ReceivedRequest): { readonly status: number; readonly body: unknown } {
  const { pathname, searchParams } = new URL(url, 'http://server');
  switch (`${method} ${pathname}`) {
    case 'GET /rates':
      return { status: 200, body: { base: 'EUR', rate: 1.085 } };
    case 'GET /products': {
      const products = [
        { id: 1, name: 'pen', price: 2, stock: 0 },
        { id: 2, name: 'lamp', price: 40, stock: 3 },
      ];
      return { status: 200, body: { products } };
    }
    case 'GET /search': {
      const found = FOUND[searchParams.get('q') ?? ''];
      return found === undefined
        ? { status: 404, body: { error: 'nothing found' } }
        : { status: 200, body: { results: found.map((address) => ({ url: address, text: 'A passage.' })) } };
    }
    case 'POST /payments':
      return { status: 200, body: { id: `pay-${field(body, 'order')}` } };
    case 'POST /payments/refunds':
      return { status: 200, body: { id: `r-${field(body, 'order')}` } };
    case 'DELETE /payments/pay-late':
      return { status: 200, body: { refunded: true } };
    case 'POST /shipments': {
      const order = field(body, 'order');
      return order === 'late' ? { status: 409, body: { error: 'no courier today' } } : { status: 200, body: { tracking: `T-${order}` } };
    }
    default: {
      const page = method === 'GET' ? SOURCE_PAGES[url] : undefined;
      return page === undefined ? { status: 404, body: { error: `no ${url}` } } : { status: 200, body: page };
    }
  }
}

function field(body: string, name: string): unknown {
  return (JSON.parse(body) as Readonly<Record<string, unknown>>)[name];
}
