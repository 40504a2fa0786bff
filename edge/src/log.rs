//! What the operator finds in the worker's log: one JSON object a line, no secret in it.

use serde_json::{Map, Value};

/// Logs an error.
pub fn error(message: &str, fields: &[(&str, &str)]) {
    let mut line = Map::new();
    line.insert("level".into(), Value::from("error"));
    line.insert("message".into(), Value::from(message));
    for (name, value) in fields {
        line.insert((*name).to_owned(), Value::from(*value));
    }
    worker::console_error!("{}", Value::Object(line));
}
