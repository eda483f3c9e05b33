import type { ServerResponse } from 'node:http';
import { type ReceivedRequest, sendJson } from './http-server.ts';

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly response_format?: unknown;
}

/** Answers a request to `/chat/completions` as OpenAI's API and its look-alikes do. `reply` gets the parsed request. */
export function answerChat(request: ReceivedRequest, response: ServerResponse, reply: (chat: ChatRequest) => string): void {
  if (request.method !== 'POST' || !request.url.endsWith('/chat/completions')) {
    sendJson(response, { error: { message: `unknown route ${request.url}`, type: 'invalid_request_error' } }, 404);
    return;
  }
  const chat = JSON.parse(request.body) as ChatRequest;
  sendJson(response, {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: chat.model,
    choices: [{ index: 0, message: { role: 'assistant', content: reply(chat) }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 21, completion_tokens: 9, total_tokens: 30 },
  });
}
