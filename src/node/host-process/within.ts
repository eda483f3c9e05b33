/** The value of a promise that comes within `ms`; `none` when it takes longer or is an error. */
export function within<Value>(
  ms: number,
  promise: Promise<Value>,
): Promise<{ readonly type: 'answer'; readonly value: Value } | { readonly type: 'none' }> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ type: 'none' }), ms);
    promise
      .then(
        (value) => resolve({ type: 'answer', value }),
        () => resolve({ type: 'none' }),
      )
      .finally(() => clearTimeout(timer));
  });
}
