/** UTF-16 units. A name is shown in a line of a list, and is no place for data. */
export const MAX_SNAPSHOT_NAME = 200;

/** Whether a snapshot of a scope may have this name: 1 to MAX_SNAPSHOT_NAME units, and none of them half a character, which no database keeps. */
export function isSnapshotName(name: string): boolean {
  return name !== '' && name.length <= MAX_SNAPSHOT_NAME && name.isWellFormed();
}
