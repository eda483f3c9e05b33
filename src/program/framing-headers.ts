/** Headers of requests that frame a message or say what becomes of its connection, in small letters: they are for whoever sends it. `Upgrade` would make of a POST a GET without its body. */
export const FRAMING_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
