//! A page of the audit log: parses the query of `GET /v1/log`, and limits the size of the answer.

use candor_shared::limits;
use serde::Serialize;

use crate::http::Problem;
use crate::storage::{LoggedUpdate, MAX_VERSION, Trimmed};

/// The default of `limit`: lines in a page.
const DEFAULT_LINES: u32 = 50;
/// The highest `limit`. Each line can hold a whole request, up to [`limits::REQUEST_BYTES`].
const MAX_LINES: u32 = 100;

/// The answer to `GET /v1/log`: a page of the audit log.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LogPage {
    /// The version of this format: 1.
    pub schema: u32,
    /// The lines, newest first.
    pub entries: Vec<LoggedUpdate>,
    /// The path and query of the next page, with older lines; null on the last page.
    pub next: Option<String>,
    /// Where the log begins, and which export has the lines before; absent if it begins with version 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub begins: Option<Trimmed>,
}

/// The lines that a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Only versions below this one; the newest if there is none.
    pub before: Option<u64>,
    /// The most lines in the page.
    pub limit: u32,
}

impl Wanted {
    /// Parses the query `before=VERSION&limit=N`. Both parameters are optional.
    ///
    /// # Errors
    /// A 400 if the query holds anything else.
    pub fn read(query: &str) -> Result<Self, Problem> {
        let mut wanted = Self { before: None, limit: DEFAULT_LINES };
        let mut seen = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let name = pair.split('=').next().unwrap_or_default();
            if seen.contains(&name) {
                let name: String = name.chars().take(40).collect();
                return Err(Problem::bad_request(format!("The query has {name} twice; send it once.")));
            }
            seen.push(name);
            let refused = || {
                Problem::bad_request(format!(
                    "The query may hold before=VERSION and limit=1 to {MAX_LINES}, such as ?before=42&limit=20; \"{}\" is neither.",
                    pair.chars().take(40).collect::<String>()
                ))
            };
            let number = |text: &str| {
                let number = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok());
                number.flatten().filter(|number| *number <= MAX_VERSION)
            };
            match pair.split_once('=') {
                Some(("before", value)) => wanted.before = Some(number(value).ok_or_else(refused)?),
                Some(("limit", value)) => {
                    wanted.limit = number(value)
                        .and_then(|limit| u32::try_from(limit).ok())
                        .filter(|limit| (1..=MAX_LINES).contains(limit))
                        .ok_or_else(refused)?;
                }
                _ => return Err(refused()),
            }
        }
        Ok(wanted)
    }

    /// The page with these lines. It ends early when the updates in it exceed a megabyte, and names the next page then.
    pub fn page(self, mut lines: Vec<LoggedUpdate>, begins: Option<Trimmed>) -> LogPage {
        const MAX_BYTES: usize = 16 * limits::REQUEST_BYTES;
        let first = begins.as_ref().map_or(1, |log| log.from);
        let full = u32::try_from(lines.len()).is_ok_and(|count| count >= self.limit);
        let mut bytes = 0_usize;
        let kept = lines
            .iter()
            .take_while(|line| {
                let fits = bytes < MAX_BYTES;
                bytes = bytes.saturating_add(line.update.to_string().len());
                fits
            })
            .count();
        let more = full || kept < lines.len();
        lines.truncate(kept);
        let last = lines.last().map(|line| line.version).filter(|version| more && *version > first);
        let next = last.map(|version| format!("/v1/log?before={version}&limit={}", self.limit));
        LogPage { schema: 1, entries: lines, next, begins }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_parsed_or_refused() {
        assert_eq!(Wanted::read("").ok(), Some(Wanted { before: None, limit: DEFAULT_LINES }));
        assert_eq!(Wanted::read("limit=7&before=42").ok(), Some(Wanted { before: Some(42), limit: 7 }));
        for bad in [
            "limit=0",
            "limit=101",
            "limit=",
            "before=-1",
            "before=x",
            "before=9007199254740992",
            "after=1",
            "limit=1e1",
            "limit",
        ] {
            assert_eq!(Wanted::read(bad).map_err(|problem| problem.status), Err(400), "{bad}");
        }
    }

    #[test]
    fn a_page_is_limited_in_bytes_and_names_the_next_one() {
        let line = |version| LoggedUpdate {
            version,
            received_at: None,
            at: None,
            key: "ops".to_owned(),
            update: "x".repeat(1024 * 1024).into(),
            events: serde_json::Value::Null,
        };
        let wanted = Wanted { before: None, limit: 3 };
        let page = wanted.page(vec![line(9), line(8), line(7)], None);
        assert_eq!((page.entries.len(), page.next.as_deref()), (1, Some("/v1/log?before=9&limit=3")));
        assert_eq!(wanted.page(vec![line(1)], None).next, None);
        assert_eq!(wanted.page(vec![], None).next, None);
    }
}
