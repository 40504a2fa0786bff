//! Errors as problem details (RFC 9457). A request that gets one changed nothing, except a 503 because the storage did
//! not answer in time, or failed half-way: its detail says that the outcome is not known.

use candor_shared::rules::{Rejection, RejectionKind};
use candor_shared::text::Id;
use candor_shared::time::Time;
use candor_shared::update::InputError;
use serde::{Deserialize, Serialize};

use crate::document::{Document, SIGNED};

/// An error: `application/problem+json` (RFC 9457).
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Problem {
    /// The kind of problem, for programs: `urn:candor:problem:…`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem, for people.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong with this request, and what to do.
    pub detail: String,
    /// Where in the body the problem is: a JSON Pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The current version of the page, if the request named another one, or another state of it, in `If-Match`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The time at the edge, if the signature was refused: the clocks may differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_time: Option<Time>,
    /// For the log: why a signature was refused, in a word.
    #[serde(skip)]
    pub why: Option<&'static str>,
    /// The header `Retry-After`: the number of seconds after which the request may succeed.
    #[serde(skip)]
    pub retry_after: Option<u32>,
    /// The header `Allow`: the methods that the path accepts.
    #[serde(skip)]
    pub allow: Option<&'static str>,
    /// The header `Accept-Encoding`: the content codings of a body that the path accepts (RFC 9110 section 12.5.3).
    #[serde(skip)]
    pub accept_encoding: Option<&'static str>,
    /// For the page that people get: what is missing.
    #[serde(skip)]
    pub missing: Missing,
    /// For the worker: nobody knows whether the request to write was done.
    #[serde(skip)]
    pub is_in_doubt: bool,
}

/// What is missing, if something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// What this path names.
    #[default]
    Path,
    /// Everything: nothing has been published yet.
    Page,
    /// What a month would show.
    Month,
}

/// What the kind of each problem begins with.
const URN: &str = "urn:candor:problem:";

/// What an id is.
const AN_ID: &str = "An id has 1 to 64 characters of a-z, 0-9 and '-'";

impl Problem {
    fn new(status: u16, slug: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("{URN}{slug}"),
            title,
            status,
            detail: detail.into(),
            pointer: None,
            version: None,
            server_time: None,
            why: None,
            retry_after: None,
            allow: None,
            accept_encoding: None,
            missing: Missing::default(),
            is_in_doubt: false,
        }
    }

    /// 404: nothing exists at this path.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(404, "not-found", "Not found", detail)
    }

    /// 404: nothing exists at this path. Where the path has the place of an id, it says what an id is.
    pub fn nothing_at(path: &str) -> Self {
        let unsigned = path.strip_prefix(SIGNED).unwrap_or(path);
        let names_an_id = ["/incidents/", "/maintenances/", "/postmortems/"]
            .iter()
            .any(|folder| unsigned.starts_with(folder));
        let postmortem =
            unsigned.strip_prefix("/postmortems/").and_then(|id| Id::try_from(id.to_owned()).ok());
        Self::not_found(if unsigned == "/postmortems/template" {
            "Nothing exists at this path. The form of a post-mortem is at /postmortems/template.json and /postmortems/template.md.".to_owned()
        } else if let Some(id) = postmortem {
            format!(
                "Nothing exists at this path. A post-mortem is at /postmortems/{id}.json, and on the page of its incident, /incidents/{id}."
            )
        } else if names_an_id {
            format!(
                "Nothing exists at this path: it ends in what is no id. {AN_ID}; /status.json and /history show what is published."
            )
        } else {
            "Nothing exists at this path. The status page is /, the status is /status.json, the banner is /widget.js; send signed updates to /v1/updates.".to_owned()
        })
    }

    /// 404: this document is not published, or not yet.
    pub fn no_document(document: &Document) -> Self {
        let unknown = |parameter: &str, ids: &dyn std::fmt::Display| {
            let detail = format!(
                "The path exists, but no component or group of the page is named by \"{parameter}\": {ids}. /api/v2/components.json lists them."
            );
            (Missing::Path, detail)
        };
        let (missing, detail) = match document.parts().0 {
            _ if document.is_on_every_page() => (
                Missing::Page,
                "Nothing has been published yet. Send a signed update to /v1/updates, such as page.set."
                    .to_owned(),
            ),
            Document::Notice => (Missing::Path, "No notice is published at the moment.".to_owned()),
            Document::History(..) => (
                Missing::Month,
                "No incident and no maintenance is on record in this month, or the number of the page is too high; /history shows the newest month with entries, once something has been published.".to_owned(),
            ),
            Document::Badge(Some(id)) => unknown("component", id),
            Document::Embed(_, components) | Document::Bulletin(components) if !components.is_all() => {
                unknown("components", components)
            }
            _ => (
                Missing::Path,
                "This document does not exist. Check the id; /api/v2/components.json and /history show what is published.".to_owned(),
            ),
        };
        Self { missing, ..Self::not_found(detail) }
    }

    /// 404: the path of this document exists, but a parameter says something that it cannot be about.
    pub fn no_such_parameter(document: &Document) -> Self {
        const COMPONENTS: &str = "\"components\" takes up to 8 ids of components or groups, separated by commas, such as components=web,api";
        let takes = match document.parts().0 {
            Document::Badge(_) => {
                "\"component\" takes the id of one component, such as component=web".to_owned()
            }
            Document::Embed(..) => format!("\"variant\" is banner, inline or badge; {COMPONENTS}"),
            _ => COMPONENTS.to_owned(),
        };
        Self::not_found(format!(
            "The path exists, but a parameter is wrong, or there twice with two values: {takes}. {AN_ID}."
        ))
    }

    /// 405: the path accepts other methods only.
    pub fn method_not_allowed(method: &str, allow: &'static str) -> Self {
        let detail =
            format!("This path accepts {allow}, not {}.", method.chars().take(20).collect::<String>());
        Self { allow: Some(allow), ..Self::new(405, "method-not-allowed", "Method not allowed", detail) }
    }

    /// 400: a parameter or a header is wrong.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(400, "bad-request", "Bad request", detail)
    }

    /// 403: the role of the key does not permit this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(403, "forbidden", "Forbidden", detail)
    }

    /// 408: nothing more of the body has come for so many milliseconds.
    pub fn stalled(millis: i64) -> Self {
        let detail = format!(
            "The body is not complete, and nothing more of it has come for {} s. Nothing was written. Send it again, with the \
             Content-Length that it has.",
            millis / 1000
        );
        Self::new(408, "body-stalled", "Body stalled", detail)
    }

    /// 409: the worker accepted this request before, or another request under the same `Idempotency-Key`.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(409, "conflict", "Conflict", detail)
    }

    /// 412: `If-Match` names `expected`, but the page is at `version`.
    pub fn precondition_failed(expected: u64, version: u64) -> Self {
        let detail = format!(
            "If-Match names version {expected}, but the page is at version {version}. Read /status.json again, then decide."
        );
        Self {
            version: Some(version),
            ..Self::new(412, "precondition-failed", "Precondition failed", detail)
        }
    }

    /// 412: `If-Match` names the ETag of another state than the present one, which may have the same version.
    pub fn another_state(version: u64, etag: &str) -> Self {
        let detail = format!(
            "If-Match names another state of version {version}: the ETag of /status.json is {etag} now. Read it again, then decide."
        );
        Self {
            version: Some(version),
            ..Self::new(412, "precondition-failed", "Precondition failed", detail)
        }
    }

    /// 413: the body exceeds the limit, in bytes.
    pub fn too_large(limit: usize) -> Self {
        Self::new(
            413,
            "too-large",
            "Body too large",
            format!("A request body may have at most {limit} bytes here. Send it in several requests."),
        )
    }

    /// 422: what is to be restored or confirmed is not an export, or not the export that it was.
    pub fn invalid_export(detail: impl Into<String>) -> Self {
        Self::new(422, "invalid-export", "Invalid export", detail)
    }

    /// 415: `Content-Type` is not `application/json`.
    pub fn unsupported_media_type(got: Option<&str>) -> Self {
        let got =
            got.map_or("none".to_owned(), |got| format!("\"{}\"", got.chars().take(80).collect::<String>()));
        Self::new(
            415,
            "unsupported-media-type",
            "Unsupported media type",
            format!("Content-Type must be application/json; it is {got}. With curl, use --json."),
        )
    }

    /// 415: the body has a content coding, such as gzip (RFC 9110 section 15.5.16).
    pub fn unsupported_coding(detail: impl Into<String>) -> Self {
        let (slug, title) = ("unsupported-coding", "Unsupported content coding");
        Self { accept_encoding: Some("identity"), ..Self::new(415, slug, title, detail) }
    }

    /// 429: this key sent too many updates. `retry_after` is in seconds.
    pub fn too_many(per_minute: u32, retry_after: u32) -> Self {
        let detail = format!(
            "This key sent more than {per_minute} updates in a minute. Send it again after {retry_after} s."
        );
        Self {
            retry_after: Some(retry_after),
            ..Self::new(429, "too-many-updates", "Too many updates", detail)
        }
    }

    /// 429: too many signatures from this address were refused. `retry_after` is in seconds.
    pub fn too_many_failures(retry_after: u32) -> Self {
        let detail = format!(
            "Too many signatures from this address were refused in this minute, and the answers said why. Correct the \
             signature, and send it again after {retry_after} s."
        );
        Self {
            retry_after: Some(retry_after),
            ..Self::new(429, "too-many-failures", "Too many refused signatures", detail)
        }
    }

    /// 503: a setting is missing or wrong, or the storage does not answer. `Retry-After` is 5 seconds.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self { retry_after: Some(5), ..Self::new(503, "unavailable", "Unavailable", detail) }
    }

    /// The same if nobody knows whether the request to write was done.
    #[must_use]
    pub fn in_doubt(self, is_in_doubt: bool) -> Self {
        Self { is_in_doubt, ..self }
    }

    /// Puts `base` in front of the pointer, such as `/2` for the third update of an array.
    #[must_use]
    pub fn within(mut self, base: &str) -> Self {
        if let Some(pointer) = &mut self.pointer {
            pointer.insert_str(0, base);
        }
        self
    }

    /// The kind of the problem with this status that a body is, if it is one.
    pub fn kind_in(body: &[u8], status: u16) -> Option<String> {
        #[derive(Deserialize)]
        struct Read {
            #[serde(rename = "type")]
            kind: String,
            status: u16,
        }
        let read: Read = serde_json::from_slice(body).ok()?;
        (read.status == status && read.kind.starts_with(URN)).then_some(read.kind)
    }

    /// A problem's `type` in a word, such as `conflict`.
    pub fn word(kind: &str) -> &str {
        kind.strip_prefix(URN).unwrap_or(kind)
    }

    /// 401: the signature is missing or wrong. `why`: in a word, for the log.
    pub fn unauthorized(detail: impl Into<String>, why: &'static str, now: Time) -> Self {
        Self {
            server_time: Some(now),
            why: Some(why),
            ..Self::new(401, "signature", "Signature refused", detail)
        }
    }
}

impl From<InputError> for Problem {
    fn from(error: InputError) -> Self {
        match error {
            InputError::NotJson { .. } => {
                Self::new(400, "not-json", "Not JSON", format!("The body is {error}."))
            }
            InputError::Invalid { pointer, detail } => {
                Self { pointer: Some(pointer), ..Self::new(422, "invalid", "Invalid update", detail) }
            }
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let (status, slug, title) = match rejection.kind {
            RejectionKind::Forbidden => (403, "forbidden", "Forbidden"),
            RejectionKind::NotFound => (404, "not-found", "Not found"),
            RejectionKind::Conflict => (409, "conflict", "Conflict"),
            RejectionKind::Invalid => (422, "invalid", "Invalid update"),
        };
        Self { pointer: Some(rejection.pointer), ..Self::new(status, slug, title, rejection.detail) }
    }
}
