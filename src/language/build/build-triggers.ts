import type { Template } from '../../program/expression.ts';
import type { JsonValue } from '../../program/json.ts';
import type { AuthPlan, TriggerPlan } from '../../program/trigger.ts';
import type { ParsedValue } from '../model/read.ts';

/** The triggers as plans, their defaults filled in. One whose constant parts are not constant, which is reported elsewhere, is left out. */
export function buildTriggers(triggers: readonly ParsedValue[]): readonly TriggerPlan[] {
  return triggers.flatMap(({ template }) => buildTrigger(template) ?? []);
}

function buildTrigger(template: Template): TriggerPlan | undefined {
  const text = (key: string): string | undefined => textOf(constantAt(template, key));
  const guarded = { public: constantAt(template, 'public') === true, ...authOf(template) };
  const path = text('path');
  switch (text('type')) {
    case 'http': {
      const methods = textsOf(constantAt(template, 'methods')).map((method) => method.toUpperCase());
      const cors = constantAt(template, 'cors');
      if (path === undefined) return undefined;
      return {
        type: 'http',
        path,
        methods: methods.length === 0 ? ['POST'] : methods,
        cors: cors === true ? ['*'] : textsOf(cors),
        ...guarded,
      };
    }
    case 'webhook':
      return path === undefined ? undefined : { type: 'webhook', path, ...guarded };
    case 'cron': {
      const cron = text('cron');
      const input = child(template, 'input');
      if (cron === undefined) return undefined;
      return { type: 'cron', cron, timezone: text('timezone') ?? 'UTC', ...(input === undefined ? {} : { input }) };
    }
    case 'queue': {
      const queue = text('queue');
      return queue === undefined ? undefined : { type: 'queue', queue, batchSize: Number(constantAt(template, 'batch_size') ?? 1) };
    }
    case 'email': {
      const addresses = textsOf(constantAt(template, 'addresses')).map(asMailed);
      return addresses.length === 0 ? undefined : { type: 'email', addresses, ...guarded };
    }
    default:
      return undefined;
  }
}

/** As mail servers write an address: in small letters, the domain in ASCII. */
function asMailed(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return address.slice(0, at).toLowerCase() + (URL.parse(`http://${address.slice(at)}`)?.hostname ?? address.slice(at).toLowerCase());
}

function authOf(template: Template): { readonly auth?: AuthPlan } {
  const auth = child(template, 'auth');
  const secret = auth === undefined ? undefined : child(auth, 'secret');
  const type = auth === undefined ? undefined : constantAt(auth, 'type');
  if (secret === undefined || (type !== 'bearer' && type !== 'signature' && type !== 'basic')) return {};
  return { auth: { type, secret } };
}

function child(template: Template, key: string): Template | undefined {
  if (template.type === 'mapping') return template.entries.find((entry) => entry.key === key)?.value;
  if (template.type !== 'constant' || !isObject(template.value) || !Object.hasOwn(template.value, key)) return undefined;
  const value = template.value[key];
  return value === undefined ? undefined : { type: 'constant', value };
}

/** Undefined where an expression stands. */
function constantAt(template: Template, key: string): JsonValue | undefined {
  const value = child(template, key);
  if (value?.type === 'list') return value.items.every(({ type }) => type === 'constant') ? value.items.map(constantOf) : undefined;
  return value?.type === 'constant' ? value.value : undefined;
}

function constantOf(template: Template): JsonValue {
  return template.type === 'constant' ? template.value : null;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((item) => textOf(item) ?? []);
}

function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
