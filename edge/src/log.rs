//! The worker's own log: one JSON object per line, never with a secret.

use serde_json::{Map, Value};

/// Logs an error: a fixed message, and fields with the details.
pub fn error(message: &str, fields: &[(&str, &str)]) {
    let mut line = Map::new();
    line.insert("level".into(), Value::from("error"));
    line.insert("message".into(), Value::from(message));
    for (name, value) in fields {
        line.insert((*name).to_owned(), Value::from(*value));
    }
    write(&Value::Object(line));
}

#[cfg(target_arch = "wasm32")]
fn write(line: &Value) {
    worker::console_error!("{line}");
}

/// Tests run outside the runtime.
#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::print_stderr, reason = "the log of a test")]
fn write(line: &Value) {
    eprintln!("{line}");
}
