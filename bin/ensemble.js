#!/usr/bin/env node
'use strict';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(`ensemble needs Node 22.12 or newer; this is Node ${process.versions.node}.\n`);
  process.exit(2);
}
require('../dist/cli.js').start();
