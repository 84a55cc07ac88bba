#!/usr/bin/env node
// The `empathy` command: installs and compiles what is missing, then hands over to apps/cli.
import { createRequire } from "node:module";
import { setUp } from "./setup.mjs";

setUp();
const require = createRequire(import.meta.url);
require("kit/optimise-later").optimiseLater();
require("../dist/apps/cli/main.js").main(process.argv.slice(2));
