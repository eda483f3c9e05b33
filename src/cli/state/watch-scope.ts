import type { JsonValue } from '../../program/json.ts';
import { isKeyPattern, matchesKeyPattern } from '../../runtime/state/inspect/key-pattern.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { flatText } from '../history/cut-text.ts';
import type { Io } from '../io.ts';
import { printJsonLine } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { type ScopeOptions, withScope } from './open-scope.ts';
import { openScopeFeed, type ScopeNews } from './scope-feed.ts';
import { createCover, type RevealOption, wishOf } from './shown-value.ts';
import { describeWriter, formatTime } from './words.ts';

export interface WatchOptions extends ScopeOptions, RevealOption {
  readonly json?: boolean;
}

/** How often the scope is looked at. */
const POLL_MS = 500;
/** Each look at a deployed Worker is a request that somebody pays for. */
const REMOTE_POLL_MS = 3_000;
const VALUE_COLUMNS = 40;

/** `ensemble state watch SCOPE [PATTERN]`: each change as it comes, with the value before and after, until Ctrl-C or until nobody reads any more. */
export function watchScope(scope: string, text: string | undefined, options: WatchOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  return withScope(scope, { options, io, openHost, mayBeNew: true }, async ({ host, address, schema }) => {
    const cover = createCover(schema, options);
    const isMeant = (key: string): boolean => text === undefined || key === text || (isKeyPattern(text) && matchesKeyPattern(text, key));
    const { promise: gone, resolve: leave } = Promise.withResolvers<void>();
    const letGo = [io.onInterrupt(leave), io.stdout.onClosed(leave), io.stayAlive()];
    let isGone = false;
    void gone.then(() => {
      isGone = true;
    });
    try {
      const feed = await openScopeFeed({ host, address, schema, wish: wishOf(options) }, io);
      if (options.json !== true) io.stderr.write(`watching ${harmlessLine(scope)}; Ctrl-C ends it\n`);
      const pollMs = host.origin === undefined ? POLL_MS : REMOTE_POLL_MS;
      while (!isGone && !io.stdout.closed) {
        for (const news of await feed.next()) {
          if (isMeant(news.key)) tell(coverNews(news, cover), options, io);
        }
        await Promise.race([io.delay(pollMs), gone]);
      }
      return EXIT.done;
    } finally {
      for (const stop of letGo) stop();
    }
  });
}

function coverNews(news: ScopeNews, cover: (key: string, value: JsonValue) => JsonValue): ScopeNews {
  const { key, before, after } = news;
  return {
    ...news,
    ...(before === undefined ? {} : { before: cover(key, before) }),
    ...(after === undefined ? {} : { after: cover(key, after) }),
  };
}

function tell(news: ScopeNews, { json }: WatchOptions, io: Io): void {
  if (json === true) printJsonLine(news, io);
  else {
    const { at, type, key, before, after } = news;
    const [old, now] = [before, after].map((value) => (value === undefined ? undefined : flatText(value, VALUE_COLUMNS)));
    const change = old !== undefined && now !== undefined ? `${old} → ${now}` : (now ?? old ?? '');
    const by = describeWriter(news);
    io.stdout.write(`${formatTime(at)}  ${type}  ${harmlessLine(key)}  ${change}${by === '' ? '' : `  by ${by}`}\n`);
  }
}
