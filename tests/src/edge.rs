//! A running worker, and requests to it.

use crate::http::{Answer, Client};
use crate::sign::{self, Headers, Key};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use xtask::runtime::{self, Kind, Runtime};

/// The keys in `CANDOR_KEYS`. Each [`Edge`] has random ones of its own.
#[derive(Debug, Clone)]
pub struct Keys {
    /// Role `operator`, symmetric.
    pub ops: Key,
    /// Role `monitor`, for the component `checkins` only.
    pub probe: Key,
    /// Role `operator`, Ed25519: the worker has only the public key.
    pub signer: Key,
    /// Role `operator`. It expired yesterday.
    pub expired: Key,
    /// The key that signs documents, in `CANDOR_EDITION_KEY`.
    pub edition: Key,
}

impl Keys {
    fn random() -> Self {
        Self {
            ops: Key::random("ops"),
            probe: Key::random("probe"),
            signer: Key::random_ed25519("signer"),
            expired: Key::random("retired"),
            edition: Key::random_ed25519("2027"),
        }
    }

    /// The value of the secret `CANDOR_EDITION_KEY`.
    pub fn edition_setting(&self) -> Value {
        json!([{ "id": self.edition.id, "secret": self.edition.secret }])
    }

    /// The value of the secret `CANDOR_KEYS`.
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

/// How a worker under test differs from the deployed one.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// A wrangler configuration in place of `edge/wrangler.toml`, for `wrangler dev`.
    pub config: Option<PathBuf>,
    /// The entry of another worker, alone in a folder with its other modules.
    pub worker: Option<PathBuf>,
    /// The text of `CANDOR_KEYS` in place of the [`Keys`]. If it is empty, the setting is absent.
    pub keys: Option<String>,
    /// Whether it runs on workerd alone, with what `cargo xtask build` lays out for it.
    pub standalone: bool,
    /// Further settings. The default rate limit is too high to be reached.
    pub more: Vec<(String, String)>,
}

/// The environment variable that says on which runtime workers run: `workerd` alone, or `wrangler` for `wrangler dev`. Without it
/// they run on the Miniflare inside wrangler, which starts in a third of the time.
const RUNTIME: &str = "CANDOR_TEST_RUNTIME";

/// A worker on a free port of 127.0.0.1 with a state of its own. Dropping the value ends all of its processes and
/// deletes the state.
#[derive(Debug)]
pub struct Edge {
    // Before the folder, so that it is dropped first.
    runtime: Runtime,
    options: runtime::Options,
    folder: TempDir,
    client: Client,
    /// The keys that sign requests.
    pub keys: Keys,
}

impl Edge {
    /// Starts a worker and waits until `/healthz` answers 200.
    pub fn start() -> Self {
        let edge = Self::with(&Settings::default());
        let health = edge.get("/healthz");
        assert_eq!(health.status, 200, "{}\n{}", health.text(), edge.log());
        edge
    }

    /// Starts a worker with other settings and waits until `/healthz` answers with any status.
    pub fn with(settings: &Settings) -> Self {
        let folder = tempfile::Builder::new().prefix("candor-").tempdir().unwrap();
        let keys = Keys::random();
        let mut options = runtime::Options::in_folder(folder.path(), runtime::free_port().unwrap());
        let asked = std::env::var(RUNTIME).unwrap_or_default();
        options.kind = match &settings.config {
            Some(config) => {
                options.config.clone_from(config);
                Kind::Wrangler
            }
            None if settings.standalone => Kind::Standalone,
            None if settings.worker.is_some() => Kind::Miniflare,
            None if asked == "workerd" => Kind::Standalone,
            None if asked == "wrangler" => Kind::Wrangler,
            None => Kind::Miniflare,
        };
        options.worker.clone_from(&settings.worker);
        let text = settings.keys.clone().unwrap_or_else(|| keys.setting().to_string());
        let mut lines = "CANDOR_WRITES_PER_MINUTE='1000000'\n".to_owned();
        if !text.is_empty() {
            lines.push_str(&format!("CANDOR_KEYS='{text}'\n"));
        }
        lines.push_str(&format!("CANDOR_EDITION_KEY='{}'\n", keys.edition_setting()));
        for (name, value) in &settings.more {
            // If a name occurs twice, the last line wins.
            lines.push_str(&format!("{name}='{value}'\n"));
        }
        std::fs::write(&options.env_file, lines).unwrap();
        // Another process may take the port between the choice and the start: try again with another port.
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

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host())
    }

    /// `127.0.0.1:PORT`
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.options.port)
    }

    /// A folder for the test's own files. Dropping the value deletes it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything that the runtime has printed since its last start.
    pub fn log(&self) -> String {
        self.runtime.log_text()
    }

    /// Sends a request with exactly these headers. Panics if there is no answer.
    pub fn send(&self, method: &str, path: &str, headers: &Headers, body: Option<&[u8]>) -> Answer {
        self.client
            .send(method, &self.url(path), headers, body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}\n{}", self.runtime.log_tail(15)))
    }

    /// As [`Edge::send`], but returns `None` if there is no answer.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &Headers,
        body: Option<&[u8]>,
    ) -> Option<Answer> {
        self.client.send(method, &self.url(path), headers, body).ok()
    }

    /// Sends a `GET` request.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &Vec::new(), None)
    }

    /// `status.json`.
    #[track_caller]
    pub fn status(&self) -> Value {
        self.get("/status.json").expect(200).json()
    }

    /// `bulletin.json` in English.
    #[track_caller]
    pub fn bulletin(&self) -> Value {
        self.get("/bulletin.json?lang=en").expect(200).json()
    }

    /// The version in `/healthz`.
    pub fn version(&self) -> u64 {
        let health = self.get("/healthz").expect(200).json();
        health["version"].as_u64().unwrap_or_else(|| panic!("no version in {health}"))
    }

    /// Posts an update or a batch, signed by the operator (Standard Webhooks) with a new id.
    pub fn post(&self, update: &Value) -> Answer {
        self.post_as(&self.keys.ops, &sign::unique_id(), update.to_string().as_bytes())
    }

    /// Posts a body, signed by this key with this id. Panics if there is no answer.
    #[track_caller]
    pub fn post_as(&self, key: &Key, id: &str, body: &[u8]) -> Answer {
        self.try_post_as(key, id, body).unwrap_or_else(|| panic!("no answer\n{}", self.runtime.log_tail(15)))
    }

    /// As [`Edge::post_as`], but returns `None` if there is no answer.
    pub fn try_post_as(&self, key: &Key, id: &str, body: &[u8]) -> Option<Answer> {
        let mut headers = sign::webhook(key, id, Timestamp::now(), body);
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        self.try_send("POST", "/v1/updates", &headers, Some(body))
    }

    /// Posts an update or a batch, expects 201, and returns the answer's JSON.
    #[track_caller]
    pub fn accept(&self, update: &Value) -> Value {
        self.post(update).expect(201).json()
    }

    /// Sets up a page with a group of two components and a third component, to open incidents on.
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

    /// Posts a body with curl: `--aws-sigv4 PROVIDER --user ID:SECRET`, the body on standard input, and further
    /// arguments.
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

    /// Sends SIGKILL to every process at once, as a power cut would end them.
    pub fn kill_hard(&self) {
        self.runtime.kill();
    }

    /// Starts the worker again, killed or not, with the same state, port and keys.
    pub fn restart(&mut self) {
        self.restart_with(None);
    }

    /// As [`Edge::restart`], with another value of a setting, and after a while in which no cached copy is current any more.
    pub fn restart_set(&mut self, name: &str, value: &str) {
        let mut lines = std::fs::read_to_string(&self.options.env_file).unwrap();
        lines.push_str(&format!("{name}='{value}'\n"));
        std::fs::write(&self.options.env_file, lines).unwrap();
        self.runtime.kill_hard();
        std::thread::sleep(Duration::from_millis(4_200));
        self.restart();
    }

    /// As [`Edge::restart`], with another wrangler configuration.
    pub fn restart_with(&mut self, config: Option<&Path>) {
        self.runtime.kill_hard();
        let mut options = self.options.clone();
        if let Some(config) = config {
            options.config = config.to_path_buf();
            options.kind = Kind::Wrangler;
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
