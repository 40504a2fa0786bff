//! Requests that were sent before: each is applied once, and a repeated one gets the first answer.

use candor_shared::time::Time;
use worker::Error;

use super::answer::changed_nothing;
use super::failure::Failure;
use super::live::{Answer, Live};
use super::submission::Submission;
use crate::http::Problem;
use crate::storage::{Accepted, Remember};

impl Live {
    /// Stores that a signature is used up although nothing was written under it.
    pub(super) fn use_up(&self, signature: String, submission: &Submission, at: Time) -> Result<(), Error> {
        let fingerprint = &submission.fingerprint;
        let remember = Remember { signature, names: Vec::new(), fingerprint, version: 0, answer: "", at };
        self.ledger.remember(&remember)
    }

    /// The stored answer, if a request under one of the same names was accepted before. Refuses a signature that was used before, and
    /// another request under a used name.
    pub(super) fn replayed(
        &self,
        signature: &str,
        names: &[String],
        submission: &Submission,
        at: Time,
    ) -> Result<Option<Answer>, Failure> {
        for name in names {
            let Some(accepted) = self.ledger.accepted(name, at)? else { continue };
            if accepted.fingerprint != submission.fingerprint {
                let detail = "Another request was accepted under this Idempotency-Key (or webhook-id). Choose a new one.";
                return Err(Problem::conflict(detail).into());
            }
            let Accepted { version, answer: body, .. } = accepted;
            let status = if changed_nothing(&body) { 200 } else { 201 };
            return Ok(Some(Answer { status, version, body, replayed: true }));
        }
        match self.ledger.accepted(signature, at)? {
            None => Ok(None),
            Some(accepted) if accepted.version == 0 => Err(Problem::conflict(
                "This signature was used already, for a dry run or under a condition that did not hold. Sign the request again (a second later) to send it.",
            )
            .into()),
            Some(accepted) => {
                let detail = format!(
                    "This signed request was accepted before, as version {}. Nothing was applied twice. To send the same again, sign it again, a second later.",
                    accepted.version
                );
                Err(Problem::conflict(detail).into())
            }
        }
    }
}
