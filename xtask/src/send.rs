//! Posts signed updates through `send.mjs`.

use crate::keys::Key;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use xtask::{node, paths};

pub(crate) struct Sender {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    url: String,
    key: Key,
}

impl Sender {
    /// Starts Node. Updates go to the worker at `url` and are signed with `key`.
    pub(crate) fn new(url: &str, key: Key) -> Result<Self> {
        let mut child = node::command("node")?
            .arg(paths::root().join("xtask/src/send.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot run node")?;
        let requests = child.stdin.take().context("node has no input")?;
        let answers = BufReader::new(child.stdout.take().context("node has no output")?);
        Ok(Self { child, requests, answers, url: format!("{}/v1/updates", url.trim_end_matches('/')), key })
    }

    /// Posts one update or a batch and returns the answer. `id` identifies the request: the worker applies the same
    /// content under the same id only once.
    pub(crate) fn post(&mut self, id: &str, update: &Value) -> Result<Value> {
        let request =
            json!({ "url": self.url, "secret": self.key.secret, "id": id, "body": update.to_string() });
        writeln!(self.requests, "{request}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let answer: Value = serde_json::from_str(&line).context("no answer from node")?;
        let status = answer.get("status").and_then(Value::as_u64).unwrap_or_default();
        let body = answer.get("body").and_then(Value::as_str).unwrap_or_default();
        match status {
            // 200: the page already said all of it, so there is no new version.
            200 | 201 => Ok(serde_json::from_str(body)?),
            0 => bail!("could not reach {}: {body}", self.url),
            _ => {
                let problem: Value = serde_json::from_str(body).unwrap_or_default();
                let detail = problem.get("detail").and_then(Value::as_str).unwrap_or(body);
                bail!("the worker refused {id} with {status} (key {}): {detail}", self.key.id)
            }
        }
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
