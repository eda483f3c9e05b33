import { WORKER_BINDINGS } from '../program/host-protocol.ts';

/** Encrypts what no file may show. `place` is where the text belongs: under another one it does not open. */
export interface Sealer {
  seal(text: string, place: string): Promise<Uint8Array>;
  /** Undefined when it was sealed with another key, or for another place. */
  open(data: Uint8Array, place: string): Promise<string | undefined>;
}

/** AES-GCM: a fresh nonce of 96 bits before each text. */
const NONCE_BYTES = 12;
const KEY_BYTES = 32;

const sealers = new Map<string, Promise<Sealer | undefined>>();

/** What the host's key seals with (WORKER_BINDINGS.sealKey); undefined where there is none, or none that is base64 of 32 bytes. */
export function openSealer(env: { readonly [WORKER_BINDINGS.sealKey]?: string }): Promise<Sealer | undefined> {
  const text = env[WORKER_BINDINGS.sealKey];
  if (text === undefined) return Promise.resolve(undefined);
  const known = sealers.get(text) ?? createSealer(text);
  sealers.set(text, known);
  return known;
}

async function createSealer(text: string): Promise<Sealer | undefined> {
  const bytes = readKey(text);
  if (bytes === undefined) return undefined;
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const encoder = new TextEncoder();
  return {
    async seal(plain, place) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const algorithm = { name: 'AES-GCM', iv, additionalData: encoder.encode(place) };
      const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, encoder.encode(plain)));
      const data = new Uint8Array(NONCE_BYTES + sealed.length);
      data.set(iv);
      data.set(sealed, NONCE_BYTES);
      return data;
    },
    async open(data, place) {
      const algorithm = { name: 'AES-GCM', iv: data.subarray(0, NONCE_BYTES), additionalData: encoder.encode(place) };
      try {
        return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, data.subarray(NONCE_BYTES)));
      } catch {
        return undefined;
      }
    },
  };
}

function readKey(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return bytes.length === KEY_BYTES ? bytes : undefined;
  } catch {
    return undefined;
  }
}
