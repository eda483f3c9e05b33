import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, jsonSchema, type LanguageModel, type LanguageModelUsage, NoObjectGeneratedError, Output } from 'ai';
import { createWorkersAI } from 'workers-ai-provider';
import { FailureError, failure } from '../../failure.ts';
import { sendRequest, showUrl } from '../../network/send-request.ts';
import { abortFailure } from '../abort.ts';
import { readBytes, reasonOf } from '../http/read-body.ts';
import { checkDepth, MAX_BODY_BYTES } from '../limits.ts';
import type { OperationContext } from '../operation.ts';
import { secretFinder, snippet } from '../snippet.ts';
import type { ModelAnswer } from './model-answer.ts';
import { modelFailure } from './model-failure.ts';
import type { ModelRequest } from './model-request.ts';
import type { ProviderName } from './providers.ts';
import { askedSchema, isStrict } from './structured-output.ts';

// This module brings 1 MB of SDKs with it: only `think` imports it, when it first asks a model.

/** The SDK prints its warnings to the console unless told not to; here they become warnings of the run. */
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

type Fetch = typeof globalThis.fetch;
type Connect = (request: ModelRequest, fetch: Fetch, context: OperationContext) => LanguageModel;

const CONNECT: Readonly<Record<ProviderName, Connect>> = {
  openai: ({ model, ...settings }, fetch) => createOpenAI({ ...addressOf(settings), fetch }).chat(model),
  anthropic: ({ model, ...settings }, fetch) => createAnthropic({ ...addressOf(settings), fetch })(model),
  'openai-compatible': ({ model, apiKey, baseURL = '' }, fetch) =>
    createOpenAICompatible({
      name: 'compatible',
      baseURL,
      fetch,
      supportsStructuredOutputs: true,
      ...(apiKey === undefined ? {} : { apiKey }),
    })(model),
  'workers-ai': ({ model }, _fetch, { ports }) => {
    const binding = ports.bindings.ai();
    if (binding === undefined) {
      throw failure('BINDING_MISSING', 'there is no Workers AI binding; add `[ai] binding = "AI"` to the wrangler configuration');
    }
    // The provider asks for Cloudflare's `Ai` class; `run` is all that it calls.
    return createWorkersAI({ binding: binding as never })(model);
  },
};

/**
 * Asks the model once (the engine retries). Fails with `MODEL` for what the provider refuses, `NETWORK` when it cannot be reached, or the reason of the
 * context's signal, which stops the request.
 */
export async function callModel(request: ModelRequest, context: OperationContext): Promise<ModelAnswer> {
  if (context.signal.aborted) throw abortFailure(context.signal);
  try {
    return await ask(request, context, request.schema !== undefined);
  } catch (error) {
    // Some servers know no `response_format`: the instruction alone has to do then.
    if (request.provider !== 'openai-compatible' || request.schema === undefined || !refusesSchema(error))
      throw explain(error, request, context);
  }
  try {
    return await ask(request, context, false);
  } catch (error) {
    throw explain(error, request, context);
  }
}

async function ask(request: ModelRequest, context: OperationContext, withSchema: boolean): Promise<ModelAnswer> {
  const schema = request.schema === undefined ? undefined : askedSchema(request.schema);
  const strictJsonSchema = schema !== undefined && isStrict(schema);
  const instructions = instructionsOf(request);
  try {
    const result = await generateText({
      model: CONNECT[request.provider](request, fetchThrough(request, context), context),
      messages: [...request.messages],
      allowSystemInMessages: true,
      maxRetries: 0,
      abortSignal: context.signal,
      ...(instructions === undefined ? {} : { instructions }),
      ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      ...(request.maxTokens === undefined ? {} : { maxOutputTokens: request.maxTokens }),
      ...(schema === undefined || !withSchema ? {} : { output: Output.object({ schema: jsonSchema(structuredClone(schema)) }) }),
      providerOptions: { openai: { strictJsonSchema }, compatible: { strictJsonSchema } },
    });
    const warnings = (result.warnings ?? []).map(describeWarning);
    return {
      text: result.text,
      model: result.response.modelId || request.model,
      finish: result.finishReason,
      warnings,
      ...tokensOf(result.usage),
    };
  } catch (error) {
    // The SDK could not parse the answer; we forgive more than it does, and count what it cost.
    if (!NoObjectGeneratedError.isInstance(error) || error.text === undefined) throw error;
    const { text, response, usage, finishReason } = error;
    return { text, model: response?.modelId || request.model, finish: finishReason ?? 'unknown', warnings: [], ...tokensOf(usage) };
  }
}

/** Servers and models that ignore the schema of the request still read the instruction. */
function instructionsOf({ provider, system, schema }: ModelRequest): string | undefined {
  if (schema === undefined || provider === 'openai' || provider === 'anthropic') return system;
  const instruction = `Answer only with JSON that satisfies this JSON Schema:\n${JSON.stringify(askedSchema(schema))}`;
  return system === undefined ? instruction : `${system}\n\n${instruction}`;
}

/** The SDK's requests go out through the port, like all others. What fails there is named here, for the SDK knows only Node's errors. */
function fetchThrough(request: ModelRequest, context: OperationContext): Fetch {
  return async (input, init) => {
    try {
      const first = new Request(input, init);
      const { method, headers, signal } = first;
      const body = method === 'GET' || method === 'HEAD' ? undefined : await first.text();
      const outgoing = { url: new URL(first.url), method, headers, body, follow: true, holdsSecret: secretFinder(context) };
      const { response } = await sendRequest(outgoing, context.ports, signal);
      // The SDK would read whatever comes.
      const what = `${method} ${showUrl(outgoing.url)}`;
      const bytes = await readBytes(response, MAX_BODY_BYTES, context.signal, what);
      checkDepth(new TextDecoder().decode(bytes), `the answer to ${what}`);
      return new Response(bytes.length === 0 ? null : new Uint8Array(bytes), {
        status: response.status,
        headers: withoutFrame(response.headers),
      });
    } catch (error) {
      if (error instanceof FailureError)
        throw error.failure.code === 'HTTP_BODY' ? failure('MODEL', error.failure.message, { retryable: true }) : error;
      if (context.signal.aborted) throw abortFailure(context.signal);
      const reason = snippet(reasonOf(error), context);
      throw failure('NETWORK', `${request.provider} could not be reached: ${reason}`, { retryable: true });
    }
  };
}

/** The headers of a body that was read whole. */
function withoutFrame(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name);
  return kept;
}

function refusesSchema(error: unknown): boolean {
  if (!APICallError.isInstance(error) || ![400, 404, 415, 422, 501].includes(error.statusCode ?? 0)) return false;
  return /response_format|json_schema|structured/i.test(error.responseBody ?? '');
}

function explain(error: unknown, request: ModelRequest, context: OperationContext): FailureError {
  if (context.signal.aborted) return abortFailure(context.signal);
  return error instanceof FailureError ? error : modelFailure(error, request, context);
}

/** Never undefined: the SDKs would look for a key and an address in the process's environment, which is not the run's. */
function addressOf({ apiKey = '', baseURL = '' }: Pick<ModelRequest, 'apiKey' | 'baseURL'>): { apiKey: string; baseURL: string } {
  return { apiKey, baseURL };
}

function tokensOf(usage: LanguageModelUsage | undefined): Pick<ModelAnswer, 'inputTokens' | 'outputTokens'> {
  return { inputTokens: usage?.inputTokens, outputTokens: usage?.outputTokens };
}

function describeWarning(warning: object): string {
  const { feature, details, message } = warning as { readonly feature?: string; readonly details?: string; readonly message?: string };
  return (
    details ??
    message ??
    (feature === undefined ? 'the provider could not do all that was asked' : `the provider does not know "${feature}"`)
  );
}
