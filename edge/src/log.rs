//! The worker's own log: one JSON object a line, for each event. `docs/operating.md` lists the fields.
//!
//! A line holds ids, names of documents and fixed words, and never a header, a body or a part of a secret. A line about a request
//! that a key signed is always written. Of every other kind of line an isolate writes [`PER_MINUTE`] a minute, so that senders
//! without a key cannot fill the log; the next line of that kind says how many were left out.

#[cfg(any(target_arch = "wasm32", test))]
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::redact::without_secrets;

/// The lines of one event and outcome that an isolate writes in a minute.
#[cfg(any(target_arch = "wasm32", test))]
const PER_MINUTE: u32 = 20;
/// The most kinds of lines that are counted. There are fewer.
#[cfg(any(target_arch = "wasm32", test))]
const MAX_KINDS: usize = 256;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It went as it should.
    Info,
    /// Somebody's request was refused, or a reader got an old copy.
    Warn,
    /// Something failed.
    Error,
}

/// A line that is being written.
#[must_use]
pub struct Line {
    level: Level,
    fields: Map<String, Value>,
    is_vouched_for: bool,
}

/// Begins a line: what happened (`request`, `read`, `copy`, `alarm`, `fault`), and how it ended.
pub fn line(level: Level, event: &'static str, outcome: &str) -> Line {
    let word = match level {
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    };
    let fields = [("level", word), ("event", event), ("outcome", outcome)];
    let fields = fields.map(|(name, value)| (name.to_owned(), Value::from(value))).into_iter().collect();
    Line { level, fields, is_vouched_for: false }
}

/// Logs a fault: a fixed sentence, and fields with the details.
pub fn error(fault: &str, fields: &[(&'static str, &str)]) {
    let line = line(Level::Error, "fault", fault);
    fields.iter().fold(line, |line, (name, value)| line.with(name, *value)).write();
}

impl Line {
    /// Adds a field.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a field if there is a value.
    pub fn with_some(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Says that a key signed the request that the line is about: it is written however many there are.
    pub fn vouched_for(mut self) -> Self {
        self.is_vouched_for = true;
        self
    }

    /// Writes the line, unless there were too many of its kind in this minute.
    #[cfg(target_arch = "wasm32")]
    pub fn write(mut self) {
        thread_local! {
            static KINDS: std::cell::RefCell<Kinds> = std::cell::RefCell::default();
        }
        if !self.is_vouched_for {
            let minute = crate::clock::now().as_millis().div_euclid(60_000);
            let kind = self.kind();
            // The log of a fault must not fail: where the counts are in use, the line is written.
            let left_out = KINDS.with(|kinds| match kinds.try_borrow_mut() {
                Ok(mut kinds) => kinds.take(kind, minute),
                Err(_) => Some(0),
            });
            match left_out {
                None => return,
                Some(0) => {}
                Some(left_out) => self = self.with("left_out", left_out),
            }
        }
        let text = Value::Object(self.fields).to_string();
        let text = without_secrets(&text);
        match self.level {
            Level::Info => worker::console_log!("{text}"),
            Level::Warn => worker::console_warn!("{text}"),
            Level::Error => worker::console_error!("{text}"),
        }
    }

    /// Tests run outside the runtime.
    #[cfg(not(target_arch = "wasm32"))]
    #[expect(clippy::print_stderr, reason = "the log of a test")]
    pub fn write(self) {
        let _ = (self.level, self.is_vouched_for);
        eprintln!("{}", without_secrets(&Value::Object(self.fields).to_string()));
    }

    #[cfg(any(target_arch = "wasm32", test))]
    fn kind(&self) -> String {
        let word = |name: &str| self.fields.get(name).and_then(Value::as_str).unwrap_or_default();
        format!("{} {}", word("event"), word("outcome"))
    }
}

/// How many lines of each kind were written in a minute, and how many were left out since the last one that was.
#[cfg(any(target_arch = "wasm32", test))]
#[derive(Default)]
struct Kinds(BTreeMap<String, Counted>);

#[cfg(any(target_arch = "wasm32", test))]
#[derive(Default)]
struct Counted {
    minute: i64,
    written: u32,
    left_out: u32,
}

#[cfg(any(target_arch = "wasm32", test))]
impl Kinds {
    /// Whether a line of this kind may be written: then the number that was left out before it.
    fn take(&mut self, kind: String, minute: i64) -> Option<u32> {
        if self.0.len() >= MAX_KINDS && !self.0.contains_key(&kind) {
            self.0.clear();
        }
        let counted = self.0.entry(kind).or_default();
        if counted.minute != minute {
            (counted.minute, counted.written) = (minute, 0);
        }
        if counted.written >= PER_MINUTE {
            counted.left_out = counted.left_out.saturating_add(1);
            return None;
        }
        counted.written = counted.written.saturating_add(1);
        Some(std::mem::take(&mut counted.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_flood_a_few_lines_are_written_and_the_next_one_counts_the_rest() {
        let mut kinds = Kinds::default();
        let written = (0..1_000).filter(|_| kinds.take("request signature".to_owned(), 7).is_some()).count();
        assert_eq!(written, 20);
        assert_eq!(kinds.take("request conflict".to_owned(), 7), Some(0), "another kind is not affected");
        assert_eq!(kinds.take("request signature".to_owned(), 8), Some(980));
        assert_eq!(kinds.take("request signature".to_owned(), 8), Some(0));
    }

    #[test]
    fn any_number_of_kinds_takes_a_bounded_memory() {
        let mut kinds = Kinds::default();
        for n in 0..10_000 {
            kinds.take(n.to_string(), 7);
        }
        assert!(kinds.0.len() <= MAX_KINDS);
    }

    #[test]
    fn a_line_is_an_object_with_its_kind() {
        let line =
            line(Level::Warn, "read", "unconfirmed").with("document", "/").with_some("version", None::<u64>);
        assert_eq!(line.kind(), "read unconfirmed");
        assert_eq!(
            Value::Object(line.fields),
            serde_json::json!({"level": "warn", "event": "read", "outcome": "unconfirmed", "document": "/"})
        );
    }
}
