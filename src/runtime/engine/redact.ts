import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { EventBody } from '../../program/run-event.ts';
import { setOwn } from '../own-property.ts';
import { SecretFinder } from './secret-finder.ts';

/** Properties of events that hold names of the file, the language or the run, never data. */
const NAMES: ReadonlySet<string> = new Set([
  'type',
  'run',
  'agent',
  'agents',
  'program',
  'ensemble',
  'file',
  'operation',
  'backend',
  'status',
  'level',
  'code',
  'reason',
  'step',
  'kind',
  'took',
  'source',
  'compensates',
]);

/** Properties of events that are objects of a fixed shape: their own keys are names, too. */
const SHAPED: ReadonlySet<string> = new Set(['failure', 'response', 'usage']);

/** Properties of events that hold data of the run and nothing else: there a number may be a secret too. In others it counts or measures something. */
const DATA: ReadonlySet<string> = new Set(['trigger', 'input', 'output', 'items', 'saw', 'initial', 'values', 'writes', 'data']);

/** Shorter values are not redacted: they would turn up by chance in ordinary text and name nothing that could be kept secret. */
export const MIN_SECRET_LENGTH = 4;
/** Shorter lines of a secret may well be ordinary text. */
const LONG_LINE = 16;

/** The ends of texts that were cut where nothing is known of secrets: in the isolate of a code agent, none of them short. */
const CUT = /…(?: \(\d+ characters left out\))?$/;
const LEAST_CUT = 16 * 1024;

/**
 * Replaces secrets by `[secret NAME]` in every string of every event, keys of objects included (LANGUAGE §3.2). Found are the value itself, how it
 * reads inside JSON text (also JSON within JSON), URL-encoded in each of the usual ways, its UTF-8 read as Latin-1, in Base64 (plain and URL-safe, also as a part of something
 * longer, such as a Basic header), in hexadecimal digits, each long line of one that has several, and the beginning of one at the end of a text that was cut. A secret may become known while the run goes on (a state key with `secret: true`): it is redacted from then on.
 */
export class Redactor {
  readonly #names = new Map<string, string>();
  /** By the path of the agent whose file the state belongs to. */
  readonly #hiddenKeys = new Map<string, readonly string[]>();
  #finder: SecretFinder | undefined;

  /** `name` is the variable or the state key that the value came from. */
  add(name: string, value: string): void {
    if (value.length < MIN_SECRET_LENGTH) return;
    for (const form of writtenForms(value)) {
      if (this.#names.has(form)) continue;
      this.#names.set(form, name);
      this.#finder = undefined;
    }
  }

  /** From now on no event shows what these keys of that body's state hold: a number or a short text too, which no search would find. `''` is the ensemble's own body. */
  hideKeys(path: string, keys: readonly string[]): void {
    this.#hiddenKeys.set(path, keys);
  }

  /** The event without any known secret; the same object when there is none in it. What only names things stays, or the journal could not be read. */
  event<Event extends EventBody>(event: Event): Event {
    return this.#texts(this.#hiddenKeys.size === 0 ? event : this.#withoutHidden(event));
  }

  #texts<Event extends EventBody>(event: Event): Event {
    if (this.#names.size === 0) return event;
    let redacted: Record<string, JsonValue> | undefined;
    for (const [key, value] of Object.entries(event as unknown as JsonObject)) {
      if (NAMES.has(key)) continue;
      const clean = SHAPED.has(key) ? this.#shaped(value) : this.#value(value, DATA.has(key));
      if (clean === value) continue;
      redacted ??= { ...(event as unknown as JsonObject) };
      redacted[key] = clean;
    }
    // Only texts, and values within data, have changed.
    return redacted === undefined ? event : (redacted as unknown as Event);
  }

  text(text: string): string {
    if (this.#names.size === 0 || text.length < MIN_SECRET_LENGTH) return text;
    this.#finder ??= new SecretFinder(this.#names.keys());
    const whole = this.#finder.replace(text, (found) => `[secret ${this.#nameOf(found)}]`);
    const cut = text.length < LEAST_CUT ? null : CUT.exec(whole);
    return cut === null ? whole : this.#withoutHalf(whole.slice(0, cut.index)) + cut[0];
  }

  /** A value that is data of the run and nothing else: a number in it may be a secret too. */
  data(value: JsonValue): JsonValue {
    return this.#names.size === 0 ? value : this.#value(value, true);
  }

  #withoutHidden<Event extends EventBody>(event: Event): Event {
    const keys = this.#hiddenKeys.get(stateOwnerOf(event) ?? NOBODY);
    if (keys === undefined) return event;
    let hidden: Record<string, JsonValue> | undefined;
    for (const property of STATE_VALUES) {
      const values = (event as unknown as JsonObject)[property] as JsonObject | undefined;
      const own = keys.filter((key) => values !== undefined && Object.hasOwn(values, key));
      if (values === undefined || own.length === 0) continue;
      const without: Record<string, JsonValue> = {};
      for (const [key, value] of Object.entries(values)) setOwn(without, key, own.includes(key) ? `[secret ${key}]` : value);
      hidden ??= { ...(event as unknown as JsonObject) };
      hidden[property] = without;
    }
    return hidden === undefined ? event : (hidden as unknown as Event);
  }

  /** Of a secret, or of the beginning of a long one. */
  #nameOf(found: string): string {
    const name = this.#names.get(found);
    if (name !== undefined) return name;
    for (const [form, owner] of this.#names) if (form.startsWith(found)) return owner;
    return '';
  }

  /** Without the beginning of a secret at its end. */
  #withoutHalf(text: string): string {
    let longest = MIN_SECRET_LENGTH - 1;
    let owner: string | undefined;
    for (const [form, name] of this.#names) {
      for (let length = Math.min(form.length - 1, text.length); length > longest; length--) {
        if (!text.endsWith(form.slice(0, length))) continue;
        longest = length;
        owner = name;
      }
    }
    return owner === undefined ? text : `${text.slice(0, -longest)}[secret ${owner}]`;
  }

  #shaped(value: JsonValue): JsonValue {
    const clean: Record<string, JsonValue> = {};
    let changed = false;
    for (const [key, item] of Object.entries(value as JsonObject)) {
      clean[key] = key === 'code' ? item : this.#value(item, false);
      changed ||= clean[key] !== item;
    }
    return changed ? clean : value;
  }

  #value(value: JsonValue, isData: boolean): JsonValue {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'number' && isData) {
      const name = this.#names.get(String(value));
      return name === undefined ? value : `[secret ${name}]`;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((item: JsonValue) => this.#value(item, isData));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    const redacted: Record<string, JsonValue> = {};
    let changed = false;
    for (const [key, item] of Object.entries(value as JsonObject)) {
      const newKey = this.text(key);
      const newItem = this.#value(item, isData);
      changed ||= newKey !== key || newItem !== item;
      setOwn(redacted, newKey, newItem);
    }
    return changed ? redacted : value;
  }
}

/** Properties of events that hold the state by its keys. */
const STATE_VALUES = ['values', 'initial', 'writes'] as const;
/** No path of an agent. */
const NOBODY = '/';

/** The body whose state the event shows; undefined when it shows none. */
function stateOwnerOf(event: EventBody): string | undefined {
  if (event.type === 'state.loaded') return event.agent ?? '';
  if (event.type === 'state.set') return event.agent.slice(0, Math.max(0, event.agent.lastIndexOf('/')));
  return event.type === 'run.forked' ? '' : undefined;
}

function writtenForms(value: string): ReadonlySet<string> {
  const forms = new Set([
    ...jsonForms(value),
    ...jsonForms(misread(value)),
    ...urlForms(value),
    ...base64Forms(value),
    ...hexForms(value),
    ...longLines(value),
  ]);
  for (const form of forms) if (form.length < MIN_SECRET_LENGTH) forms.delete(form);
  return forms;
}

function jsonForms(value: string): readonly string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  return [value, inJson, JSON.stringify(inJson).slice(1, -1)];
}

/** As a server reads it that takes the UTF-8 of a header for Latin-1, the way HTTP has it. */
function misread(value: string): string {
  return Array.from(new TextEncoder().encode(value), (byte) => String.fromCharCode(byte)).join('');
}

function urlForms(value: string): readonly string[] {
  if (!value.isWellFormed()) return [];
  const encoded = encodeURIComponent(value);
  // Form bodies write a space as "+" and encode !'()~ as well.
  const inForm = new URLSearchParams([['', value]]).toString().slice(1);
  // What a URL parser does to a text that stands in a path or in a query as it is (URL Standard, percent-encode sets).
  const inPath = value.replace(/[^!$-;=@-\]_a-z|~]/gu, encodeURIComponent);
  const inQuery = value.replace(/[^!$-&(-;=?-~]/gu, encodeURIComponent).replaceAll("'", '%27');
  return [encoded, inForm, inPath, inQuery];
}

/**
 * In Base64 three bytes become four characters, so a secret inside a longer text reads in one of three ways, by where it begins. Of each way the
 * characters that depend on the secret alone are taken; too few of them would match by chance.
 */
function base64Forms(value: string): readonly string[] {
  const bytes = new TextEncoder().encode(value);
  const forms: string[] = [];
  for (const before of [0, 1, 2]) {
    const padded = new Uint8Array(before + bytes.length);
    padded.set(bytes, before);
    const encoded = btoa(Array.from(padded, (byte) => String.fromCharCode(byte)).join('')).replace(/=+$/, '');
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor(((before + bytes.length) * 8) / 6);
    const own = encoded.slice(first, last);
    if (own.length >= 8) forms.push(own, own.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}

function hexForms(value: string): readonly string[] {
  const bytes = new TextEncoder().encode(value);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex, hex.toUpperCase()];
}

/** A key that has several lines is often shown, or logged, line by line. */
function longLines(value: string): readonly string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= LONG_LINE);
}
