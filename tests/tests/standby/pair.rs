//! Two deployments, one of which is the standby of the other, and the scripts between them, as they were built.

use candor_tests::{Answer, Edge, Settings, eventually, paths, sign};
use serde_json::{Value, json};
use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use xtask::group::Group;

pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Two deployments with the same keys: the first one names the second one as a mirror.
pub(crate) struct Pair {
    pub(crate) first: Edge,
    pub(crate) standby: Edge,
}

impl Pair {
    pub(crate) fn start() -> Self {
        let mut standby = Edge::with(&Settings {
            standalone: true,
            more: vec![("CANDOR_FOLLOWS".to_owned(), "https://status.trailmark.example".to_owned())],
            ..Settings::default()
        });
        // The same settings, and so the same documents.
        let mirrors = json!([standby.url("")]).to_string();
        standby.restart_set("CANDOR_MIRRORS", &mirrors);
        Self { first: Self::first(&standby), standby }
    }

    /// A deployment with the keys of this standby, which is empty.
    pub(crate) fn first(standby: &Edge) -> Edge {
        Edge::with(&Settings {
            keys: Some(standby.keys.setting().to_string()),
            more: vec![
                ("CANDOR_EDITION_KEY".to_owned(), standby.keys.edition_setting().to_string()),
                ("CANDOR_MIRRORS".to_owned(), json!([standby.url("")]).to_string()),
            ],
            ..Settings::default()
        })
    }

    pub(crate) fn post(&self, to: &Edge, update: &Value) -> Answer {
        to.post_as(&self.standby.keys.ops, &sign::unique_id(), update.to_string().as_bytes())
    }

    pub(crate) fn accept(&self, to: &Edge, update: &Value) -> Value {
        self.post(to, update).expect(201).json()
    }

    /// A `curl` in a new folder of the test, which answers requests that look like this pattern of the shell by itself; the path with it.
    pub(crate) fn lying_curl(&self, name: &str, asked: &str, answer: &str) -> String {
        let bin = self.standby.folder().join(name);
        std::fs::create_dir(&bin).unwrap();
        let real = Command::new("sh").args(["-c", "command -v curl"]).output().unwrap().stdout;
        let real = String::from_utf8_lossy(&real);
        let script = format!(
            "#!/bin/sh\nreal={}\nout=/dev/stdout\nlast=\nfor word; do [ \"$last\" != --output ] || out=$word; last=$word; done\ncase \"$*\" in\n{asked}) {answer} ;;\n*) exec \"$real\" \"$@\" ;;\nesac\n",
            real.trim()
        );
        std::fs::write(bin.join("curl"), script).unwrap();
        std::fs::set_permissions(bin.join("curl"), std::fs::Permissions::from_mode(0o755)).unwrap();
        format!("{}:{}", bin.display(), std::env::var("PATH").unwrap())
    }

    /// The script that keeps the standby up to date, and its log.
    pub(crate) fn follow(&self) -> (Group, PathBuf) {
        self.follow_with(&[])
    }

    /// The same with more in its environment.
    pub(crate) fn follow_with(&self, more: &[(&str, &str)]) -> (Group, PathBuf) {
        self.follow_from(&self.first, more)
    }

    /// The same, where the page's address leads to this one of both.
    pub(crate) fn follow_from(&self, first: &Edge, more: &[(&str, &str)]) -> (Group, PathBuf) {
        let log = self.standby.folder().join("follow.log");
        let out = File::create(&log).unwrap();
        let mut command = Command::new(built("follow.sh"));
        command.args([&first.url(""), &self.standby.url(""), "1"]);
        command.stdin(Stdio::null()).stdout(out.try_clone().unwrap()).stderr(out);
        (Group::spawn(self.environment(&mut command).envs(more.iter().copied())).unwrap(), log)
    }

    pub(crate) fn merge(&self, more: &[&str]) -> Output {
        self.merge_into(&self.first, more)
    }

    pub(crate) fn merge_into(&self, to: &Edge, more: &[&str]) -> Output {
        let mut command = Command::new("node");
        command.arg(built("merge.mjs"));
        command.args(["--from", &self.standby.url(""), "--to", &to.url("")]).args(more);
        self.environment(&mut command).output().unwrap()
    }

    pub(crate) fn environment<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let ops = &self.standby.keys.ops;
        command.env("KEY_ID", &ops.id).env("SECRET", &ops.secret).env("NO_PROXY", "*").env("no_proxy", "*")
    }

    pub(crate) fn standing(&self) -> Value {
        self.signed("GET", "/v1/standby", None).expect(200).json()
    }

    pub(crate) fn signed(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let text = body.map(Value::to_string).unwrap_or_default();
        self.signed_to(&self.standby, method, path, &text)
    }

    /// Sends a request with this body to one of both, signed by the operator.
    pub(crate) fn signed_to(&self, to: &Edge, method: &str, path: &str, body: &str) -> Answer {
        let ops = &self.standby.keys.ops;
        let mut headers = sign::webhook(ops, &sign::unique_id(), jiff::Timestamp::now(), body.as_bytes());
        let kind = if path.starts_with("/v1/restore") { "application/x-ndjson" } else { "application/json" };
        headers.push(("content-type".to_owned(), kind.to_owned()));
        to.send(method, path, &headers, (method == "POST").then_some(body.as_bytes()))
    }

    /// Sets the first one's page up.
    pub(crate) fn first_page(&self) {
        let address = self.first.url("");
        self.accept(
            &self.first,
            &json!([
                { "type": "page.set", "name": "Trailmark", "url": address },
                { "type": "component.set", "id": "app", "name": "App", "is_group": true },
                { "type": "component.set", "id": "checkins", "name": "Check-ins", "group": "app" },
                { "type": "component.set", "id": "maps", "name": "Maps", "group": "app" },
                { "type": "component.set", "id": "api", "name": "API" },
            ]),
        );
    }

    /// Waits until the standby is at the version of the first one.
    pub(crate) fn is_even(&self) {
        let version = self.first.version();
        eventually("the standby is even", PATIENCE, || {
            (self.standing()["version"] == version && self.standing()["state"] == "following").then_some(())
        });
    }
}

/// A file of the folder that `cargo xtask build` lays out for a standby.
pub(crate) fn built(name: &str) -> PathBuf {
    paths::candor().join("standby").join(name)
}

pub(crate) fn output_of(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What both must show alike: documents that do not state when they were rendered.
pub(crate) const DOCUMENTS: [&str; 7] = [
    "/status.json",
    "/bulletin.json?lang=de",
    "/api/v2/summary.json",
    "/api/v2/incidents.json",
    "/history.atom",
    "/feed.json",
    "/badge.svg",
];
