//! The queries of `GET /v1/export` and `POST /v1/restore`: which part of an export a request is about.

use crate::http::Problem;

/// Which part of an export is wanted. A cursor is text that the page made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOf<'a> {
    /// The first part of the whole page.
    Whole,
    /// The first part of what has changed since a version, which the cursor names.
    Changes(&'a str),
    /// The part that begins at a cursor.
    Rest(&'a str),
}

/// Which part the query of an export asks for: none, `since=CURSOR`, or `after=CURSOR`.
///
/// # Errors
/// A 400 if the query holds anything else.
pub fn part_of(query: &str) -> Result<PartOf<'_>, Problem> {
    match query.split_once('=') {
        None if query.is_empty() => Ok(PartOf::Whole),
        Some(("since", cursor)) if !cursor.contains('&') => Ok(PartOf::Changes(cursor)),
        Some(("after", cursor)) if !cursor.contains('&') => Ok(PartOf::Rest(cursor)),
        _ => Err(Problem::bad_request(
            "The query may hold after=CURSOR, as in the header Link of the part before, or since=CURSOR, as GET /v1/standby of a standby names it, and nothing else.",
        )),
    }
}

/// Where a part begins, in the query of a restore: `from=BYTES`; 0 if the query is empty.
///
/// # Errors
/// A 400 if the query holds anything else.
pub fn part_from(query: &str) -> Result<u64, Problem> {
    const MOST_DIGITS: usize = 15;
    if query.is_empty() {
        return Ok(0);
    }
    let digits = query.strip_prefix("from=").filter(|digits| {
        (1..=MOST_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| {
        Problem::bad_request("The query must be from=BYTES: how many bytes of the export were sent before, such as ?from=1048576.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_parsed_or_refused() {
        assert_eq!(part_of("").ok(), Some(PartOf::Whole));
        assert_eq!(part_of("after=abc").ok(), Some(PartOf::Rest("abc")));
        assert_eq!(part_of("since=abc").ok(), Some(PartOf::Changes("abc")));
        for bad in ["before=1", "after=a&after=b", "after", "since=a&after=b"] {
            assert_eq!(part_of(bad).map_err(|problem| problem.status), Err(400), "{bad}");
        }
        assert_eq!(part_from("").ok(), Some(0));
        assert_eq!(part_from("from=1048576").ok(), Some(1_048_576));
        for bad in ["from=", "from=-1", "from=+1", "from=1&from=2", "at=1", "from=1234567890123456"] {
            assert_eq!(part_from(bad).map_err(|problem| problem.status), Err(400), "{bad}");
        }
    }
}
