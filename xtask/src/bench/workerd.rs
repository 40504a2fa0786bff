//! One workerd with the worker under test and the workers that it is compared with.

use super::setting;
use crate::keys::Key;
use crate::{npm, stamp};
use anyhow::{Context, Result, bail};
use std::fs;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use xtask::group::Group;
use xtask::{node, paths, runtime};

/// Stores the body of `PUT /` in memory and returns it.
const CONSTANT: &str = r#"
let body, init;
export default {
  async fetch(request) {
    if (request.method === "PUT") {
      body = new Uint8Array(await request.arrayBuffer());
      init = { headers: Object.fromEntries(request.headers) };
      return new Response(null, { status: 204 });
    }
    return new Response(body, init);
  },
};
"#;

/// Stores the body of `PUT /` in KV and returns it from there.
const KV: &str = r#"
let init;
export default {
  async fetch(request, env) {
    if (request.method === "PUT") {
      await env.KV.put("status", await request.arrayBuffer());
      init = { headers: Object.fromEntries(request.headers) };
      return new Response(null, { status: 204 });
    }
    return new Response(await env.KV.get("status", "arrayBuffer"), init);
  },
};
"#;

/// Stands in for the platform's KV, which it keeps in memory, and for the cache, which always misses.
const STORE: &str = r#"
const kept = new Map();
export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (request.method === "PUT") {
      kept.set(pathname, await request.arrayBuffer());
      return new Response(null, { status: 204 });
    }
    if (request.headers.get("cache-control") === "only-if-cached") return new Response(null, { status: 504 });
    const value = kept.get(pathname);
    return value ? new Response(value) : new Response(null, { status: 404 });
  },
};
"#;

pub(super) struct Workerd {
    group: Group,
    folder: PathBuf,
    pub(super) edge: u16,
    pub(super) constant: u16,
    pub(super) kv: u16,
}

impl Workerd {
    pub(super) fn start(key: &Key) -> Result<Self> {
        let folder = paths::candor().join("bench");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("disk"))?;
        for (name, text) in [("constant.js", CONSTANT), ("kv.js", KV), ("store.js", STORE)] {
            fs::write(folder.join(name), text)?;
        }
        let (edge, constant, kv) = (runtime::free_port()?, runtime::free_port()?, runtime::free_port()?);
        let file = folder.join("config.capnp");
        fs::write(&file, config(key, edge, constant, kv)?)?;
        let group = spawn(&folder)?;
        let mut workerd = Self { group, folder, edge, constant, kv };
        workerd.wait()?;
        Ok(workerd)
    }

    /// Ends the process and starts it again on the same disk, as when the platform moves an object.
    pub(super) fn restart(&mut self) -> Result<()> {
        self.group.end();
        self.group = spawn(&self.folder)?;
        self.wait()
    }

    /// The process of workerd: what npm installs is a script that starts it.
    fn program(&self) -> u32 {
        let mut pid = self.group.program();
        while let Ok(children) = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")) {
            let Some(child) = children.split_whitespace().next().and_then(|child| child.parse().ok()) else {
                break;
            };
            pid = child;
        }
        pid
    }

    /// The memory of the process that is in use, in megabytes.
    pub(super) fn memory(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.program()))
            .context("the memory of a process is read from /proc, which this machine does not have")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
    }

    /// The processor time that the process has used, in seconds.
    pub(super) fn cpu_seconds(&self) -> Result<f64> {
        // In hundredths of a second, on every Linux (proc_pid_stat(5), fields 14 and 15). The name in brackets may have spaces.
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.program()))?;
        let fields = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
        let ticks: Vec<f64> =
            fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
        Ok(ticks.iter().sum::<f64>() / 100.0)
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.edge)
    }

    fn wait(&mut self) -> Result<()> {
        let started = Instant::now();
        loop {
            let answer = runtime::get(self.edge, "/healthz");
            if answer.as_ref().is_some_and(|(status, _)| *status == 200) {
                return Ok(());
            }
            if self.group.ended()?.is_some() || started.elapsed() > Duration::from_secs(30) {
                let log = fs::read_to_string(self.folder.join("workerd.log")).unwrap_or_default();
                bail!("workerd did not become healthy; /healthz answers {answer:?}:\n{log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Copies the current bytes and headers of our `/status.json` to the other workers.
    pub(super) fn copy_status(&self) -> Result<()> {
        // Node copies them, because `fetch` hands over headers and bytes without a parser of our own.
        const COPY: &str = r#"
            const [from, ...to] = process.argv.slice(1);
            const answer = await fetch(`http://127.0.0.1:${from}/status.json`);
            const headers = {};
            for (const name of ["content-type", "etag", "cache-control", "access-control-allow-origin"])
              if (answer.headers.get(name)) headers[name] = answer.headers.get(name);
            const body = await answer.arrayBuffer();
            for (const port of to) await fetch(`http://127.0.0.1:${port}/`, { method: "PUT", headers, body });
        "#;
        let status = node::command("node")?
            .args(["--input-type=module", "--eval", COPY, "--"])
            .args([self.edge, self.constant, self.kv].map(|port| port.to_string()))
            .status()
            .context("cannot run node")?;
        if !status.success() {
            bail!("node could not copy /status.json to the other workers: its error is above");
        }
        Ok(())
    }
}

fn spawn(folder: &Path) -> Result<Group> {
    let output = File::create(folder.join("workerd.log"))?;
    let mut command = npm::program("workerd")?;
    command
        .args(["serve", "--experimental"])
        .arg(folder.join("config.capnp"))
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    Group::spawn(&mut command).context("cannot run workerd")
}

fn config(key: &Key, edge: u16, constant: u16, kv: u16) -> Result<String> {
    let built = paths::candor().join("edge");
    let mut modules = String::new();
    // workerd takes the first module as the entry.
    let mut files = stamp::files(&built)?;
    files.sort_by_key(|file| !file.ends_with("entry.js"));
    for file in files {
        let name = file.strip_prefix(&built)?.display().to_string();
        let kind = if name.ends_with(".wasm") { "wasm" } else { "esModule" };
        modules.push_str(&format!("    (name = {name:?}, {kind} = embed \"../edge/{name}\"),\n"));
    }
    // The same compatibility date as the deployed worker.
    let deployed = fs::read_to_string(paths::root().join("edge/wrangler.toml"))?;
    let date = deployed.lines().find_map(|line| line.strip_prefix("compatibility_date = "));
    let date =
        format!("compatibilityDate = {}", date.context("edge/wrangler.toml has no compatibility date")?);
    let keys = setting(key);
    Ok(format!(
        r#"using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "constant", worker = .constant),
    (name = "kv", worker = .kv),
    (name = "store", worker = .store),
    (name = "disk", disk = (path = {disk:?}, writable = true)),
  ],
  sockets = [
    (name = "edge", address = "127.0.0.1:{edge}", http = (), service = "edge"),
    (name = "constant", address = "127.0.0.1:{constant}", http = (), service = "constant"),
    (name = "kv", address = "127.0.0.1:{kv}", http = (), service = "kv"),
  ],
);
const edge :Workerd.Worker = (
  modules = [
{modules}  ],
  {date},
  bindings = [
    (name = "CANDOR_KEYS", text = {keys:?}),
    (name = "CANDOR_WRITES_PER_MINUTE", text = "1000000"),
    (name = "PAGE", durableObjectNamespace = "StatusPage"),
    (name = "LAST_GOOD", kvNamespace = "store"),
  ],
  durableObjectNamespaces = [(className = "StatusPage", uniqueKey = "candor-bench", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  cacheApiOutbound = "store",
);
const constant :Workerd.Worker = (modules = [(name = "constant.js", esModule = embed "constant.js")], {date});
const kv :Workerd.Worker = (
  modules = [(name = "kv.js", esModule = embed "kv.js")],
  {date},
  bindings = [(name = "KV", kvNamespace = "store")],
);
const store :Workerd.Worker = (modules = [(name = "store.js", esModule = embed "store.js")], {date});
"#,
        disk = paths::candor().join("bench/disk"),
    ))
}
