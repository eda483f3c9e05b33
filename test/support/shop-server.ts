import { answerChat, type ChatRequest } from './chat-completions.ts';
import { openTestServer, type ReceivedRequest, sendJson, type TestServer } from './http-server.ts';

const GOODS: Readonly<Record<string, { readonly amount: number; readonly count: number }>> = {
  pen: { amount: 2, count: 0 },
  lamp: { amount: 40, count: 3 },
  book: { amount: 15, count: 12 },
};

const ORDER_PAGES: Readonly<Record<string, unknown>> = {
  '': { orders: ['a1', 'a2'], next: 'p2' },
  p2: { orders: ['a3', 'a4'], next: 'p3' },
  p3: { orders: ['a5'], next: null },
};

/** The shop whose API the examples of docs/ call (`env.SHOP_URL`), and a model that speaks OpenAI's API under `/v1`. */
export function openShopServer(reply: (chat: ChatRequest) => string): Promise<TestServer> {
  return openTestServer((request, response) => {
    if (request.url.startsWith('/v1/')) return answerChat(request, response, reply);
    const { status = 200, body } = answerShop(request);
    return sendJson(response, body, status);
  });
}

function answerShop({ method, url, body }: ReceivedRequest): { readonly status?: number; readonly body: unknown } {
  const { pathname, searchParams } = new URL(url, 'http://shop');
  const [, place, name = ''] = pathname.split('/');
  const good = GOODS[name];
  switch (`${method} ${place}`) {
    case 'GET products':
      return { body: { products: [{ name: 'pen' }, { name: 'lamp' }] } };
    case 'GET prices':
      return good === undefined ? missing(name) : { body: { sku: name, amount: good.amount, currency: 'EUR' } };
    case 'GET stock':
      return good === undefined ? missing(name) : { body: { sku: name, count: good.count } };
    case 'GET orders':
      return { body: ORDER_PAGES[searchParams.get('cursor') ?? ''] };
    case 'GET rates':
      return { body: { base: 'EUR', rate: 1.085 } };
    case 'GET shipping':
      return { body: { method: 'post', cost: 6 } };
    case 'GET jobs':
      return { body: { done: name !== 'never' } };
    case 'GET broken':
      return { status: 503, body: { error: 'down for maintenance' } };
    case 'POST reservations':
    case 'POST messages':
      return { body: { id: `${place}-${(JSON.parse(body) as { order?: string }).order ?? name}` } };
    case 'POST payments': {
      const { order, amount } = JSON.parse(body) as { readonly order: string; readonly amount: number };
      return amount > 1000 ? { status: 402, body: { error: 'limit of the card' } } : { body: { id: `pay-${order}` } };
    }
    case 'POST orders':
      return { body: { id: 'o-1' } };
    case 'DELETE reservations':
    case 'DELETE payments':
      return { body: { cancelled: name } };
    case 'POST shipments':
      return { status: 409, body: { error: 'no courier today' } };
    default:
      return missing(pathname);
  }
}

function missing(what: string) {
  return { status: 404, body: { error: `no ${what}` } };
}
