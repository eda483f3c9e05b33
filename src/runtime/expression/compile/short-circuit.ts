/** What a link of a chain yields when `?.` met null or undefined: the rest of the chain is not evaluated. No data can be it. */
export const SHORT_CIRCUIT: unique symbol = Symbol('short circuit');
