//! Runs the local runtime: `wrangler dev`, the Miniflare inside it, or workerd alone; and the processes that they start.

use crate::group::Group;
use crate::{node, paths};
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A way to run the worker. In each, it runs on workerd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `wrangler dev`.
    Wrangler,
    /// Miniflare, with what the deployed configuration means to it: the same as `wrangler dev` in a third of the time. `config`
    /// has no effect.
    Miniflare,
    /// workerd alone, with what `cargo xtask build` lays out for it. `config` and `worker` have no effect.
    Standalone,
}

/// How to start a runtime. Missing folders are created.
#[derive(Debug, Clone)]
pub struct Options {
    /// What runs.
    pub kind: Kind,
    /// The wrangler configuration.
    pub config: PathBuf,
    /// The worker's entry, if it differs from the one in the configuration. On Miniflare, its folder holds all modules of the worker
    /// and nothing else.
    pub worker: Option<PathBuf>,
    /// The static files.
    pub assets: PathBuf,
    /// The folder for its databases.
    pub state: PathBuf,
    /// Settings and secrets as `NAME='value'` lines. A file, because other users can read a command line.
    pub env_file: PathBuf,
    /// The file for its output. An existing one is overwritten.
    pub log: PathBuf,
    /// The port on 127.0.0.1.
    pub port: u16,
}

impl Options {
    /// The deployed configuration with the static files for development. Everything else is in one folder.
    #[must_use]
    pub fn in_folder(folder: &std::path::Path, port: u16) -> Self {
        Self {
            kind: Kind::Wrangler,
            config: paths::root().join("edge/wrangler.toml"),
            worker: None,
            assets: paths::assets_dev(),
            state: folder.join("state"),
            env_file: folder.join("dev.vars"),
            log: folder.join("wrangler.log"),
            port,
        }
    }

    fn wrangler(&self) -> Result<Command> {
        let wrangler = paths::root().join("edge/node_modules/wrangler/bin/wrangler.js");
        let own = self.log.with_extension("d");
        let mut command = node::command("node")?;
        command
            .arg(wrangler)
            .arg("dev")
            .args(&self.worker)
            .args(["--local", "--ip", "127.0.0.1", "--port", &self.port.to_string()])
            .args(["--inspector-port", &free_port()?.to_string(), "--show-interactive-dev-session=false"])
            .arg("--config")
            .arg(&self.config)
            .arg("--assets")
            .arg(&self.assets)
            .arg("--persist-to")
            .arg(&self.state)
            .arg("--env-file")
            .arg(&self.env_file)
            .env("WRANGLER_SEND_METRICS", "false")
            .env("WRANGLER_SEND_ERROR_REPORTS", "false")
            .env("WRANGLER_HIDE_BANNER", "true")
            .env("WRANGLER_LOG_PATH", own.join("logs"))
            // Runtimes find each other through this folder. Each has its own, so that tests stay isolated.
            .env("WRANGLER_REGISTRY_PATH", own.join("registry"))
            // Otherwise it requests this machine's location from a server before it starts.
            .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
            .env("CI", "true")
            .env("NO_COLOR", "1")
            .env("FORCE_COLOR", "0");
        Ok(command)
    }

    fn miniflare(&self) -> Result<Command> {
        let mut command = node::command("node")?;
        command
            .arg(paths::root().join("xtask/src/local/serve.mjs"))
            .arg(paths::candor().join("local.json"))
            .arg(self.worker.clone().unwrap_or_else(|| paths::candor().join("standby/edge/entry.js")))
            .arg(&self.assets)
            .arg(&self.state)
            .arg(&self.env_file)
            .arg(self.port.to_string());
        Ok(command)
    }

    fn workerd(&self) -> Result<Command> {
        let mut command = node::command(paths::root().join("edge/node_modules/.bin/workerd"))?;
        let folder = |name: &str, path: &std::path::Path| format!("{name}={}", path.display());
        command
            .arg("serve")
            .arg(paths::candor().join("standby/config.capnp"))
            .arg("--socket-addr")
            .arg(format!("http=127.0.0.1:{}", self.port))
            .arg("--directory-path")
            .arg(folder("disk", &self.state))
            .arg("--directory-path")
            .arg(folder("built", &self.assets));
        let settings = fs::read_to_string(&self.env_file)
            .with_context(|| format!("cannot read {}", self.env_file.display()))?;
        for line in settings.lines() {
            let (name, value) = line.split_once('=').with_context(|| format!("not a setting: {line}"))?;
            command.env(name, value.trim_matches('\''));
        }
        Ok(command)
    }
}

/// A running runtime. It ends with the value or this process, as a [`Group`] does.
#[derive(Debug)]
pub struct Runtime {
    group: Group,
    port: u16,
    log: PathBuf,
}

impl Runtime {
    /// Starts a runtime. Does not wait until it answers.
    ///
    /// # Errors
    /// If the packages of `edge/` are not installed, or a file cannot be written.
    pub fn start(options: &Options) -> Result<Self> {
        let wrangler = paths::root().join("edge/node_modules/wrangler/bin/wrangler.js");
        if !wrangler.exists() {
            bail!("wrangler is not installed: run `cargo xtask build`");
        }
        fs::create_dir_all(&options.state)?;
        let log =
            File::create(&options.log).with_context(|| format!("cannot write {}", options.log.display()))?;
        let mut command = match options.kind {
            Kind::Wrangler => options.wrangler()?,
            Kind::Miniflare => options.miniflare()?,
            Kind::Standalone => options.workerd()?,
        };
        command
            .current_dir(paths::root().join("edge"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let group = Group::spawn(&mut command).context("cannot run node")?;
        Ok(Self { group, port: options.port, log: options.log.clone() })
    }

    /// Waits until `/healthz` answers with any status, and returns status and body.
    ///
    /// # Errors
    /// If the runtime exits or does not answer in time (with the end of its log), or if `stop` returns true.
    pub fn wait(&mut self, patience: Duration, stop: impl Fn() -> bool) -> Result<(u16, String)> {
        let started = Instant::now();
        loop {
            if let Some(answer) = get(self.port, "/healthz") {
                return Ok(answer);
            }
            if let Some(status) = self.ended() {
                bail!("the local runtime exited ({status}); the end of its log:\n{}", self.log_tail(25));
            }
            if stop() {
                bail!("stopped");
            }
            if started.elapsed() > patience {
                bail!(
                    "the local runtime did not answer within {} s; the end of its log:\n{}",
                    patience.as_secs(),
                    self.log_tail(25)
                );
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// The exit status. `None` while the runtime runs.
    pub fn ended(&mut self) -> Option<std::process::ExitStatus> {
        self.group.ended().ok().flatten()
    }

    /// Sends SIGKILL to every process at once, as a power cut would end them. Does not wait.
    pub fn kill(&self) {
        self.group.kill();
    }

    /// As [`Runtime::kill`], but waits until every process has ended.
    pub fn kill_hard(&mut self) {
        self.group.kill_hard();
    }

    /// Sends SIGTERM, and SIGKILL after five seconds. Returns whether every process has ended.
    pub fn end(&mut self) -> bool {
        self.group.end()
    }

    /// The last lines of the output.
    #[must_use]
    pub fn log_tail(&self, lines: usize) -> String {
        let text = self.log_text();
        let all: Vec<&str> = text.lines().collect();
        let skip = all.len().saturating_sub(lines);
        all.into_iter().skip(skip).map(|line| format!("    {line}\n")).collect()
    }

    /// The output since the start.
    #[must_use]
    pub fn log_text(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// A port that is free now, and below those that systems give to whoever asks for any: runtimes and browsers do that
/// all the time, and one of them could get it before it is used.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<u16> {
    for _ in 0..100 {
        let mut random = [0; 2];
        getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        let port = 20_000_u16.saturating_add(u16::from_le_bytes(random) % 12_000);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port from 20000 to 31999 is free")
}

/// Sends `GET` to 127.0.0.1 and returns status and body, or `None` without an answer in time.
#[must_use]
pub fn get(port: u16, path: &str) -> Option<(u16, String)> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned())?;
    Some((status, body))
}
