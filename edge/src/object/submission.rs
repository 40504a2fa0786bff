//! What the worker sends to the page's Durable Object after it has verified a request to write.

use std::collections::BTreeSet;

use candor_shared::rules::Role;
use candor_shared::text::Id;
use candor_shared::time::Time;
use serde::{Deserialize, Serialize};

/// A verified request to write. The worker sends it to the object as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The id of the key that signed.
    pub key: Id,
    /// The components that a monitor's key may change; none for an operator's key, which may change everything.
    pub monitors: Option<BTreeSet<Id>>,
    /// Identifies the signed request, so that it is accepted only once.
    pub signature: String,
    /// When the worker checked the signature: a used one is remembered for as long as this clock may accept it, whatever that of the
    /// object says. A worker of an earlier deployment does not say it.
    #[serde(default)]
    pub received_at: Option<Time>,
    /// The `Idempotency-Key` or, without one, the `webhook-id`, with a prefix for which of them it is.
    pub idempotency: Option<String>,
    /// The `webhook-id` where there is an `Idempotency-Key` too, with its prefix. A worker of an earlier deployment does not say it.
    #[serde(default)]
    pub webhook: Option<String>,
    /// SHA-256 of the body, the query and `If-Match`, in hex. Two requests with the same fingerprint are the same request.
    pub fingerprint: String,
    /// The version in `If-Match`: the page must have it, or the request is refused with 412.
    pub if_match: Option<u64>,
    /// The ETags of `status.json` in `If-Match`: it must have one of them. Empty if a version alone is named. A worker of an earlier
    /// deployment does not say them.
    #[serde(default)]
    pub if_match_etags: Vec<String>,
    /// Whether to check and answer the request, but store nothing.
    pub dry_run: bool,
    /// The body, exactly as it was signed.
    pub body: String,
}

impl Submission {
    /// The role of the key.
    pub fn role(&self) -> Role {
        self.monitors.clone().map_or(Role::Operator, Role::Monitor)
    }

    /// The names under which it is applied once. Each belongs to the key.
    pub fn names(&self) -> Vec<String> {
        let names = self.idempotency.iter().chain(&self.webhook);
        names.map(|name| format!("{} {name}", self.key)).collect()
    }
}
