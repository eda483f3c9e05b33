/** What a caller reads from the exit status (DESIGN §3). */
export const EXIT = {
  done: 0,
  problemsInFile: 1,
  badCommandLine: 2,
  runFailed: 3,
  runWaits: 4,
  defect: 70,
  interrupted: 130,
  /** What a shell reports for a program that was ended by SIGPIPE: the reader of stdout went away before the run was over. */
  readerGone: 141,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
