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

/**
 * Every global of a code isolate (compatibility date and flags: src/worker/code-runner.ts), with what it inherits. Measured:
 * test/worker/code-runner.test.ts compares it with what an isolate has.
 */
export const ISOLATE_GLOBALS: ReadonlySet<string> = new Set(
  (
    'AbortController AbortSignal AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Blob Body Boolean ' +
    'ByteLengthQueuingStrategy Cache CacheStorage CloseEvent Cloudflare CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException ' +
    'DataView Date DecompressionStream DisposableStack Error ErrorEvent EvalError Event EventSource EventTarget ExtendableEvent FetchEvent File ' +
    'FinalizationRegistry FixedLengthStream Float16Array Float32Array Float64Array FormData Function HTMLRewriter Headers IdentityTransformStream Infinity ' +
    'Int16Array Int32Array Int8Array Intl Iterator JSON Map Math MessageChannel MessageEvent MessagePort NaN Navigator Number Object Promise ' +
    'PromiseRejectionEvent Proxy RangeError ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest ' +
    'ReadableStreamDefaultController ReadableStreamDefaultReader ReferenceError Reflect RegExp Request Response ScheduledEvent ServiceWorkerGlobalScope Set ' +
    'SharedArrayBuffer String SubtleCrypto SuppressedError Symbol SyntaxError TailEvent TextDecoder TextDecoderStream TextEncoder TextEncoderStream TraceEvent ' +
    'TransformStream TransformStreamDefaultController TypeError URIError URL URLPattern URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray ' +
    'WeakMap WeakRef WeakSet WebAssembly WebSocket WebSocketPair WebSocketRequestResponsePair WorkerGlobalScope WritableStream ' +
    'WritableStreamDefaultController WritableStreamDefaultWriter __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__ ' +
    'addEventListener atob btoa caches clearInterval clearTimeout console constructor crypto decodeURI decodeURIComponent dispatchEvent encodeURI ' +
    'encodeURIComponent escape eval fetch globalThis hasOwnProperty isFinite isNaN isPrototypeOf navigator origin parseFloat parseInt performance ' +
    'propertyIsEnumerable queueMicrotask removeEventListener reportError scheduler self setInterval setTimeout structuredClone toLocaleString toString ' +
    'undefined unescape valueOf'
  ).split(' '),
);
