//! The advice to a sender whose write may or may not have been applied, and why following it is safe.
//!
//! The object applies no write that is older than its limit (`object/asked.rs`). From then on, what can be read is as old as a copy may be. Only after both
//! does a status without the write say that there will be none. Where the object fails at once, so does the 503 come, and the wait
//! is all the time that there is.

/// How long the sender waits, in seconds. `entry.js` and `docs/operating.md` say so too.
pub const WAIT_SECONDS: i64 = 15;
/// How long caches between the worker and the sender may use a status, in milliseconds: its `max-age` (`document/public.rs`). One that serves
/// stale copies beyond that is not counted.
pub const SHARED_MILLIS: i64 = 5_000;

/// What to do after a write of which nobody knows what became.
pub fn advice() -> String {
    format!(
        "Send it again with the same Idempotency-Key (or webhook-id): it is applied only once. If it had neither, wait {WAIT_SECONDS} seconds \
         and read /status.json first; wait on while that has unconfirmed_since."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn whoever_speaks_of_the_wait_says_the_same() {
        // In JavaScript the sentence is in pieces.
        let script = include_str!("../../entry.js").replace("\" +\n", "");
        let script: Vec<&str> = script.split_whitespace().collect();
        let script = script.join(" ").replace(" \"", " ").replace("  ", " ");
        assert!(script.contains(&advice()), "{script}");
        let guide: Vec<&str> = include_str!("../../../docs/operating.md").split_whitespace().collect();
        assert!(
            guide.join(" ").contains(&format!("wait {WAIT_SECONDS} seconds and read `/status.json` first"))
        );
    }

    #[test]
    fn a_status_is_shared_for_so_long() {
        let status = Document::at("/status.json", "").unwrap();
        assert!(status.cache_control().contains(&format!("max-age={},", SHARED_MILLIS / 1000)));
    }
}
