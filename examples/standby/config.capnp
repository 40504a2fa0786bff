# Candor on workerd alone: https://github.com/cloudflare/workerd. `cargo xtask build` lays this folder out, with the worker and the
# static files, in target/candor/standby; README.md says how to run it. The settings come from the environment.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "front", worker = .front),
    (name = "edge", worker = .edge),
    (name = "files", worker = .files),
    # What `cargo xtask build` made: read from the folder in which workerd is started.
    (name = "built", disk = (path = "assets")),
    # The page's database. Move it with --directory-path disk=/var/lib/candor
    (name = "disk", disk = (path = "state", writable = true)),
  ],
  # Another address: --socket-addr http=127.0.0.1:8788
  sockets = [(name = "http", address = "127.0.0.1:8788", http = (), service = "front")],
);

# The same program as on Cloudflare, with the same compatibility date (edge/wrangler.toml).
const edge :Workerd.Worker = (
  modules = [
    (name = "entry.js", esModule = embed "edge/entry.js"),
    (name = "candor_edge_bg.wasm", wasm = embed "edge/candor_edge_bg.wasm"),
  ],
  compatibilityDate = "2026-11-17",
  bindings = [
    (name = "PAGE", durableObjectNamespace = "StatusPage"),
    (name = "ASSETS", service = "files"),
    # There is neither KV nor a cache of a data centre here.
    (name = "CANDOR_COPIES", text = "none"),
    (name = "CANDOR_KEYS", fromEnvironment = "CANDOR_KEYS"),
    (name = "CANDOR_LOG_DAYS", fromEnvironment = "CANDOR_LOG_DAYS"),
    (name = "CANDOR_METRICS_TOKEN", fromEnvironment = "CANDOR_METRICS_TOKEN"),
    (name = "CANDOR_PUSH", fromEnvironment = "CANDOR_PUSH"),
    (name = "CANDOR_EDITION_KEY", fromEnvironment = "CANDOR_EDITION_KEY"),
    (name = "CANDOR_FOLLOWS", fromEnvironment = "CANDOR_FOLLOWS"),
    (name = "CANDOR_FRAME_ANCESTORS", fromEnvironment = "CANDOR_FRAME_ANCESTORS"),
    (name = "CANDOR_MIRRORS", fromEnvironment = "CANDOR_MIRRORS"),
    (name = "CANDOR_WEBSUB_HUB", fromEnvironment = "CANDOR_WEBSUB_HUB"),
    (name = "CANDOR_WRITES_PER_MINUTE", fromEnvironment = "CANDOR_WRITES_PER_MINUTE"),
  ],
  durableObjectNamespaces = [(className = "StatusPage", uniqueKey = "candor", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
);

# The platform's part: the static files go out before the worker starts.
const front :Workerd.Worker = (
  modules = [(name = "files.js", esModule = embed "files.js")],
  compatibilityDate = "2026-11-17",
  bindings = [
    (name = "BUILT", service = "built"),
    (name = "EDGE", service = "edge"),
  ],
);

# The same files for the worker, which answers for two of them.
const files :Workerd.Worker = (
  modules = [(name = "files.js", esModule = embed "files.js")],
  compatibilityDate = "2026-11-17",
  bindings = [(name = "BUILT", service = "built")],
);
