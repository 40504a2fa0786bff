//! A limit on every wait.

use std::time::Duration;

use futures_util::future::{Either, select};
use worker::{Delay, Error, Result};

/// The outcome of `work`, or none if it takes longer than this time, in milliseconds.
pub async fn within<T>(millis: i64, work: impl Future<Output = T>) -> Option<T> {
    let limit = Delay::from(Duration::from_millis(u64::try_from(millis).unwrap_or_default()));
    match select(std::pin::pin!(work), limit).await {
        Either::Left((outcome, _)) => Some(outcome),
        Either::Right(_) => None,
    }
}

/// As [`within`], for work that returns a result.
///
/// # Errors
/// Those of the work, and that it took too long.
pub async fn limited<T>(millis: i64, work: impl Future<Output = Result<T>>) -> Result<T> {
    let late = || Error::RustError(format!("no answer within {millis} ms"));
    within(millis, work).await.unwrap_or_else(|| Err(late()))
}
