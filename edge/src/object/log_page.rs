//! A page of the log: which lines are asked for, and how they are answered.

use candor_shared::limits;
use serde::Serialize;

use crate::http::Problem;
use crate::storage::LoggedUpdate;

/// Lines in a page, unless asked for otherwise.
const LINES: u32 = 50;
/// No version is higher: what JSON's readers hold exactly (RFC 8259, section 6).
const NEWEST_VERSION: u64 = (1 << 53) - 1;
/// Lines in a page at the most. Each may hold a whole request, up to [`limits::REQUEST_BYTES`].
const MOST_LINES: u32 = 100;

/// A page of the log.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LogPage {
    /// 1.
    pub schema: u32,
    /// The lines, newest first.
    pub entries: Vec<LoggedUpdate>,
    /// The next page, with what is older; null if there is none.
    pub next: Option<String>,
}

/// Which lines are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Only versions before this one.
    pub before: Option<u64>,
    /// So many lines at the most.
    pub limit: u32,
}

impl Wanted {
    /// Reads `before=VERSION&limit=N`, each of them optional.
    ///
    /// # Errors
    /// If it says anything else.
    pub fn read(query: &str) -> std::result::Result<Self, Problem> {
        let mut wanted = Self { before: None, limit: LINES };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let refused = || {
                Problem::bad_request(format!(
                    "The query is ?before=VERSION&limit=1 to {MOST_LINES}, each optional; not \"{}\".",
                    pair.chars().take(40).collect::<String>()
                ))
            };
            let number = |text: &str| {
                let number = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok());
                number.flatten().filter(|number| *number <= NEWEST_VERSION)
            };
            match pair.split_once('=') {
                Some(("before", value)) => wanted.before = Some(number(value).ok_or_else(refused)?),
                Some(("limit", value)) => {
                    wanted.limit = number(value)
                        .and_then(|limit| u32::try_from(limit).ok())
                        .filter(|limit| (1..=MOST_LINES).contains(limit))
                        .ok_or_else(refused)?;
                }
                _ => return Err(refused()),
            }
        }
        Ok(wanted)
    }

    /// A page of these lines. It ends early where its texts come to more than a megabyte.
    pub fn page(self, mut lines: Vec<LoggedUpdate>) -> LogPage {
        const MOST_BYTES: usize = 16 * limits::REQUEST_BYTES;
        let full = u32::try_from(lines.len()).is_ok_and(|count| count >= self.limit);
        let mut bytes = 0_usize;
        let kept = lines
            .iter()
            .take_while(|line| {
                let fits = bytes < MOST_BYTES;
                bytes = bytes.saturating_add(line.update.to_string().len());
                fits
            })
            .count();
        let more = full || kept < lines.len();
        lines.truncate(kept);
        let last = lines.last().map(|line| line.version).filter(|version| more && *version > 1);
        let next = last.map(|version| format!("/v1/log?before={version}&limit={}", self.limit));
        LogPage { schema: 1, entries: lines, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries() {
        assert_eq!(Wanted::read("").ok(), Some(Wanted { before: None, limit: LINES }));
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
    fn a_page_names_the_next_one_while_there_is_one() {
        let line = |version| LoggedUpdate {
            version,
            received_at: None,
            at: None,
            key: "ops".to_owned(),
            update: "x".repeat(1024 * 1024).into(),
            events: serde_json::Value::Null,
        };
        let wanted = Wanted { before: None, limit: 3 };
        let page = wanted.page(vec![line(9), line(8), line(7)]);
        assert_eq!((page.entries.len(), page.next.as_deref()), (1, Some("/v1/log?before=9&limit=3")));
        assert_eq!(wanted.page(vec![line(1)]).next, None);
        assert_eq!(wanted.page(vec![]).next, None);
    }
}
