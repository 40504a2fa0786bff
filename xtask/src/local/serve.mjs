// Runs a built worker on Miniflare, as `wrangler dev` does, but without its bundler and the second runtime before the first, which
// take most of the time of a start.
//
//     node serve.mjs DESCRIPTION ENTRY ASSETS STATE ENV_FILE PORT
//
// DESCRIPTION is what describe.mjs wrote. The entry's folder holds the modules of the worker and nothing else.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";

const require = createRequire(new URL("../../../edge/package.json", import.meta.url));
const { Miniflare, Log, LogLevel, convertV4MiniflareOptions: converted } = createRequire(require.resolve("wrangler"))("miniflare");

const [description, entry, assets, state, envFile, port] = process.argv.slice(2);
const options = JSON.parse(readFileSync(description, "utf8"));
const folder = dirname(entry);
const others = readdirSync(folder).map((name) => join(folder, name)).filter((path) => path !== entry);
const modules = [entry, ...others].map((path) => ({ type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule", path }));

await new Miniflare(
  converted({
    ...options,
    name: "candor",
    modules,
    modulesRoot: folder,
    assets: { ...options.assets, directory: assets },
    bindings: parseEnv(readFileSync(envFile, "utf8")),
    // Not a line for each request.
    log: new Log(LogLevel.WARN),
    host: "127.0.0.1",
    port: Number(port),
    // Otherwise it requests this machine's location from a server before it starts.
    cf: false,
    // Where `wrangler dev` keeps it, so that each can go on from the other's state.
    resourcePersistencePath: join(state, "v3"),
  }),
).ready;
