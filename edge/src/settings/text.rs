//! Text that passed through a shell, an editor or a file: removes what carries no meaning, and names what was changed.

/// A text without what an editor or a shell adds around it: white space and byte order marks, also one whose three bytes were
/// read as Latin-1.
pub fn clean(text: &str) -> &str {
    let invisible = |c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{2060}');
    let text = text.trim_matches(invisible);
    text.strip_prefix("ï»¿").unwrap_or(text).trim_matches(invisible)
}

/// The probable reason why a text is not the JSON that was meant, if its first characters show one. The reason quotes nothing
/// of the text, which may be a secret.
pub fn json_hint(text: &str) -> Option<&'static str> {
    let text = clean(text);
    if text.contains(['\0', '\u{FFFD}']) {
        return Some("the text is not UTF-8, save it as UTF-8");
    }
    if text.starts_with('"') {
        return Some("the JSON is encoded twice, as a string inside JSON; send the object itself");
    }
    if text.starts_with('\'') || text.ends_with('\'') {
        return Some("single quotes are around the JSON, the shell did not remove them; leave them out");
    }
    if text.starts_with("CANDOR_") {
        return Some("the value begins with the name of the setting; leave out the name and the \"=\"");
    }
    let inside = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '[' | '{'));
    match inside.chars().next()? {
        '\\' => Some(
            "a backslash stands before a quote or a line end, as a shell or a .env file escapes them; leave the backslashes out",
        ),
        '\'' => Some("single quotes stand where JSON has double quotes"),
        '\u{201C}' | '\u{201D}' | '\u{201E}' => {
            Some("curly quotes stand where JSON has straight double quotes")
        }
        first if first.is_ascii_alphabetic() && inside.len() < text.len() => Some(
            "the shell removed the double quotes; put the whole JSON in single quotes, or read it from a file",
        ),
        _ if inside.starts_with("W3s") => Some("the JSON is encoded in base64; set the JSON itself"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_removes_marks_and_space() {
        for text in
            ["[]", "\u{FEFF}[]", " \u{FEFF}\r\n[]\n", "ï»¿[]", "\u{FEFF}\u{FEFF}[]\u{200B}", "\u{A0}[]"]
        {
            assert_eq!(clean(text), "[]", "{text:?}");
        }
    }

    #[test]
    fn what_a_shell_did_is_named() {
        for (text, expected) in [
            (r#"[{\"id\":\"ops\"}]"#, "backslash"),
            (r#"{\"type\":\"notice.clear\"}"#, "backslash"),
            (r#"[\n {"id":"ops"}]"#, "backslash"),
            (r#"'[{"id":"ops"}]'"#, "single quotes are around"),
            (r#"[{"id":"ops"}]'"#, "single quotes are around"),
            ("[{'id':'ops'}]", "double quotes"),
            ("[{id:ops,secret:x}]", "shell removed"),
            ("[ { id: ops } ]", "shell removed"),
            ("\"[{\\\"id\\\":\\\"ops\\\"}]\"", "twice"),
            ("[{\u{201C}id\u{201D}:1}]", "curly"),
            ("CANDOR_KEYS=[]", "name of the setting"),
            ("W3siaWQiOiJvcHMifV0=", "base64"),
            ("[\0{\0", "UTF-8"),
        ] {
            assert!(
                json_hint(text).is_some_and(|hint| hint.contains(expected)),
                "{text}: {:?}",
                json_hint(text)
            );
        }
        for text in ["", "[", r#"[{"id":"ops"}]"#, r#"{"type":"notice.clear",}"#, "nonsense"] {
            assert_eq!(json_hint(text), None, "{text}");
        }
    }
}
