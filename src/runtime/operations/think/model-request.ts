import type { JsonSchema, JsonValue } from '../../../program/json.ts';
import { getOwn } from '../../own-property.ts';
import { describeValue } from '../../schema/describe.ts';
import type { Config } from '../config.ts';
import type { OperationContext } from '../operation.ts';
import { PROVIDER_NAMES, PROVIDERS, type ProviderInfo, type ProviderName } from './providers.ts';

export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** One question to a model, checked; what the SDKs are called with. */
export interface ModelRequest {
  readonly provider: ProviderName;
  readonly model: string;
  readonly system: string | undefined;
  readonly messages: readonly ModelMessage[];
  readonly temperature: number | undefined;
  readonly maxTokens: number | undefined;
  /** What the answer must satisfy; absent = any text. */
  readonly schema: JsonSchema | undefined;
  readonly apiKey: string | undefined;
  readonly baseURL: string | undefined;
}

const ROLES = ['system', 'user', 'assistant'] as const;

/** Every key of `config` that `think` takes. */
export const THINK_KEYS: readonly string[] = [
  'provider',
  'model',
  'prompt',
  'system',
  'messages',
  'temperature',
  'maxTokens',
  'max_tokens',
  'schema',
  'tools',
  'baseURL',
  'apiKey',
];

/** Reads a think agent's config; keys and addresses that it does not give come from the variables that `PROVIDERS` names. */
export function readRequest(config: Config, { ports, outputSchema }: OperationContext): ModelRequest {
  const provider = config.oneOf('provider', PROVIDER_NAMES);
  if (provider === undefined) throw config.mismatch('provider', `one of ${PROVIDER_NAMES.join(', ')}`);
  if (config.has('tools')) throw config.invalid('cannot run "tools" yet; call them with agents of their own before or after');
  const maxTokensKey = config.either(['maxTokens', 'max_tokens']) ?? 'maxTokens';
  return {
    provider,
    model: config.requiredText('model', provider === 'anthropic' ? 'claude-sonnet-4-5' : 'gpt-4o'),
    system: readText(config, 'system'),
    messages: readMessages(config),
    temperature: config.number('temperature', { min: 0, max: 2 }),
    maxTokens: config.number(maxTokensKey, { min: 1, integer: true }),
    schema: config.mapping('schema') ?? readOutputSchema(outputSchema),
    apiKey: readKey(config, provider, ports.env),
    baseURL: readBaseURL(config, provider, ports.env),
  };
}

/** `messages` first, then `prompt` as the user's last one; at least one of them has something to say. */
function readMessages(config: Config): readonly ModelMessage[] {
  const messages = (config.list('messages') ?? []).map((message, index) => readMessage(config, message, index));
  const prompt = readText(config, 'prompt');
  if (prompt !== undefined) return [...messages, { role: 'user', content: prompt }];
  if (messages.some(({ role }) => role !== 'system')) return messages;
  throw config.invalid(
    config.has('messages') ? 'needs a message of the user in "messages", or a "prompt"' : 'needs a "prompt" or "messages", found neither',
  );
}

function readMessage(config: Config, message: JsonValue, index: number): ModelMessage {
  const role = ROLES.find((candidate) => candidate === getOwn(message, 'role'));
  if (role === undefined) {
    throw config.invalid(
      `needs "messages[${index}].role" to be one of ${ROLES.join(', ')}, found ${describeValue(getOwn(message, 'role'))}`,
    );
  }
  const content = getOwn(message, 'content');
  if (typeof content === 'string') return { role, content };
  const parts = Array.isArray(content) ? content.map((part) => (getOwn(part, 'type') === 'text' ? getOwn(part, 'text') : undefined)) : [];
  if (parts.length > 0 && parts.every((part) => typeof part === 'string')) return { role, content: parts.join('\n') };
  throw config.invalid(`needs "messages[${index}].content" to be a text, found ${describeValue(content)}`);
}

/** A text; anything else (an earlier agent's whole output) is shown to the model as JSON. */
function readText(config: Config, key: string): string | undefined {
  const value = config.value(key);
  if (value === undefined || value === '') return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function readOutputSchema(schema: JsonValue | undefined): JsonSchema | undefined {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? (schema as JsonSchema) : undefined;
}

function readKey(config: Config, provider: ProviderName, env: Readonly<Record<string, string>>): string | undefined {
  const { keyVariable, needsKey }: ProviderInfo = PROVIDERS[provider];
  const key = config.text('apiKey') || (keyVariable === undefined ? undefined : env[keyVariable]);
  if (key || !needsKey) return key || undefined;
  throw config.invalid(
    `needs an API key for ${provider}: put ${keyVariable}=… into .dev.vars (deployed: wrangler secret put ${keyVariable}), or pass --var ${keyVariable}=…`,
  );
}

function readBaseURL(config: Config, provider: ProviderName, env: Readonly<Record<string, string>>): string | undefined {
  if (provider === 'workers-ai') return undefined;
  const { baseURLVariable, baseURL }: ProviderInfo = PROVIDERS[provider];
  const text = config.text('baseURL') || (baseURLVariable && env[baseURLVariable]) || baseURL;
  if (text === undefined)
    throw config.mismatch('baseURL', `the address of the server such as http://localhost:11434/v1 (or set ${baseURLVariable})`);
  const url = URL.parse(text.trim());
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw config.invalid(`needs the base URL to be a complete http(s) address, found ${describeValue(text)}`);
  }
  const plain = url.href.replace(/\/+$/, '');
  // Anthropic's own clients take the address without the version, the AI SDK with it: both are understood.
  return provider === 'anthropic' && !plain.endsWith('/v1') ? `${plain}/v1` : plain;
}
