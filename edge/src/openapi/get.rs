//! The parts of a description: parameters, responses, and documents that anybody may read.

use candor_shared::words::Words;
use serde_json::{Map, Value, json};

/// A parameter in the path.
pub(super) fn in_path(name: &str, pattern: &str, example: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "example": example,
        "schema": { "type": "string", "pattern": pattern } })
}

/// A parameter in the query.
pub(super) fn in_query(name: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "schema": schema })
}

/// A parameter in a header.
pub(super) fn in_header(name: &str, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "header", "description": description, "schema": schema })
}

/// A response with a problem.
fn problem(description: &str) -> Value {
    json!({ "description": description,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } })
}

/// The responses with a problem, by HTTP status.
pub(super) fn responses(problems: &[u16]) -> Map<String, Value> {
    problems
        .iter()
        .map(|status| {
            (
                status.to_string(),
                problem(match status {
                    400 => "A parameter or a header is wrong, or the body is not JSON.",
                    401 => {
                        "The signature is missing, wrong or too old, or the key is unknown or has expired."
                    }
                    403 => "The role of the key does not permit this.",
                    404 => "What the request names does not exist.",
                    405 => "The path accepts other methods: see the header Allow.",
                    408 => "The body is not complete, and nothing more of it came.",
                    409 => "The request was accepted before, or it conflicts with the state of the page.",
                    412 => "The page is not at the version that If-Match names, or at another state of it.",
                    413 => "The body exceeds the size limit.",
                    415 => "The body is compressed or has another content coding, or Content-Type of an update is not application/json.",
                    422 => "The body is JSON but not a valid update: `pointer` says where. Or it is no export.",
                    429 => {
                        "The key sent too many updates, or too many signatures from this address were refused: see the header Retry-After."
                    }
                    _ => "A setting is missing or wrong, or the storage does not answer: try again later.",
                }),
            )
        })
        .collect()
}

/// The parameter `lang` of what is there in each language. The schema allows any text, because none is refused.
pub(super) fn in_languages() -> Value {
    let tags: Vec<&str> = Words::languages().map(|(tag, _)| tag).collect();
    let description = format!(
        "A language range such as de-CH (RFC 4647). Of one that is not offered, and without it, the page's own language or that of Accept-Language. Offered are {}.",
        tags.join(", ")
    );
    let mut parameter = in_query("lang", &json!({ "examples": ["de", "pt-BR", "zh-Hant"] }));
    parameter["description"] = description.into();
    parameter
}

/// `GET /events`.
pub(super) fn events(mut parameters: Vec<Value>) -> (String, Value) {
    parameters.push(in_header(
        "Last-Event-ID",
        "The id of the last event that the client has read: if there is nothing newer, the bulletin is not sent again.",
        &json!({ "type": "string" }),
    ));
    let mut all = responses(&[404, 405, 503]);
    let description = "Server-sent events (WHATWG HTML): `bulletin`, whose data is bulletin.json, at the beginning and after each change; and `confirmed`, whose data is the time at which that was last confirmed, every few seconds. A stream ends after a few minutes: come again.";
    let stream = json!({ "text/event-stream": { "schema": { "type": "string" } } });
    all.insert("200".to_owned(), json!({ "description": description, "content": stream }));
    let operation = json!({ "summary": "The bulletin as a stream: what changes is heard at once.",
        "operationId": "get_events", "parameters": parameters, "responses": all });
    ("/events".to_owned(), json!({ "get": operation }))
}

/// A document that anybody may read.
pub(super) struct Get {
    path: &'static str,
    summary: &'static str,
    media_type: &'static str,
    schema: Value,
    parameters: Vec<Value>,
    /// Whether the document is part of the program: it always exists, and is never unconfirmed.
    fixed: bool,
    /// When it leads to another address, if it does.
    moved: Option<&'static str>,
}

impl Get {
    pub fn new(path: &'static str, summary: &'static str, media_type: &'static str, schema: Value) -> Self {
        Self { path, summary, media_type, schema, parameters: Vec::new(), fixed: false, moved: None }
    }

    pub fn with(mut self, parameter: Value) -> Self {
        self.parameters.push(parameter);
        self
    }

    pub fn in_languages(self) -> Self {
        self.with(in_languages())
    }

    pub fn fixed(self) -> Self {
        Self { fixed: true, ..self }
    }

    pub fn moved(self, when: &'static str) -> Self {
        Self { moved: Some(when), ..self }
    }

    pub fn item(self) -> (String, Value) {
        let mut all = responses(&[405, 503]);
        if let Some(when) = self.moved {
            all.insert("308".to_owned(), json!({ "description": when }));
        }
        // Before the first update there is only the status page.
        if !self.fixed && self.path != "/" {
            all.extend(responses(&[404]));
        }
        let mut found =
            json!({ "description": self.summary, "content": { self.media_type: { "schema": self.schema } } });
        let mut parameters = self.parameters;
        let etag = json!({ "description": "The entity tag of the body.", "schema": { "type": "string" } });
        found["headers"] = json!({ "ETag": etag });
        if !self.fixed {
            found["headers"]["Candor-Unconfirmed-Since"] = json!({
                "description": "Only on a last-known-good copy: when it was last confirmed to be current.",
                "schema": { "type": "string", "format": "date-time" }
            });
        }
        all.insert(
            "304".to_owned(),
            json!({ "description": "The document has the ETag that `If-None-Match` names." }),
        );
        let tag = "The ETag of the copy that the client has.";
        parameters.push(in_header("If-None-Match", tag, &json!({ "type": "string" })));
        all.insert("200".to_owned(), found);
        let operation = json!({ "summary": self.summary, "operationId": name_of("get", self.path),
            "parameters": parameters, "responses": all });
        (self.path.to_owned(), json!({ "get": operation }))
    }
}

/// The operation's id, such as `get_api_v2_summary_json`.
fn name_of(method: &str, path: &str) -> String {
    let path = path.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    format!("{method}_{}", path.trim_matches('_'))
}
