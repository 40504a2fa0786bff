//! Text that passed through a shell, an editor or a file: removes what carries no meaning.

/// A text without what an editor or a shell adds around it: white space and byte order marks, also one whose three bytes were
/// read as Latin-1.
pub fn clean(text: &str) -> &str {
    let invisible = |c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{2060}');
    let text = text.trim_matches(invisible);
    text.strip_prefix("ï»¿").unwrap_or(text).trim_matches(invisible)
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
}
