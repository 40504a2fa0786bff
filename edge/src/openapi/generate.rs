//! Generates `edge/openapi.json` from the types, and tests that the file matches them.

use candor_shared::bulletin::Bulletin;
use candor_shared::limits;
use candor_shared::panel::Panel;
use candor_shared::published::statuspage::{
    StatuspageComponents, StatuspageIncidents, StatuspageMaintenances, StatuspageStatusDocument,
    StatuspageSummary,
};
use candor_shared::published::{NoticeDocument, PostmortemDocument, StatusDocument};
use candor_shared::record::MetricsDocument;
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::get::{Get, events, in_header, in_languages, in_path, in_query, responses};
use super::schemas::{Schemas, plain};
use super::{backup, health};
use crate::http::Problem;
use crate::object::{AnswerBody, Health, LogPage, StandbyDocument, StandbyOrder};
use crate::render::DiscoveryDocument;
use crate::storage::{Confirmed, Progress};

/// The description as it is. The build copies it to the static files.
const OPENAPI: &str = include_str!("../../openapi.json");
const JSON: &str = "application/json";
const HTML: &str = "text/html";
const ID: &str = "^[a-z0-9-]{1,64}$";
const MONTH: &str = "^(19[7-9][0-9]|[2-8][0-9]{3})-(0[1-9]|1[0-2])$";

/// The public documents, in the order of the description.
fn documents(schemas: &mut Schemas) -> Vec<Get> {
    fn api<T: JsonSchema>(schemas: &mut Schemas, path: &'static str, summary: &'static str) -> Get {
        Get::new(path, summary, JSON, schemas.response::<T>())
    }
    let page = || json!({ "type": "string" });
    let id = |what| in_path("id", ID, what);
    vec![
        api::<StatusDocument>(schemas, "/status.json", "The current status, in one small document."),
        api::<Bulletin>(
            schemas,
            "/bulletin.json",
            "What is to be said to a visitor now, in the language of `lang`, or else of Accept-Language.",
        )
        .with(components())
        .in_languages(),
        api::<Panel>(
            schemas,
            "/panel.json",
            "Everything that a visitor may want to know, in the language of `lang`, or else of Accept-Language.",
        )
        .in_languages(),
        api::<MetricsDocument>(
            schemas,
            "/metrics.json",
            "Times to detect and to resolve, promises kept, uptime by day.",
        ),
        api::<NoticeDocument>(schemas, "/notice.json", "The notice with its details."),
        api::<PostmortemDocument>(schemas, "/postmortems/{id}.json", "A post-mortem and its grades.")
            .with(id("checkins-down")),
        Get::new(
            "/postmortems/template.json",
            "An empty post-mortem to fill in.",
            JSON,
            json!({ "type": "object" }),
        )
        .fixed(),
        Get::new(
            "/postmortems/template.md",
            "An empty post-mortem to fill in, in Markdown.",
            "text/markdown",
            page(),
        )
        .fixed(),
        api::<StatuspageSummary>(
            schemas,
            "/api/v2/summary.json",
            "The indicator, the components, the open incidents and maintenances.",
        ),
        api::<StatuspageStatusDocument>(schemas, "/api/v2/status.json", "The indicator of the page."),
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
            "The maintenances that have not begun.",
        ),
        api::<StatuspageMaintenances>(
            schemas,
            "/api/v2/scheduled-maintenances/active.json",
            "The maintenances that are in progress.",
        ),
        Get::new(
            "/history.atom",
            "The newest texts and post-mortems, as an Atom feed (RFC 4287).",
            "application/atom+xml",
            page(),
        )
        .in_languages(),
        Get::new(
            "/history.rss",
            "The newest texts and post-mortems, as an RSS 2.0 feed.",
            "application/rss+xml",
            page(),
        )
        .in_languages(),
        Get::new(
            "/feed.json",
            "The newest texts and post-mortems, as a JSON Feed (1.1).",
            "application/feed+json",
            json!({ "type": "object", "required": ["version", "title", "items"] }),
        )
        .in_languages(),
        Get::new(
            "/badge.svg",
            "The status of the page or of a component as a badge.",
            "image/svg+xml",
            page(),
        )
        .with(in_query("component", &json!({ "type": "string", "pattern": ID }))),
        Get::new("/", "The status page.", HTML, page()).in_languages(),
        Get::new("/history", "The history of the newest month with entries.", HTML, page()).in_languages(),
        Get::new("/history/{month}", "The history of a month.", HTML, page())
            .with(in_path("month", MONTH, "2010-10"))
            .in_languages(),
        Get::new("/history/{month}/{page}", "A further page of the history of a month.", HTML, page())
            .with(in_path("month", MONTH, "2010-10"))
            .with(in_path("page", "^[1-9][0-9]{0,3}$", "2"))
            .in_languages()
            .moved("The first page of a month has no number."),
        Get::new("/incidents/{id}", "The page of an incident.", HTML, page())
            .with(id("checkins-down"))
            .in_languages(),
        Get::new("/maintenances/{id}", "The page of a maintenance.", HTML, page())
            .with(id("disks"))
            .in_languages(),
        Get::new("/embed", "A small page for frames and webviews.", HTML, page())
            .with(in_query("variant", &json!({ "enum": ["banner", "inline", "badge"], "default": "banner" })))
            .with(components())
            .in_languages(),
        api::<DiscoveryDocument>(
            schemas,
            "/.well-known/candor.json",
            "The keys that sign documents (a JWK Set, RFC 7517), and where signed documents are.",
        ),
        Get::new(
            "/signed/{name}",
            "A document as a JWS (RFC 7515) in its compact form, EdDSA with Ed25519. Every other document has one as well, at its path after /signed.",
            "application/jose",
            json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$" }),
        )
        .with(in_path(
            "name",
            r"^(status|metrics|notice|bulletin|panel|feed)\.json$|^history\.(atom|rss)$",
            "status.json",
        ))
        .in_languages(),
        Get::new("/openapi.json", "This description.", JSON, json!({ "type": "object" })).fixed(),
    ]
}

/// The parameter `components` of what can be about some of them.
fn components() -> Value {
    let pattern = format!("^({0}(,{0}){{0,7}})?$", ID.trim_start_matches('^').trim_end_matches('$'));
    let mut parameter = in_query("components", &json!({ "type": "string", "pattern": pattern }));
    parameter["description"] =
        "Ids of up to 8 components or groups, separated by commas or spaces: it is about these only.".into();
    parameter
}

/// The two signature schemes: Standard Webhooks, or AWS Signature Version 4.
fn security() -> Value {
    json!([{ "webhookId": [], "webhookTimestamp": [], "webhookSignature": [] }, { "sigv4": [] }])
}

/// `POST /v1/updates`.
fn write(answer: &Value) -> Value {
    let mut all = responses(&[400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 422, 429, 503]);
    let accepted =
        |description: &str| json!({ "description": description, "content": { JSON: { "schema": answer } } });
    all.insert("200".to_owned(), accepted("Nothing was stored: a dry run, or updates that change nothing."));
    all.insert("201".to_owned(), accepted("All updates were applied and are stored."));
    json!({ "post": {
        "summary": "Applies one update, or all updates of an array or none.",
        "operationId": "post_updates",
        "security": security(),
        "parameters": [
            in_query("dry_run", &json!({ "enum": ["true", "false"], "default": "false" })),
            in_header("If-Match", "The version that the page must have, in quotes, or the ETag of status.json.",
                &json!({ "type": "string", "pattern": "^\"[0-9]{1,15}(-[0-9a-f]+)?\"$" })),
            in_header("Idempotency-Key", "Makes it safe to repeat the request for a day: it is applied only once. With Standard Webhooks, `webhook-id` has this role.",
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

/// `GET /v1/log`.
fn log(answer: &Value) -> Value {
    let mut all = responses(&[400, 401, 403, 405, 429, 503]);
    all.insert("200".to_owned(), json!({ "description": "Which key changed what, newest first.", "content": { JSON: { "schema": answer } } }));
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

/// The whole description.
fn generate() -> Value {
    let mut schemas = Schemas::new();
    let mut paths: Map<String, Value> = documents(&mut schemas).into_iter().map(Get::item).collect();
    schemas.response::<Problem>();
    paths.insert("/v1/updates".to_owned(), write(&schemas.response::<AnswerBody<'_>>()));
    paths.insert("/v1/log".to_owned(), log(&schemas.response::<LogPage>()));
    let refused = responses(&[400, 401, 403, 404, 405, 409, 429, 503]);
    let confirm = responses(&[401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 503]);
    let confirm = backup::confirm(&security(), confirm, &schemas.response::<Confirmed>());
    paths.insert("/v1/export".to_owned(), backup::export(&security(), refused, &confirm));
    let (refused, progress) =
        (responses(&[400, 401, 403, 405, 408, 409, 413, 415, 422, 429, 503]), schemas.response::<Progress>());
    paths.insert("/v1/restore".to_owned(), backup::restore(&security(), refused, &progress));
    let refused = (
        responses(&[400, 401, 403, 404, 405, 409, 429, 503]),
        responses(&[400, 401, 403, 404, 405, 408, 409, 413, 415, 429, 503]),
    );
    let (standing, order) = (schemas.response::<StandbyDocument>(), schemas.request::<StandbyOrder>());
    paths.insert("/v1/standby".to_owned(), backup::standby(&security(), refused, &standing, &order));
    let health = schemas.response::<Health>();
    paths.insert("/healthz".to_owned(), health::health(responses(&[405, 503]), &health));
    let refused = responses(&[401, 403, 405, 429, 503]);
    paths.insert("/metrics".to_owned(), health::metrics(&security(), refused));
    let (path, item) = events(vec![components(), in_languages()]);
    paths.insert(path, item);
    let updates = schemas.update_kinds();
    let (mut schemas, updates) = schemas.finish(updates);
    schemas.insert("Update".to_owned(), json!({ "description": "One update.", "oneOf": updates }));
    let header = |name: &str, description: &str| json!({ "type": "apiKey", "in": "header", "name": name, "description": description });
    let mut all = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Candor",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A status page that accepts signed updates. Later versions may add fields to responses: ignore those that you do not know.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "webhookId": header("webhook-id", "Standard Webhooks: the id of the message."),
                "webhookTimestamp": header("webhook-timestamp", "Standard Webhooks: seconds since 1970."),
                "webhookSignature": header("webhook-signature", "Standard Webhooks: `v1,` and HMAC-SHA256, or `v1a,` and Ed25519, of id, timestamp and body."),
                "metricsToken": { "type": "http", "scheme": "bearer", "description": "The token in the setting CANDOR_METRICS_TOKEN." },
                "sigv4": header("authorization", "AWS Signature Version 4, as curl writes it with --aws-sigv4 candor:candor."),
            },
        },
    });
    plain(&mut all);
    all
}

/// With `UPDATE_SNAPSHOTS=1`, writes the file instead of comparing it.
#[test]
fn the_description_matches_the_types() {
    let text = serde_json::to_string_pretty(&generate()).unwrap() + "\n";
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"), &text).unwrap();
        return;
    }
    assert!(text == OPENAPI, "run `UPDATE_SNAPSHOTS=1 cargo test -p candor-edge openapi`");
}
