/** What a host has to tell while it opens or makes ready for a program. */
export type HostNotice =
  | { readonly type: 'waiting'; readonly pid: number; readonly elsewhere: boolean; readonly dataFolder: string }
  | { readonly type: 'orphan-ended'; readonly pid: number }
  | { readonly type: 'migrated'; readonly database: string; readonly files: readonly string[] }
  | { readonly type: 'bindings-provided'; readonly names: readonly string[]; readonly configFile: string }
  /** A deployed Worker asks for patience. */
  | { readonly type: 'throttled'; readonly origin: string; readonly waitMs: number };

export type TellNotice = (notice: HostNotice) => void;
