//! Makes `edge/openapi.json`.

use candor_shared::limits;
use candor_shared::published::statuspage::{
    StatuspageComponents, StatuspageIncidents, StatuspageMaintenances, StatuspageStatusDocument,
    StatuspageSummary,
};
use candor_shared::published::{NoticeDocument, PostmortemDocument, StatusDocument};
use candor_shared::record::MetricsDocument;
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::description::OPENAPI;
use super::schemas::{Schemas, plain};
use crate::http::Problem;
use crate::object::AnswerBody;
use crate::object::LogPage;

const JSON: &str = "application/json";
const HTML: &str = "text/html";
const ID: &str = "^[a-z0-9-]{1,64}$";
const MONTH: &str = "^(19[7-9][0-9]|[2-8][0-9]{3})-(0[1-9]|1[0-2])$";

/// What stands in the path.
fn in_path(name: &str, pattern: &str, example: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "example": example,
        "schema": { "type": "string", "pattern": pattern } })
}

fn in_query(name: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "schema": schema })
}

fn in_header(name: &str, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "header", "description": description, "schema": schema })
}

fn problem(description: &str) -> Value {
    json!({ "description": description,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } })
}

fn responses(problems: &[u16]) -> Map<String, Value> {
    problems
        .iter()
        .map(|status| {
            (
                status.to_string(),
                problem(match status {
                    400 => "A parameter or a header is wrong, or the body is not JSON.",
                    401 => "The signature is missing, wrong, too old or of no known key.",
                    403 => "This key may not do this.",
                    404 => "There is no such thing.",
                    405 => "The path knows other methods: the header Allow.",
                    409 => "It was accepted before, or it does not fit what is there.",
                    412 => "The page has another version by now.",
                    413 => "The body is over the limit.",
                    415 => "The body is not said to be JSON.",
                    422 => "The body is JSON, but no update that is allowed: `pointer` says where.",
                    429 => "This key writes too fast: the header Retry-After.",
                    _ => "A setting is missing or wrong, or the storage does not answer: try again.",
                }),
            )
        })
        .collect()
}

/// A document that anybody may read.
struct Get {
    path: &'static str,
    summary: &'static str,
    media_type: &'static str,
    schema: Value,
    parameters: Vec<Value>,
    /// Whether it may be missing.
    missing: bool,
    /// Whether it is part of the program: no entity tag, never a storage that fails.
    fixed: bool,
}

impl Get {
    fn new(path: &'static str, summary: &'static str, media_type: &'static str, schema: Value) -> Self {
        Self { path, summary, media_type, schema, parameters: Vec::new(), missing: false, fixed: false }
    }

    fn with(mut self, parameter: Value) -> Self {
        self.parameters.push(parameter);
        self
    }

    fn may_be_missing(self) -> Self {
        Self { missing: true, ..self }
    }

    fn fixed(self) -> Self {
        Self { fixed: true, ..self }
    }

    fn item(self) -> (String, Value) {
        let mut all = responses(if self.fixed { &[405] } else { &[405, 503] });
        if self.missing {
            all.extend(responses(&[404]));
        }
        let mut found =
            json!({ "description": self.summary, "content": { self.media_type: { "schema": self.schema } } });
        let mut parameters = self.parameters;
        if !self.fixed {
            found["headers"] = json!({
                "ETag": { "description": "Names the bytes.", "schema": { "type": "string" } },
                "Candor-Unconfirmed-Since": {
                    "description": "Only on a last-known-good copy: since when nobody could confirm that it is current.",
                    "schema": { "type": "string", "format": "date-time" }
                },
            });
            all.insert("304".to_owned(), json!({ "description": "It is what `If-None-Match` names." }));
            let tag = "The ETag of the copy that the reader has.";
            parameters.push(in_header("If-None-Match", tag, &json!({ "type": "string" })));
        }
        all.insert("200".to_owned(), found);
        let operation = json!({ "summary": self.summary, "operationId": name_of("get", self.path),
            "parameters": parameters, "responses": all });
        (self.path.to_owned(), json!({ "get": operation }))
    }
}

/// `get_api_v2_summary_json`
fn name_of(method: &str, path: &str) -> String {
    let path = path.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    format!("{method}_{}", path.trim_matches('_'))
}

fn documents(schemas: &mut Schemas) -> Vec<Get> {
    fn api<T: JsonSchema>(schemas: &mut Schemas, path: &'static str, summary: &'static str) -> Get {
        Get::new(path, summary, JSON, schemas.answer::<T>())
    }
    let page = || json!({ "type": "string" });
    let id = |what| in_path("id", ID, what);
    vec![
        api::<StatusDocument>(schemas, "/status.json", "What is wrong now, in one small document.")
            .may_be_missing(),
        api::<MetricsDocument>(
            schemas,
            "/metrics.json",
            "How long things took, which promises were kept, uptime by day.",
        )
        .may_be_missing(),
        api::<NoticeDocument>(schemas, "/notice.json", "The notice with its long form.").may_be_missing(),
        api::<PostmortemDocument>(schemas, "/postmortems/{id}.json", "A post-mortem and how it is graded.")
            .with(id("checkins-down"))
            .may_be_missing(),
        Get::new(
            "/postmortems/template.json",
            "An empty post-mortem to fill in.",
            JSON,
            json!({ "type": "object" }),
        )
        .fixed(),
        Get::new(
            "/postmortems/template.md",
            "The same questions for a text editor.",
            "text/markdown",
            page(),
        )
        .fixed(),
        api::<StatuspageSummary>(schemas, "/api/v2/summary.json", "What is open, and how everything is."),
        api::<StatuspageStatusDocument>(schemas, "/api/v2/status.json", "The page's state."),
        api::<StatuspageComponents>(schemas, "/api/v2/components.json", "The components."),
        api::<StatuspageIncidents>(schemas, "/api/v2/incidents.json", "The newest incidents."),
        api::<StatuspageIncidents>(
            schemas,
            "/api/v2/incidents/unresolved.json",
            "The incidents that are not resolved.",
        ),
        api::<StatuspageMaintenances>(
            schemas,
            "/api/v2/scheduled-maintenances.json",
            "The newest maintenances.",
        ),
        api::<StatuspageMaintenances>(
            schemas,
            "/api/v2/scheduled-maintenances/upcoming.json",
            "Those that have not begun.",
        ),
        api::<StatuspageMaintenances>(
            schemas,
            "/api/v2/scheduled-maintenances/active.json",
            "Those that go on.",
        ),
        Get::new("/history.atom", "Every text, as an Atom feed (RFC 4287).", "application/atom+xml", page()),
        Get::new("/history.rss", "Every text, as an RSS feed.", "application/rss+xml", page()),
        Get::new(
            "/feed.json",
            "Every text, as a JSON Feed (1.1).",
            "application/feed+json",
            json!({ "type": "object", "required": ["version", "title", "items"] }),
        ),
        Get::new("/badge.svg", "The state in a badge.", "image/svg+xml", page())
            .with(in_query("component", &json!({ "type": "string", "pattern": ID })))
            .may_be_missing(),
        Get::new("/", "The status page.", HTML, page()),
        Get::new("/history", "What happened in the newest month.", HTML, page()),
        Get::new("/history/{month}", "What happened in a month.", HTML, page())
            .with(in_path("month", MONTH, "2010-10"))
            .may_be_missing(),
        Get::new("/history/{month}/{page}", "A further page of a month.", HTML, page())
            .with(in_path("month", MONTH, "2010-10"))
            .with(in_path("page", "^[1-9][0-9]{0,3}$", "2"))
            .may_be_missing(),
        Get::new("/incidents/{id}", "An incident.", HTML, page()).with(id("checkins-down")).may_be_missing(),
        Get::new("/maintenances/{id}", "A maintenance.", HTML, page()).with(id("disks")).may_be_missing(),
        Get::new("/embed", "A small page for frames and webviews.", HTML, page())
            .with(in_query("variant", &json!({ "enum": ["banner", "inline", "badge"], "default": "banner" })))
            .may_be_missing(),
        Get::new("/openapi.json", "This description.", JSON, json!({ "type": "object" })).fixed(),
    ]
}

/// Signed requests: Standard Webhooks or AWS Signature Version 4.
fn security() -> Value {
    json!([{ "webhookId": [], "webhookTimestamp": [], "webhookSignature": [] }, { "sigv4": [] }])
}

fn write(answer: &Value) -> Value {
    let mut all = responses(&[400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 503]);
    let accepted =
        |description: &str| json!({ "description": description, "content": { JSON: { "schema": answer } } });
    all.insert("200".to_owned(), accepted("A dry run: nothing was stored."));
    all.insert("201".to_owned(), accepted("Everything was applied and is stored."));
    json!({ "post": {
        "summary": "Applies one update, or an array of them, together or not at all.",
        "operationId": "post_updates",
        "security": security(),
        "parameters": [
            in_query("dry_run", &json!({ "enum": ["true", "false"], "default": "false" })),
            in_header("If-Match", "The version that the page has to have, in quotes, or the ETag of status.json.",
                &json!({ "type": "string", "pattern": "^\"[0-9]{1,15}(-[0-9a-f]+)?\"$" })),
            in_header("Idempotency-Key", "Makes it safe to send this again for a day. With Standard Webhooks, `webhook-id` does.",
                &json!({ "type": "string", "pattern": "^[!-~]{1,128}$" })),
        ],
        "requestBody": { "required": true, "content": { JSON: { "schema": { "oneOf": [
            { "$ref": "#/components/schemas/Update" },
            { "type": "array", "minItems": 1, "maxItems": limits::UPDATES_PER_REQUEST,
              "items": { "$ref": "#/components/schemas/Update" } },
        ] } } } },
        "responses": all,
    } })
}

fn log(answer: &Value) -> Value {
    let mut all = responses(&[400, 401, 403, 405, 503]);
    all.insert("200".to_owned(), json!({ "description": "Who changed what, newest first.", "content": { JSON: { "schema": answer } } }));
    json!({ "get": {
        "summary": "The audit log, in pages. Only an operator's key may read it.",
        "operationId": "get_log",
        "security": security(),
        "parameters": [
            in_query("before", &json!({ "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64 })),
            in_query("limit", &json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 50 })),
        ],
        "responses": all,
    } })
}

fn health() -> Value {
    let mut all = responses(&[405, 503]);
    all.insert(
        "200".to_owned(),
        json!({ "description": "Settings and storage are in order.", "content": { JSON: { "schema": {
        "type": "object", "required": ["status", "version"],
        "properties": { "status": { "const": "ok" }, "version": { "type": "integer", "minimum": 0 } }
    } } } }),
    );
    json!({ "get": { "summary": "Whether reads and writes would work.", "operationId": "get_healthz", "responses": all } })
}

fn generate() -> Value {
    let mut schemas = Schemas::new();
    let mut paths: Map<String, Value> = documents(&mut schemas).into_iter().map(Get::item).collect();
    schemas.answer::<Problem>();
    paths.insert("/v1/updates".to_owned(), write(&schemas.answer::<AnswerBody<'_>>()));
    paths.insert("/v1/log".to_owned(), log(&schemas.answer::<LogPage>()));
    paths.insert("/healthz".to_owned(), health());
    let updates = schemas.update_kinds();
    let (mut schemas, updates) = schemas.finish(updates);
    schemas.insert("Update".to_owned(), json!({ "description": "One update.", "oneOf": updates }));
    let header = |name: &str, description: &str| json!({ "type": "apiKey", "in": "header", "name": name, "description": description });
    let mut all = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Candor",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A status page that takes signed updates. Within a schema, fields are only ever added to what is answered: pass over what you do not know.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "webhookId": header("webhook-id", "Standard Webhooks: names the message."),
                "webhookTimestamp": header("webhook-timestamp", "Standard Webhooks: seconds since 1970."),
                "webhookSignature": header("webhook-signature", "Standard Webhooks: `v1,` and HMAC-SHA256, or `v1a,` and Ed25519, of id, timestamp and body."),
                "sigv4": header("authorization", "AWS Signature Version 4, as curl writes it with --aws-sigv4 candor:candor."),
            },
        },
    });
    plain(&mut all);
    all
}

/// `UPDATE_SNAPSHOTS=1` writes the file.
#[test]
fn the_description_is_what_the_types_say() {
    let text = serde_json::to_string_pretty(&generate()).unwrap() + "\n";
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"), &text).unwrap();
        return;
    }
    assert!(text == OPENAPI, "run `UPDATE_SNAPSHOTS=1 cargo test -p candor-edge openapi`");
}
