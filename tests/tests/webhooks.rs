//! The worker accepts signatures of the official Standard Webhooks library.

use candor_tests::{Edge, node, paths, sign};
use serde_json::{Value, json};
use std::io::Write;
use std::process::Stdio;

/// Signs with the library and prints the headers.
const SIGN: &str = r#"
import { Webhook } from "standardwebhooks";
let input = "";
for await (const part of process.stdin) input += part;
const { secret, id, body } = JSON.parse(input);
const now = new Date();
const signature = new Webhook(secret).sign(id, now, body);
console.log(JSON.stringify({
  "webhook-id": id,
  "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
  "webhook-signature": signature,
}));
"#;

fn signed_by_the_library(secret: &str, id: &str, body: &str) -> sign::Headers {
    let mut node = node::command("node")
        .unwrap()
        .args(["--input-type=module", "--eval", SIGN])
        .current_dir(paths::root().join("tests"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is installed: run `cargo xtask test webhooks`");
    let input = json!({"secret": secret, "id": id, "body": body}).to_string();
    node.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "the library is missing: run `cargo xtask test webhooks`, which installs it"
    );
    let headers: Value = serde_json::from_slice(&output.stdout).unwrap();
    let headers = headers.as_object().unwrap().iter();
    headers.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

#[test]
fn signatures_of_the_official_library_are_accepted() {
    let edge = Edge::start();
    let body = json!({"type":"page.set","name":"Wegmarke – überall ✓"}).to_string();
    let mut headers = signed_by_the_library(&edge.keys.ops.secret, "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", &body);
    headers.push(("content-type".to_owned(), "application/json".to_owned()));
    edge.send("POST", "/v1/updates", &headers, Some(body.as_bytes())).expect(201);
    assert_eq!(edge.status()["page"]["name"], "Wegmarke – überall ✓");

    // A copy of the request gets the first answer and changes nothing.
    let again = edge.send("POST", "/v1/updates", &headers, Some(body.as_bytes())).expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(edge.version(), 1);

    let altered = body.replace("Weg", "Um");
    edge.send("POST", "/v1/updates", &headers, Some(altered.as_bytes())).expect(401);
    assert_eq!(edge.version(), 1);
}
