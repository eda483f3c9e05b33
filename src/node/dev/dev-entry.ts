import { HOST_TOKEN_HEADER, WORKER_BINDINGS } from '../../program/host-protocol.ts';
import { HOST_PATH_PREFIX } from '../../program/reserved-paths.ts';
import type { WorkerModule } from '../worker-modules.ts';

/** POST `{from, to, raw}`, `raw` in base64: 204, or 422 with why the mail was rejected. */
export const MAIL_ROUTE = `${HOST_PATH_PREFIX}mail`;

/**
 * The main module of the Worker of `ensemble dev`, before the one that is built. The emulator has workerd listen on a TCP port of this machine, where other users and web pages can ask past all that the
 * front looks at (front-server.ts): so only what carries the host's token is answered, as the host's own routes are. The emulator's route for mails knows no token; they come by one of ours.
 */
export const DEV_ENTRY: WorkerModule = {
  type: 'ESModule',
  name: 'dev-entry.js',
  contents: `import worker from './index.js';
export * from './index.js';

const encoder = new TextEncoder();

function isHost(request, env) {
  const given = encoder.encode(request.headers.get('${HOST_TOKEN_HEADER}') ?? '');
  const token = encoder.encode(env.${WORKER_BINDINGS.hostToken} ?? '');
  return token.length > 0 && given.length === token.length && crypto.subtle.timingSafeEqual(given, token);
}

function readHeaders(raw) {
  const headers = new Headers();
  const text = new TextDecoder().decode(raw).split(/\\r?\\n\\r?\\n/, 1)[0];
  for (const line of text.replace(/\\r?\\n(?=[ \\t])/g, '').split(/\\r?\\n/)) {
    const at = line.indexOf(':');
    try {
      headers.append(line.slice(0, at).trim(), line.slice(at + 1).trim());
    } catch {
      // No header that could be asked for.
    }
  }
  return headers;
}

async function takeMail(request, env, context) {
  const { from, to, raw: encoded } = await request.json();
  const raw = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  let rejected;
  const message = { from, to, raw: new Response(raw).body, rawSize: raw.length, headers: readHeaders(raw), setReject: (reason) => { rejected = reason; } };
  await worker.email(message, env, context);
  return rejected === undefined ? new Response(null, { status: 204 }) : new Response(rejected, { status: 422 });
}

export default {
  ...worker,
  async fetch(request, env, context) {
    if (!isHost(request, env)) return new Response(null, { status: 404 });
    const { pathname } = new URL(request.url);
    if (pathname === '${MAIL_ROUTE}') return takeMail(request, env, context);
    if (pathname.startsWith('${HOST_PATH_PREFIX}')) return worker.fetch(request, env, context);
    // Of no use to triggers, and nothing that they could hand on.
    const own = new Request(request);
    own.headers.delete('${HOST_TOKEN_HEADER}');
    return worker.fetch(own, env, context);
  },
};
`,
};
