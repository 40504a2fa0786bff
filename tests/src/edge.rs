//! A worker to test.

use crate::http::{Answer, Client};
use crate::sign::{self, Headers, Key};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use xtask::runtime::{self, Runtime};

/// The keys that every [`Edge`] knows, fresh for each.
#[derive(Debug, Clone)]
pub struct Keys {
    /// `operator`.
    pub ops: Key,
    /// `monitor`, for the component `checkins` alone.
    pub probe: Key,
    /// `operator`, Ed25519: the worker knows the public half only.
    pub signer: Key,
    /// `operator`, until yesterday.
    pub expired: Key,
}

impl Keys {
    fn random() -> Self {
        Self {
            ops: Key::random("ops"),
            probe: Key::random("probe"),
            signer: Key::random_ed25519("signer"),
            expired: Key::random("retired"),
        }
    }

    /// As the secret `CANDOR_KEYS` has them.
    pub fn setting(&self) -> Value {
        json!([
            { "id": self.ops.id, "secret": self.ops.secret, "role": "operator" },
            { "id": self.probe.id, "secret": self.probe.secret, "role": "monitor", "components": ["checkins"] },
            { "id": self.signer.id, "public_key": self.signer.public(), "role": "operator" },
            { "id": self.expired.id, "secret": self.expired.secret, "role": "operator",
              "not_after": (Timestamp::now() - Duration::from_secs(86_400)).to_string() },
        ])
    }
}

/// What may differ from the deployed worker.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Another wrangler configuration.
    pub config: Option<PathBuf>,
    /// The text of `CANDOR_KEYS` in place of the [`Keys`]; an empty one leaves the setting out.
    pub keys: Option<String>,
    /// Further settings. Unless one says otherwise, a key may write as fast as it can.
    pub more: Vec<(String, String)>,
}

/// A worker on a free port of 127.0.0.1 with a state of its own, which is deleted with the value. Every process
/// ends with it too.
#[derive(Debug)]
pub struct Edge {
    // Before the folder: ended first.
    runtime: Runtime,
    options: runtime::Options,
    folder: TempDir,
    client: Client,
    /// What signs.
    pub keys: Keys,
}

impl Edge {
    /// Starts one and waits until it is well.
    pub fn start() -> Self {
        let edge = Self::with(&Settings::default());
        let health = edge.get("/healthz");
        assert_eq!(health.status, 200, "{}\n{}", health.text(), edge.log());
        edge
    }

    /// Starts one with other settings and waits until it answers, well or not.
    pub fn with(settings: &Settings) -> Self {
        let folder = tempfile::Builder::new().prefix("candor-").tempdir().unwrap();
        let keys = Keys::random();
        let mut options = runtime::Options::in_folder(folder.path(), runtime::free_port().unwrap());
        if let Some(config) = &settings.config {
            options.config.clone_from(config);
        }
        let text = settings.keys.clone().unwrap_or_else(|| keys.setting().to_string());
        let mut lines = "CANDOR_WRITES_PER_MINUTE='1000000'\n".to_owned();
        if !text.is_empty() {
            lines.push_str(&format!("CANDOR_KEYS='{text}'\n"));
        }
        for (name, value) in &settings.more {
            // The last one counts.
            lines.push_str(&format!("{name}='{value}'\n"));
        }
        std::fs::write(&options.env_file, lines).unwrap();
        // Between choosing a port and listening on it somebody else may have taken it.
        let runtime = (0..3)
            .find_map(|_| {
                let runtime = try_start(&options).ok();
                if runtime.is_none() {
                    options.port = runtime::free_port().unwrap();
                }
                runtime
            })
            .unwrap_or_else(|| started(&options));
        Self { runtime, options, folder, client: Client::new(), keys }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host())
    }

    /// `127.0.0.1:PORT`
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.options.port)
    }

    /// A folder for the test's own files; deleted with the value.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything the runtime has printed since it was (re)started.
    pub fn log(&self) -> String {
        self.runtime.log_text()
    }

    /// A request that is sent exactly like this.
    pub fn send(&self, method: &str, path: &str, headers: &Headers, body: Option<&[u8]>) -> Answer {
        self.client
            .send(method, &self.url(path), headers, body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}\n{}", self.runtime.log_tail(15)))
    }

    /// The same, when there may be no answer.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &Headers,
        body: Option<&[u8]>,
    ) -> Option<Answer> {
        self.client.send(method, &self.url(path), headers, body).ok()
    }

    /// Reads a path.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &Vec::new(), None)
    }

    /// The page's status document.
    #[track_caller]
    pub fn status(&self) -> Value {
        self.get("/status.json").expect(200).json()
    }

    /// The version that the worker says it is at.
    pub fn version(&self) -> u64 {
        let health = self.get("/healthz").expect(200).json();
        health["version"].as_u64().unwrap_or_else(|| panic!("no version in {health}"))
    }

    /// Posts an update or a batch, signed by the operator (Standard Webhooks) under a fresh id.
    pub fn post(&self, update: &Value) -> Answer {
        self.post_as(&self.keys.ops, &sign::unique_id(), update.to_string().as_bytes())
    }

    /// Posts a body signed by any key under any id.
    #[track_caller]
    pub fn post_as(&self, key: &Key, id: &str, body: &[u8]) -> Answer {
        self.try_post_as(key, id, body).unwrap_or_else(|| panic!("no answer\n{}", self.runtime.log_tail(15)))
    }

    /// The same, when there may be no answer.
    pub fn try_post_as(&self, key: &Key, id: &str, body: &[u8]) -> Option<Answer> {
        let mut headers = sign::webhook(key, id, Timestamp::now(), body);
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        self.try_send("POST", "/v1/updates", &headers, Some(body))
    }

    /// Posts what has to be accepted, and returns the answer's document.
    #[track_caller]
    pub fn accept(&self, update: &Value) -> Value {
        self.post(update).expect(201).json()
    }

    /// A page with two components and a group, to open incidents on.
    #[track_caller]
    pub fn set_up_page(&self) {
        self.accept(&json!([
            { "type": "page.set", "name": "Trailmark", "url": "https://trailmark.example" },
            { "type": "component.set", "id": "app", "name": "App", "is_group": true },
            { "type": "component.set", "id": "checkins", "name": "Check-ins", "group": "app" },
            { "type": "component.set", "id": "maps", "name": "Maps", "group": "app" },
            { "type": "component.set", "id": "api", "name": "API" },
        ]));
    }

    /// Posts with the real curl: `--aws-sigv4 PROVIDER --user ID:SECRET`, the body from standard input, and any
    /// further arguments.
    pub fn curl(&self, provider: &str, key: &Key, body: &str, further: &[&str]) -> Answer {
        let mut curl = Command::new("curl")
            .args(["--silent", "--show-error", "--include", "--noproxy", "*", "--max-time", "60"])
            .args(["--aws-sigv4", provider, "--user", &format!("{}:{}", key.id, key.secret), "--json", "@-"])
            .args(further)
            .arg(self.url("/v1/updates"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("curl 7.82 or later is installed");
        curl.stdin.take().unwrap().write_all(body.as_bytes()).unwrap();
        let output = curl.wait_with_output().unwrap();
        assert!(output.status.success(), "curl: {}", String::from_utf8_lossy(&output.stderr));
        Answer::from_curl(&output.stdout)
    }

    /// Kills it as a power cut would: SIGKILL to every process at once.
    pub fn kill_hard(&self) {
        self.runtime.kill();
    }

    /// Starts it again, killed or not, on the same state, port and keys.
    pub fn restart(&mut self) {
        self.restart_with(None);
    }

    /// The same with another wrangler configuration.
    pub fn restart_with(&mut self, config: Option<&Path>) {
        self.runtime.kill_hard();
        let mut options = self.options.clone();
        if let Some(config) = config {
            options.config = config.to_path_buf();
        }
        self.runtime = started(&options);
    }
}

fn started(options: &runtime::Options) -> Runtime {
    try_start(options).unwrap_or_else(|error| panic!("{error}"))
}

fn try_start(options: &runtime::Options) -> Result<Runtime, String> {
    let mut runtime = Runtime::start(options).map_err(|error| format!("{error:#}"))?;
    runtime.wait(Duration::from_secs(90), || false).map_err(|error| format!("{error:#}"))?;
    Ok(runtime)
}
