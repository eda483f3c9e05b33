/** What is expected of a key. Stores keep UTF-8, in which all halves of surrogate pairs are the same: of two keys one would overwrite the other. */
export const WELL_FORMED = 'without half of a surrogate pair';
