import module from 'node:module';

// Compiled code of the host and of miniflare is kept for the next start.
module.enableCompileCache?.();
const { main } = await import('./main.ts');
await main();
