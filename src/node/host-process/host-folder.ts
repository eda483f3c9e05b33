import { join } from 'node:path';

/** Where a host keeps what is its own, beside the data of runs. */
export function hostFolderOf(dataFolder: string): string {
  return join(dataFolder, 'ensemble-host');
}
