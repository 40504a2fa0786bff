//! The operations that say how the page is doing. `all`: the responses with a problem, which are those of `generate`.

use serde_json::{Map, Value, json};

/// `GET /healthz`.
pub(super) fn health(mut all: Map<String, Value>, answer: &Value) -> Value {
    all.insert(
        "200".to_owned(),
        json!({ "description": "The settings are valid and the storage answers.",
            "content": { "application/json": { "schema": answer } } }),
    );
    json!({ "get": { "summary": "Checks the settings and the storage.", "operationId": "get_healthz", "responses": all } })
}

/// `GET /metrics`. `security`: the two signature schemes.
pub(super) fn metrics(security: &Value, mut all: Map<String, Value>) -> Value {
    all.insert(
        "200".to_owned(),
        json!({ "description": "Measures in Prometheus' text exposition format.",
            "content": { "text/plain": { "schema": { "type": "string" } } } }),
    );
    let mut security = security.clone();
    if let Some(schemes) = security.as_array_mut() {
        schemes.push(json!({ "metricsToken": [] }));
    }
    json!({ "get": {
        "summary": "How the page is doing, for Prometheus. An operator's key may read it, and the token in CANDOR_METRICS_TOKEN.",
        "operationId": "get_metrics",
        "security": security,
        "responses": all,
    } })
}
