// Writes what a wrangler configuration means to Miniflare, the local runtime inside wrangler, as JSON. To load wrangler takes longer
// than to start a worker, so the build does it once for all tests.
//
//     node describe.mjs CONFIG OUT

import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../edge/package.json", import.meta.url));
const { unstable_getMiniflareWorkerOptions: options } = require("wrangler");

const [config, out] = process.argv.slice(2);
writeFileSync(out, JSON.stringify(options(config).workerOptions));
