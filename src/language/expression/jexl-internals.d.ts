// Jexl publishes its lexer and parser as files but declares types for neither. These are the parts that `jexl-parser.ts` uses.

declare module 'jexl/dist/grammar.js' {
  const grammar: { getGrammar(): { elements: Record<string, object> } };
  export = grammar;
}

declare module 'jexl/dist/Lexer.js' {
  class Lexer {
    constructor(grammar: object);
    getElements(text: string): string[];
    getTokens(elements: string[]): { type: string; value: unknown; raw: string }[];
  }
  export = Lexer;
}

declare module 'jexl/dist/parser/Parser.js' {
  class Parser {
    constructor(grammar: object);
    addTokens(tokens: readonly { type: string; value: unknown; raw: string }[]): void;
    complete(): unknown;
  }
  export = Parser;
}
