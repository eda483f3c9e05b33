import { BOOLEAN, listOf, NUMBER, OBJECT, STRING, type Type, UNKNOWN } from '../../types/type.ts';
import { unionOf } from '../../types/union.ts';

/** What a setting of an operation must be, as the engine reads it (src/runtime/operations/config.ts). */
export interface SettingType {
  readonly type: Type;
  /** In words. */
  readonly takes: string;
}

/** Numbers and truths are taken as their text. */
const TEXT: SettingType = { type: unionOf([STRING, NUMBER, BOOLEAN]), takes: 'a text' };
const ADDRESS: SettingType = { type: STRING, takes: 'an address such as `https://example.com/items`' };
/** A text that is a number is taken as one: variables are texts. */
const COUNT: SettingType = { type: unionOf([NUMBER, STRING]), takes: 'a number' };
const DURATION: SettingType = { type: unionOf([NUMBER, STRING]), takes: 'a duration such as `30s`' };
const MAPPING: SettingType = { type: OBJECT, takes: 'a mapping' };
const LIST: SettingType = { type: listOf(UNKNOWN), takes: 'a list' };
const TEXTS: SettingType = { type: unionOf([STRING, listOf(UNKNOWN)]), takes: 'a text or a list of texts' };
const WORD: SettingType = { type: STRING, takes: 'a text' };
const FIELDS: SettingType = { type: unionOf([STRING, BOOLEAN, listOf(UNKNOWN)]), takes: 'a field, a list of fields or `true`' };

const SQL: Readonly<Record<string, SettingType>> = { query: TEXT, sql: TEXT, params: LIST, statements: LIST, binding: TEXT };
const PAGE: Readonly<Record<string, SettingType>> = { prefix: TEXT, limit: COUNT, cursor: TEXT };

const APPROVAL: Readonly<Record<string, SettingType>> = { prompt: TEXT, timeout: DURATION, on_timeout: WORD, approvers: TEXTS };

/** The settings that refuse something, by operation. What takes any value is not here. */
export const SETTING_TYPES: Readonly<Record<string, Readonly<Record<string, SettingType>>>> = {
  http: {
    url: ADDRESS,
    method: WORD,
    headers: MAPPING,
    query: MAPPING,
    timeout: DURATION,
    redirect: WORD,
    allow_hosts: TEXTS,
    as: WORD,
    response: WORD,
  },
  'storage kv': { action: WORD, key: TEXT, expirationTtl: DURATION, binding: TEXT, ...PAGE },
  'storage r2': { action: WORD, key: TEXT, as: WORD, httpMetadata: MAPPING, metadata: MAPPING, binding: TEXT, ...PAGE },
  'storage d1': SQL,
  data: SQL,
  think: {
    provider: WORD,
    model: TEXT,
    messages: LIST,
    temperature: COUNT,
    maxTokens: COUNT,
    max_tokens: COUNT,
    baseURL: TEXT,
    apiKey: TEXT,
  },
  transform: {
    merge: LIST,
    pick: TEXTS,
    omit: TEXTS,
    rename: MAPPING,
    defaults: MAPPING,
    sort: FIELDS,
    dedupe: FIELDS,
    limit: COUNT,
  },
  wait: { for: DURATION, for_signal: TEXT, timeout: DURATION },
  approval: APPROVAL,
  hitl: APPROVAL,
  assert: { message: TEXT },
  log: { level: WORD },
};
