/** The values of an option that may be given several times, in order. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
