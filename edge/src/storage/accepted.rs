//! The requests that were accepted, so that each is applied once.
//!
//! What has expired by the clock of one moment may not have: clocks are ahead for a moment. So time alone forgets nothing. Of what has
//! expired, the newest [`KEPT`] of each kind stay.

use candor_shared::time::Time;
use worker::Result;

use super::ledger::{Accepted, Ledger, Remember, integer};

/// How long the answer to an `Idempotency-Key` or `webhook-id` is kept: a day, in milliseconds.
const NAME_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// How long a used signature is kept: 15 minutes, in milliseconds. It is valid for five minutes before and after the time
/// that it signs.
const SIGNATURE_MILLIS: i64 = 15 * 60 * 1000;
/// How many used signatures, and how many names, stay although they have expired.
const KEPT: i64 = 1_000;
/// Which rows are used signatures. The others are names.
pub(super) const IS_SIGNATURE: &str = "substr(name, 1, 10) = 'signature '";

impl Ledger {
    /// The request that was accepted under this name and has not expired: a signature or an idempotency key, each with its
    /// prefix.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub fn accepted(&self, name: &str, now: Time) -> Result<Option<Accepted>> {
        let rows = self.rows(
            "SELECT fingerprint, version, answer FROM accepted WHERE name = ? AND expires_at >= ?",
            vec![name.into(), now.as_millis().into()],
        )?;
        Ok(rows.into_iter().next())
    }

    /// Stores an accepted request that wrote nothing else, and forgets old ones.
    ///
    /// # Errors
    /// If the storage refuses. Then nothing is stored.
    pub fn remember(&self, remember: &Remember<'_>) -> Result<()> {
        self.transaction(&mut || self.write_accepted(remember))
    }

    /// The same within a transaction.
    pub(super) fn write_accepted(&self, remember: &Remember<'_>) -> Result<()> {
        let now = remember.at;
        self.forget(IS_SIGNATURE, now)?;
        self.forget(&format!("NOT {IS_SIGNATURE}"), now)?;
        let insert = |name: &str, answer: &str, millis: i64| {
            self.run(
                "INSERT OR REPLACE INTO accepted (name, fingerprint, version, answer, expires_at) VALUES (?, ?, ?, ?, ?)",
                vec![
                    name.into(),
                    remember.fingerprint.into(),
                    integer(remember.version)?,
                    answer.into(),
                    now.as_millis().saturating_add(millis).into(),
                ],
            )
        };
        insert(&remember.signature, "", SIGNATURE_MILLIS)?;
        for name in &remember.names {
            insert(name, remember.answer, NAME_MILLIS)?;
        }
        Ok(())
    }

    /// Deletes the rows of a kind that have expired, but for the newest of them.
    fn forget(&self, kind: &str, now: Time) -> Result<()> {
        let expired = format!("FROM accepted WHERE expires_at < ? AND {kind}");
        self.run(
            &format!(
                "DELETE {expired} AND expires_at <= (SELECT expires_at {expired} ORDER BY expires_at DESC LIMIT 1 OFFSET {KEPT})"
            ),
            vec![now.as_millis().into(), now.as_millis().into()],
        )
    }
}
