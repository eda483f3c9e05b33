/** Which of `count` parts holds a text, 0 to count − 1: FNV-1a over its UTF-16 units, so that texts that differ in their last characters only are spread evenly. Never changed: what is kept under it must be found. */
export function shardOf(text: string, count: number): number {
  if (count <= 1) return 0;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  // The low bits of FNV are the weak ones.
  return ((hash ^ (hash >>> 15)) >>> 0) % count;
}

/** The name of a part's object: the first one is called as the only one would be. */
export function shardName(name: string, shard: number): string {
  return shard === 0 ? name : `${name}:${shard}`;
}
