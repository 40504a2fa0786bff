//! Why a text is not JSON (RFC 8259): what the parser says, and the cause, if the text shows one.
//!
//! A cause is found at the place of the error alone, so that nothing elsewhere in the text gives a false one. Nothing of the text is
//! quoted, because it may be a secret: a character is named by its number only if it is invisible or a quotation mark.

use serde_json::Error;

use super::plain::is_invisible;

/// What a JSON string in place of an object means.
pub const ENCODED_TWICE: &str =
    "The JSON is encoded twice, as a string inside JSON; send the object or array itself";

const BYTE_ORDER_MARK: &str =
    "The text begins with a byte order mark (RFC 8259 section 8.1); save it as UTF-8 without one";
const UTF_16: &str = "The text is UTF-16 or UTF-32; save it as UTF-8";
const CUT_SHORT: &str = "The text ends before the JSON does: it may be cut short, as a single quote in it does between the single quotes \
                         of a shell";

/// What is wrong with `text`, which the parser refused with `error`, and the cause if it shows: sentences without the last full stop.
pub fn fault(text: &[u8], error: &Error) -> String {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    // The parser's two names for a surrogate without its other half.
    if matches!(message, "lone leading surrogate in hex escape" | "unexpected end of hex escape") {
        return "a \\u escape is an unpaired surrogate (RFC 8259 section 8.2). The text was cut inside a character, such as an emoji: cut \
                it between two characters"
            .to_owned();
    }
    if error.is_data() {
        return message.to_owned();
    }
    let at = offset(text, error.line(), error.column());
    let cause = encoding(text, at, error.is_eof()).or_else(|| match error.is_eof() {
        true if text.trim_ascii().is_empty() => {
            Some("The body is empty; if curl was to send @FILE, the file was not found".to_owned())
        }
        true => Some(format!("{CUT_SHORT}{}", or_a_curly_quote(text))),
        false => inside_a_text(text, message, at).or_else(|| between_texts(text, message, at)),
    });
    cause.map_or(message.to_owned(), |cause| format!("{message}. {cause}"))
}

/// The place of the byte at which the parser stopped. Its columns count bytes, and a line end is column 0 of the next line.
fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let start = lines.take(line.saturating_sub(1)).fold(0_usize, |sum, line| sum.saturating_add(line.len()));
    start.saturating_add(column).saturating_sub(1)
}

/// Another encoding than UTF-8 (RFC 8259 section 8.1), if it shows up to the error.
fn encoding(text: &[u8], at: usize, is_cut: bool) -> Option<String> {
    match text {
        [0xEF, 0xBB, 0xBF, ..] | [0xC3, 0xAF, 0xC2, 0xBB, 0xC2, 0xBF, ..] => {
            return Some(BYTE_ORDER_MARK.to_owned());
        }
        // JSON begins with two ASCII characters, which have a zero byte each in UTF-16.
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..] => return Some(UTF_16.to_owned()),
        _ => (),
    }
    let wrong = std::str::from_utf8(text).err()?;
    // A character that is cut at the end is one of a text that is cut.
    let is_cause = wrong.valid_up_to() <= at.saturating_add(1) && (wrong.error_len().is_some() || !is_cut);
    let byte = wrong.valid_up_to().saturating_add(1);
    is_cause.then(|| format!("The text is not UTF-8 from byte {byte} on; save it as UTF-8"))
}

/// The cause of an error inside a JSON string.
fn inside_a_text(text: &[u8], message: &str, at: usize) -> Option<String> {
    if message.starts_with("control character") {
        return Some(match text.get(at)? {
            b'\n' | b'\r' => "The text has a line end in it: write \\n".to_owned(),
            b'\t' => "The text has a tab in it: write \\t".to_owned(),
            0x1B => "The text has the control character U+001B in it (ESC, which colours the output of a terminal): leave it out".to_owned(),
            byte => format!("The text has the control character U+{byte:04X} in it: leave it out"),
        });
    }
    let is_escape = message == "invalid escape";
    is_escape.then(|| match at.checked_sub(1).and_then(|before| text.get(before)) {
        Some(b'\\') => {
            "The backslash stands before a character that needs none in JSON: leave it out, or write two"
        }
        _ => "Four hex digits follow \\u, as in \\u00e9; a backslash that belongs to the text is written twice",
    })
    .map(str::to_owned)
}

/// The cause of an error outside of JSON strings.
fn between_texts(text: &[u8], message: &str, at: usize) -> Option<String> {
    // In a word that begins like true, false or null, the parser stops at the first letter that differs.
    let letters = text.get(..at)?.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let at = if message == "expected ident" { at.saturating_sub(letters) } else { at };
    let rest = text.get(at..)?;
    let first = rest.utf8_chunks().next()?.valid().chars().next()?;
    let number = u32::from(first);
    let is_trailing = message == "trailing characters";
    // A hyphen may begin a number: the parser stops behind it.
    let beginning = if at == 0 || (at < 3 && text.starts_with(b"-")) { beginning(text) } else { None };
    if message == "recursion limit exceeded" {
        return Some(
            "Brackets are nested in each other 128 times; one of them may be repeated by mistake".to_owned(),
        );
    }
    let is_escaped =
        ["&quot;", "&#34;", "&#x22;", "&amp;"].iter().any(|sign| rest.starts_with(sign.as_bytes()));
    let fixed = match first {
        '&' if is_escaped => "The JSON is escaped as in HTML; send it as it is, with double quotes",
        '$' => {
            "The name of a variable or a command stands there, which the shell did not replace: single quotes keep it from that"
        }
        _ if is_trailing && text.starts_with(b"\"") => "Double quotes stand around the JSON; leave them out",
        '\\' => {
            "A backslash stands there, as a shell or a .env file puts one before a quote or a line end; leave the backslashes out"
        }
        '\'' if at == 0 || is_trailing => {
            "Single quotes are around the JSON, because the shell did not remove them; leave them out, or read the JSON from a file \
             (cmd.exe knows double quotes only)"
        }
        '\u{FFFD}' => {
            "U+FFFD stands there, the mark of what could not be decoded: the text was not UTF-8; save it as UTF-8"
        }
        '"' | '\'' | '{' | '[' | '0'..='9' | 'A'..='Z' | 'a'..='z' if message.starts_with("expected `,`") => {
            let curly = or_a_curly_quote(text.get(..at)?);
            return Some(format!(
                "A comma is missing there, or the text before has a double quote in it, to be written as \\\"{curly}"
            ));
        }
        '\'' => "Single quotes stand where JSON has double quotes",
        '{' | '[' if is_trailing => {
            "There is more than one text of JSON; put everything into one array, [{…},{…}]"
        }
        '/' | '#' if at > 0 => "JSON has no comments; leave it out if it is one",
        _ if beginning.is_some() => beginning.unwrap_or_default(),
        'A'..='Z' | 'a'..='z' if !is_trailing => {
            "A word stands there without double quotes, and is not true, false or null. If the shell removed the double quotes, put the \
             whole JSON in single quotes, or read it from a file"
        }
        _ if is_curly(first) => {
            return Some(format!(
                "A curly quote (U+{number:04X}) stands where JSON has straight double quotes"
            ));
        }
        _ if is_unseen(first) => {
            return Some(format!(
                "An invisible character (U+{number:04X}) stands there; leave it out, or write a space"
            ));
        }
        _ => return None,
    };
    Some(fixed.to_owned())
}

/// One more cause, if the last text before has a curly quote in it, which an editor may have put where the text was to end.
fn or_a_curly_quote(before: &[u8]) -> &'static str {
    let mut last = before.rsplit(|byte| *byte == b'"').take(2);
    let has_one = |text: &[u8]| text.utf8_chunks().any(|chunk| chunk.valid().contains(is_curly));
    if last.any(has_one) { ", or a curly quote stands where it was to end" } else { "" }
}

/// Whether an editor writes the character in place of a straight quote.
fn is_curly(c: char) -> bool {
    matches!(
        c,
        '\u{2018}'
            ..='\u{201F}'
                | '\u{AB}'
                | '\u{BB}'
                | '\u{2039}'
                | '\u{203A}'
                | '\u{300C}'
                | '\u{300D}'
                | '\u{FF02}'
    )
}

/// Whether nobody sees the character, and JSON does not take it for white space (RFC 8259 section 2).
fn is_unseen(c: char) -> bool {
    !matches!(c, ' ' | '\t' | '\n' | '\r') && (c.is_control() || is_invisible(c))
}

/// What a text is that does not begin with `{` or `[`, if that shows.
fn beginning(text: &[u8]) -> Option<&'static str> {
    let begins = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start.as_bytes()));
    let is_base64 = text.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=-_\r\n".contains(b));
    let word = text.split(|b| b.is_ascii_whitespace() || b"{[\"".contains(b)).next().unwrap_or_default();
    let holds = |part: &str| word.windows(part.len()).any(|window| window == part.as_bytes());
    let is_path = begins(&["@", "./", "../", "~/"]) || (begins(&["/"]) && !begins(&["//", "/*"]));
    // The padding of base64 is no value.
    let padding = word.iter().rev().take_while(|byte| **byte == b'=').count();
    let is_form = word.iter().rev().skip(padding).any(|byte| *byte == b'=');
    Some(if begins(&["CANDOR_"]) {
        "The value begins with the name of the setting; leave out the name and the \"=\""
    } else if ["whsec_", "whsk_", "whpk_"].into_iter().any(holds) {
        "A key stands there alone; put it into an array, as a field of an object: [{\"id\":…,\"secret\":…}]"
    } else if is_path {
        "The name of a file was sent in place of the file: with curl, use --json @FILE"
    } else if begins(&["//", "/*", "#", "<!--"]) {
        "It begins with a comment, and JSON has none; leave it out"
    } else if begins(&["<"]) {
        "It begins like HTML or XML; send JSON, which begins with { or ["
    } else if begins(&["%7B", "%7b", "%5B", "%5b"]) {
        "The JSON is percent-encoded; send it as it is, with curl's --json"
    } else if begins(&["- ", "-\n", "-\r", "---"]) || (word.ends_with(b":") && word.len() < text.len()) {
        "It begins like YAML; send JSON, which begins with { or ["
    } else if is_base64 && begins(&["W3s", "WyB", "Wwo", "Ww0", "eyJ", "eyA", "ewo", "ew0"]) {
        "The JSON is encoded in base64; send the JSON itself"
    } else if is_form {
        "It begins like a form, name=value; send JSON, which begins with { or ["
    } else if text.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'%') {
        "It begins with a word; the JSON that is expected begins with { or ["
    } else {
        return None;
    })
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
