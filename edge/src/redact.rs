//! Removes secrets from errors and log lines just before they leave. A sender may have put a secret where something else belongs, and
//! the code that writes the message cannot know that.

use std::borrow::Cow;

/// How the secrets begin that this program makes: those of senders, and those that sign documents.
const BEGINNINGS: [&str; 2] = ["whsec_", "whsk_"];
/// So many characters after a beginning are a secret, and not the word in a sentence.
const SECRET_CHARS: usize = 8;

/// A text with an ellipsis in place of whatever begins like a secret.
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    // A path in JSON (RFC 6901) has ~1 for a slash, and an address has %2F.
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+/=_-~%".contains(c);
    let mut clean = String::new();
    let mut rest = text;
    while let Some(start) = BEGINNINGS.iter().filter_map(|beginning| end_of(beginning, rest)).min() {
        let (before, after) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let left = after.trim_start_matches(is_part);
        let secret = after.strip_suffix(left).unwrap_or_default();
        clean.push_str(before);
        clean.push_str(if secret.len() < SECRET_CHARS { secret } else { "…" });
        rest = left;
    }
    if clean.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(clean + rest) }
}

/// Where a text goes on after the first of these beginnings.
fn end_of(beginning: &str, text: &str) -> Option<usize> {
    text.find(beginning).map(|at| at.saturating_add(beginning.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_secret_is_left_out() {
        for (text, expected) in [
            ("", ""),
            ("the secret does not begin with whsec_", "the secret does not begin with whsec_"),
            ("use all of it, with whsec_ and more", "use all of it, with whsec_ and more"),
            ("key \"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD\" is", "key \"whsec_…\" is"),
            ("whsk_AAAAAAAAAAAA/+==, then whsec_BBBBBBBBBBBB", "whsk_…, then whsec_…"),
            ("unknown field `ops:whsec_hunter2hunter2`", "unknown field `ops:whsec_…`"),
            ("/updates/0/whsec_hunter2~1hunter3~0hunter4/id", "/updates/0/whsec_…"),
            ("/v1/log?whsec_hunter2hunter2%2Fhunter3%3D&limit=1", "/v1/log?whsec_…&limit=1"),
            ("whsec_whsec_hunter2hunter2é", "whsec_…é"),
        ] {
            assert_eq!(without_secrets(text), expected);
        }
    }
}
