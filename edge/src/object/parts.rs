//! The queries of `GET /v1/export` and `POST /v1/restore`: which part of an export a request is about.

use crate::http::Problem;

/// The cursor in the query of an export: `after=CURSOR`. The first part has none.
///
/// # Errors
/// A 400 if the query holds anything else.
pub fn part_after(query: &str) -> Result<Option<&str>, Problem> {
    if query.is_empty() {
        return Ok(None);
    }
    query.strip_prefix("after=").filter(|cursor| !cursor.contains('&')).map(Some).ok_or_else(|| {
        Problem::bad_request(
            "The query may hold after=CURSOR, as in the header Link of the part before, and nothing else.",
        )
    })
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
        assert_eq!(part_after("").ok(), Some(None));
        assert_eq!(part_after("after=abc").ok(), Some(Some("abc")));
        for bad in ["before=1", "after=a&after=b", "after"] {
            assert_eq!(part_after(bad).map_err(|problem| problem.status), Err(400), "{bad}");
        }
        assert_eq!(part_from("").ok(), Some(0));
        assert_eq!(part_from("from=1048576").ok(), Some(1_048_576));
        for bad in ["from=", "from=-1", "from=+1", "from=1&from=2", "at=1", "from=1234567890123456"] {
            assert_eq!(part_from(bad).map_err(|problem| problem.status), Err(400), "{bad}");
        }
    }
}
