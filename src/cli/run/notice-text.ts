import { relative } from 'node:path';
import type { HostNotice } from '../../node/local-host.ts';
import { formatDuration } from '../terminal/format-duration.ts';

/** What the host has to tell, in words. */
export function noticeText(notice: HostNotice, cwd: string): string {
  switch (notice.type) {
    case 'waiting': {
      const elsewhere = notice.elsewhere ? ' on another machine' : '';
      return `waiting for another run (pid ${notice.pid}${elsewhere}) that uses ${relative(cwd, notice.dataFolder) || '.'}`;
    }
    case 'orphan-ended':
      return `ended a runtime (pid ${notice.pid}) that a killed run had left behind`;
    case 'migrated':
      return `applied to ${notice.database}: ${notice.files.join(', ')}`;
    case 'bindings-provided':
      return `${relative(cwd, notice.configFile)} has no ${notice.names.join(', ')}; empty local storage is provided under that name`;
    case 'throttled':
      return `${notice.origin} has had too many requests of this key; asking again in ${formatDuration(notice.waitMs)}`;
    default:
      return notice satisfies never;
  }
}
