//! What the worker hands to the page's Durable Object once a request is verified.

use std::collections::BTreeSet;

use candor_shared::rules::Role;
use candor_shared::text::Id;
use serde::{Deserialize, Serialize};

/// A verified request to write.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Who signed.
    pub key: Id,
    /// The components that a monitor's key is limited to; none for an operator's key.
    pub monitors: Option<BTreeSet<Id>>,
    /// Names the signed request.
    pub signature: String,
    /// The sender's own name for it.
    pub idempotency: Option<String>,
    /// SHA-256 of the body, the query and the condition: what "the same request" means.
    pub fingerprint: String,
    /// The version that the page has to have.
    pub if_match: Option<u64>,
    /// Whether to store nothing.
    pub dry_run: bool,
    /// The body, as it was signed.
    pub body: String,
}

impl Submission {
    /// What the key may do.
    pub fn role(&self) -> Role {
        self.monitors.clone().map_or(Role::Operator, Role::Monitor)
    }
}
