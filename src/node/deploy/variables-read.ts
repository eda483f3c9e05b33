import { PROVIDER_VARIABLES } from '../../language/checks/settings/provider-variables.ts';
import type { Template } from '../../program/expression.ts';
import { listAgents } from '../../program/list-agents.ts';
import type { Program } from '../../program/program.ts';

/** A variable that an ensemble reads from the Worker's environment. */
export interface VariableNeed {
  readonly name: string;
  /** Relative to the project's root. */
  readonly file: string;
  /** From 1; undefined where it is read without being named there. */
  readonly line?: number;
  /** It proves who somebody is, or is called like something that does. */
  readonly isSecret: boolean;
  /** Something stands in for it where it is not there: `${env.REGION ?? 'eu'}`. */
  readonly isOptional: boolean;
}

/** The variables that a program reads by name, each once; those that scripts read are not known. */
export function variablesRead(program: Program): readonly VariableNeed[] {
  const found = new Map<string, VariableNeed>();
  const add = (need: Omit<VariableNeed, 'isSecret'>, isSecret = SECRET_NAME.test(need.name)): void => {
    const known = found.get(need.name);
    found.set(need.name, {
      ...(known ?? need),
      isSecret: isSecret || known?.isSecret === true,
      isOptional: need.isOptional && known?.isOptional !== false,
    });
  };
  const addAll = (file: string, part: unknown, isSecret?: true): void => {
    for (const { name, line, isOptional } of readsIn(part)) add({ name, file, line, isOptional }, isSecret);
  };
  for (const trigger of program.triggers) if ('auth' in trigger) addAll(program.file, trigger.auth, true);
  addAll(program.file, [program.body, program.triggers, program.limits]);
  for (const { file, body, limits } of Object.values(program.files)) addAll(file, [body, limits]);
  for (const { step, file } of listAgents(program)) {
    const { action } = step;
    if (action.type === 'code') {
      for (const name of action.envNames ?? []) add({ name, file, line: step.place.line, isOptional: false });
    } else if (action.type === 'operation' && action.operation === 'think') {
      for (const name of providerVariables(action.config)) add({ name, file, line: step.place.line, isOptional: false });
    }
  }
  return [...found.values()];
}

const SECRET_NAME = /(?:^|_)(?:KEY|KEYS|TOKEN|SECRET|SECRETS|PASSWORD|PASSPHRASE|CREDENTIALS?|PRIVATE|WEBHOOK_URL)(?:_|$)/i;

function providerVariables(config: Template): readonly string[] {
  const provider = constantOf(config, 'provider');
  if (typeof provider !== 'string' || !Object.hasOwn(PROVIDER_VARIABLES, provider)) return [];
  const { key, baseURL } = PROVIDER_VARIABLES[provider] ?? {};
  const missing = [has(config, 'apiKey') ? undefined : key, has(config, 'baseURL') ? undefined : baseURL];
  return missing.filter((name) => name !== undefined);
}

/** The value of a key of a template; undefined where an expression stands. */
export function constantOf(template: Template, key: string): unknown {
  if (template.type === 'mapping') {
    const value = template.entries.find((entry) => entry.key === key)?.value;
    return value?.type === 'constant' ? value.value : undefined;
  }
  if (template.type !== 'constant' || typeof template.value !== 'object' || template.value === null) return undefined;
  return Object.hasOwn(template.value, key) ? Reflect.get(template.value, key) : undefined;
}

function has(template: Template, key: string): boolean {
  if (template.type === 'mapping') return template.entries.some((entry) => entry.key === key);
  return constantOf(template, key) !== undefined;
}

interface Read {
  readonly name: string;
  readonly line: number;
  readonly isOptional: boolean;
}

/** Walks whatever part of a program: holes are told by their type, and what authors wrote as data is not looked into. */
function* readsIn(part: unknown): Generator<Read> {
  if (typeof part !== 'object' || part === null) return;
  if (Array.isArray(part)) {
    for (const item of part) yield* readsIn(item);
    return;
  }
  const node = part as Readonly<Record<string, unknown>>;
  if (node.type === 'constant' && 'value' in node) return;
  if (node.type === 'hole') {
    const { line } = node.place as { readonly line: number };
    for (const { name, isOptional } of namesIn(node.expression, false)) yield { name, line, isOptional };
    return;
  }
  for (const inner of Object.values(node)) yield* readsIn(inner);
}

function* namesIn(expression: unknown, isOptional: boolean): Generator<Omit<Read, 'line'>> {
  if (typeof expression !== 'object' || expression === null) return;
  if (Array.isArray(expression)) {
    for (const item of expression) yield* namesIn(item, isOptional);
    return;
  }
  const node = expression as Readonly<Record<string, unknown>>;
  const name = variableName(node);
  if (name !== undefined) yield { name, isOptional };
  else if (node.type === 'logical' && node.operator !== '&&') {
    yield* namesIn(node.left, true);
    yield* namesIn(node.right, isOptional);
  } else if (node.type === 'filter' && node.name === 'default') {
    yield* namesIn(node.input, true);
    yield* namesIn(node.arguments, isOptional);
  } else for (const inner of Object.values(node)) yield* namesIn(inner, isOptional);
}

/** `env.NAME`, `env['NAME']` and Jexl's forms of it. */
function variableName({ type, object, property }: Readonly<Record<string, unknown>>): string | undefined {
  if (type !== 'member' && type !== 'index' && type !== 'jexlMember' && type !== 'jexlIndex') return undefined;
  const from = object as Readonly<Record<string, unknown>> | undefined;
  if (from?.type !== 'root' || from.name !== 'env') return undefined;
  const name = typeof property === 'string' ? property : (property as { readonly value?: unknown } | undefined)?.value;
  return typeof name === 'string' ? name : undefined;
}
