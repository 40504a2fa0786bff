//! The operations that export and restore the page, and those of a standby. `security` and `all`, the responses with a problem, are those of `generate`.

use serde_json::{Map, Value, json};

const LINES: &str = "application/x-ndjson";

/// `GET /v1/export`.
pub(super) fn export(security: &Value, mut all: Map<String, Value>, confirm: &Value) -> Value {
    all.insert(
        "200".to_owned(),
        json!({
            "description": "Lines of JSON. The first one of all parts is the manifest, the last one the end marker.",
            "headers": { "Link": {
                "description": "The address of the next part, with `rel=\"next\"`; absent on the last one.",
                "schema": { "type": "string" } } },
            "content": { LINES: { "schema": { "type": "string" } } },
        }),
    );
    let cursor = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "string", "pattern": "^[A-Za-z0-9_-]{1,4000}$" } });
    let parameters = ["after", "since"].map(cursor);
    json!({ "get": {
        "summary": "The whole page, to back it up: a part of about 1 MiB. Only an operator's key may read it.",
        "operationId": "get_export",
        "security": security,
        "parameters": parameters,
        "responses": all,
    }, "post": confirm })
}

/// `POST /v1/export`.
pub(super) fn confirm(security: &Value, mut all: Map<String, Value>, answer: &Value) -> Value {
    all.insert(
        "200".to_owned(),
        json!({ "description": "The newest export that is stored safely.", "content": { "application/json": { "schema": answer } } }),
    );
    let end = json!({ "type": "object", "required": ["end"], "additionalProperties": false, "properties": { "end": {
        "type": "object", "required": ["version", "lines", "sha256"], "additionalProperties": false, "properties": {
            "version": { "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64 },
            "lines": { "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64 },
            "sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
            "signature": { "type": "string" },
        } } } });
    json!({
        "summary": "Says that an export is stored safely: the one that ended with this line. Only an operator's key may say so.",
        "operationId": "post_export",
        "security": security,
        "requestBody": { "required": true, "content": { "application/json": { "schema": end } } },
        "responses": all,
    })
}

/// `POST /v1/restore`.
pub(super) fn restore(security: &Value, mut all: Map<String, Value>, answer: &Value) -> Value {
    all.insert(
        "200".to_owned(),
        json!({ "description": "The complete lines of the part were read.", "content": { "application/json": { "schema": answer } } }),
    );
    json!({ "post": {
        "summary": "Restores a part of an export into an empty deployment. Only an operator's key may send it.",
        "operationId": "post_restore",
        "security": security,
        "parameters": [{ "name": "from", "in": "query",
            "schema": { "type": "integer", "minimum": 0, "maximum": 999_999_999_999_999_u64, "default": 0 } }],
        "requestBody": { "required": true, "content": { LINES: { "schema": { "type": "string", "minLength": 1 } } } },
        "responses": all,
    } })
}

/// `GET` and `POST /v1/standby`.
pub(super) fn standby(
    security: &Value,
    (mut asked, mut ordered): (Map<String, Value>, Map<String, Value>),
    answer: &Value,
    order: &Value,
) -> Value {
    let well = json!({ "description": "Where the standby stands.", "content": { "application/json": { "schema": answer } } });
    asked.insert("200".to_owned(), well.clone());
    ordered.insert("200".to_owned(), well);
    json!({
        "get": {
            "summary": "Where a standby stands, and what it asks the page for that it follows. Only an operator's key may read it.",
            "operationId": "get_standby",
            "security": security,
            "responses": asked,
        },
        "post": {
            "summary": "Tells a standby to take the place of the page that it follows, or to follow anew. Only an operator's key may send it.",
            "operationId": "post_standby",
            "security": security,
            "requestBody": { "required": true, "content": { "application/json": { "schema": order } } },
            "responses": ordered,
        },
    })
}
