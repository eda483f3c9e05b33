/** What LANGUAGE §2.1 says an agent leaves behind: the members that tell an agent's name from a global of the same name. */
export const RESULT_FIELDS: ReadonlySet<string> = new Set(
  'output executed skipped success failed error failure cached duration attempts retry_count outputs tainted response usage model logs'.split(
    ' ',
  ),
);

/**
 * Names that a code isolate itself has (JavaScript's globals, the Web's that Workers offer) or that the body is given. An agent may have such a name (`fetch` often does):
 * in a body the plain name then means the global, unless a result of the agent is read from it: `fetch.output` is the agent, `fetch(url)` the function.
 */
export const JAVASCRIPT_GLOBALS: ReadonlySet<string> = new Set(
  (
    'setState console signal undefined NaN Infinity globalThis self eval Object Function Array String Number Boolean Symbol BigInt Math JSON Date RegExp Error TypeError RangeError SyntaxError ' +
    'ReferenceError EvalError URIError AggregateError Promise Proxy Reflect Map Set WeakMap WeakSet WeakRef FinalizationRegistry Iterator Intl ' +
    'ArrayBuffer SharedArrayBuffer DataView Atomics Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array ' +
    'BigInt64Array BigUint64Array parseInt parseFloat isNaN isFinite encodeURI decodeURI encodeURIComponent decodeURIComponent escape unescape ' +
    'fetch Request Response Headers FormData URL URLSearchParams URLPattern Blob File WebSocket EventSource AbortController AbortSignal Event EventTarget ' +
    'ReadableStream WritableStream TransformStream TextEncoder TextDecoder CompressionStream DecompressionStream crypto Crypto CryptoKey SubtleCrypto ' +
    'atob btoa structuredClone queueMicrotask setTimeout clearTimeout setInterval clearInterval scheduler performance navigator caches WebAssembly ' +
    'addEventListener removeEventListener dispatchEvent postMessage process Buffer global require module exports window document'
  ).split(' '),
);
