//! Finds the addresses in a text that begin with `https://` or `http://`, in small or capital letters.

use unicode_width::UnicodeWidthChar;

use super::link::web;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Not an address.
    Text(&'a str),
    /// An address.
    Address(&'a str),
}

/// Splits a text into addresses and what is between them. As in GitHub's Markdown (Autolinks, an extension), an address does
/// not begin inside a Latin word, and the punctuation that ends a sentence does not belong to it.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    // `text` up to `done` is in `found`.
    let mut done = 0;
    while let Some((at, run)) = next_run(text, done) {
        let address = without_end(run, true);
        found.extend(text.get(done..at).filter(|text| !text.is_empty()).map(Piece::Text));
        found.push(Piece::Address(address));
        done = at.saturating_add(address.len());
    }
    found.extend(text.get(done..).filter(|text| !text.is_empty()).map(Piece::Text));
    found
}

/// The next place, from an offset, where an address begins, and everything from there to the end of the address, with the
/// punctuation after it. A backslash at the end of a line is a line break, and no part of it.
pub(super) fn next_run(text: &str, mut from: usize) -> Option<(usize, &str)> {
    loop {
        // A scheme may be written in capitals (RFC 3986, section 3.1).
        let colon = text.get(from..)?.find("://")?.checked_add(from)?;
        let begins = |scheme: &str| {
            let at = colon.checked_sub(scheme.len()).filter(|at| *at >= from)?;
            let rest = text.get(at..).filter(|rest| web(rest).is_some())?;
            let before = text.get(..at)?.chars().next_back();
            (!before.is_some_and(|c| c.is_ascii_alphanumeric())).then_some((at, rest))
        };
        if let Some((at, rest)) = begins("https").or_else(|| begins("http")) {
            // The next address of a list without spaces is another one.
            let another =
                |at: usize| rest.get(at.saturating_add(1)..).is_some_and(|after| web(after).is_some());
            // "](" ends the text of what looks like a link, unless the bracket was opened in the address.
            let mut opened = 0_usize;
            let mut ends_text = |at: usize, c: char| {
                let is_end =
                    c == ']' && opened == 0 && rest.get(at..).is_some_and(|rest| rest.starts_with("]("));
                opened = match c {
                    '[' => opened.saturating_add(1),
                    ']' => opened.saturating_sub(1),
                    _ => opened,
                };
                is_end
            };
            let end = rest
                .char_indices()
                .find(|(at, c)| ends(*c) || ends_text(*at, *c) || matches!(c, ',' | ';') && another(*at));
            let run = rest.get(..end.map_or(rest.len(), |(at, _)| at))?;
            return Some((at, run.trim_end_matches('\\')));
        }
        from = colon.checked_add("://".len())?;
    }
}

/// What remains of a run without the characters at its end that do not belong to the address: the punctuation after it. A bracket
/// at the end belongs to it if it was opened in it; so does a mark of emphasis (`/__init__`), if `marks` may.
pub(super) fn without_end(run: &str, marks: bool) -> &str {
    let mut address = run;
    // Counted once, because an address may be long.
    let surplus = |open: char, close: char| {
        address.matches(close).count().saturating_sub(address.matches(open).count())
    };
    let (mut round, mut square, mut curly) = (surplus('(', ')'), surplus('[', ']'), surplus('{', '}'));
    loop {
        let mut characters = address.chars();
        let shorter = match characters.next_back() {
            Some('.' | ',' | ':' | ';' | '!' | '?' | '\'' | '\\' | '^') => characters.as_str(),
            Some(mark @ ('*' | '_' | '~' | '`')) => {
                let before = address.trim_end_matches(mark);
                // In a query a single one is a value: `?select=*`.
                let is_value = before.ends_with('=') && before.len().saturating_add(1) == address.len();
                if is_value || marks && before.contains(mark) {
                    return address;
                }
                before
            }
            Some(')') if round > 0 => {
                round = round.saturating_sub(1);
                characters.as_str()
            }
            Some(']') if square > 0 => {
                square = square.saturating_sub(1);
                characters.as_str()
            }
            Some('}') if curly > 0 => {
                curly = curly.saturating_sub(1);
                characters.as_str()
            }
            // The punctuation of all other scripts. What has no width is a part of the letter before it.
            Some(c) if !c.is_ascii() && !c.is_alphanumeric() && c.width() != Some(0) => characters.as_str(),
            _ => return address,
        };
        address = shorter;
    }
}

/// Whether no address contains this character: white space, angle brackets, quotation marks, what stands between the cells of a table and
/// before the label of a link in chats, invisible characters, and the
/// punctuation of scripts that set no space after it. What else a URL must escape is escaped in the link.
fn ends(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || "\"<>«»‹›|".contains(c)
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2018}'..='\u{201F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
        || matches!(c, '\u{FFFE}' | '\u{FFFF}')
        // Chinese, Japanese and Korean: symbols and punctuation; vertical, small, full-width and half-width forms.
        || (matches!(c, '\u{3000}'..='\u{303F}' | '\u{FE30}'..='\u{FE6F}' | '\u{FF01}'..='\u{FF65}') && !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<&str> {
        let found = pieces(text);
        let whole: String = found
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Address(text) => *text,
            })
            .collect();
        assert_eq!(whole, text);
        found
            .into_iter()
            .filter_map(|piece| if let Piece::Address(text) = piece { Some(text) } else { None })
            .collect()
    }

    #[test]
    fn addresses_are_found_without_the_punctuation_after_them() {
        for (text, address) in [
            ("See https://example.com/a.", "https://example.com/a"),
            ("(https://example.com/a_(b))", "https://example.com/a_(b)"),
            ("Follow http://example.com/?a=1&b=2, please", "http://example.com/?a=1&b=2"),
            ("详见https://example.com/a。谢谢", "https://example.com/a"),
            ("详见 https://example.com/状态。谢谢", "https://example.com/状态"),
            ("\"https://example.com\"!", "https://example.com"),
            ("https://[::1]:8080/x]", "https://[::1]:8080/x"),
            ("http http:// https://x", "https://x"),
            ("nohttps://example.com", ""),
            ("https://", ""),
            ("HTTPS is on", ""),
            ("javascript:https", ""),
            ("http://", ""),
            ("See https://a.example/__init__.", "https://a.example/__init__"),
            ("https://a.example/?f=*&g=*, ", "https://a.example/?f=*&g=*"),
            ("https://a.example/~me~", "https://a.example/~me~"),
            ("https://a.example/x** or", "https://a.example/x"),
            ("https://a.example/x?select=* HTTP", "https://a.example/x?select=*"),
            ("https://a.example/x_", "https://a.example/x"),
            ("https://a.example/?v={prod}&x=1 or", "https://a.example/?v={prod}&x=1"),
            ("{see https://a.example/{x}}.", "https://a.example/{x}"),
            ("https://a.example/a^b`c\\d|", "https://a.example/a^b`c\\d"),
            ("|EU|https://a.example/7|down|", "https://a.example/7"),
            ("[status|https://a.example/?id=7|our page]", "https://a.example/?id=7"),
            ("https://a.example/x\\\ny", "https://a.example/x"),
            ("https://a.example/?to=https://b.example", "https://a.example/?to=https://b.example"),
        ] {
            let wanted: &[&str] = if address.is_empty() { &[] } else { &[address] };
            assert_eq!(addresses(text), wanted, "{text}");
        }
        for between in [" ", ",", ";", "|", ", "] {
            let text = format!("https://a.example{between}http://b.example/,x");
            assert_eq!(addresses(&text), ["https://a.example", "http://b.example/,x"], "{text}");
        }
    }

    #[test]
    fn the_punctuation_of_every_script_ends_a_sentence() {
        for (text, address) in [
            ("https://a.example/x، و", "https://a.example/x"),
            ("https://a.example/x؟", "https://a.example/x"),
            ("https://a.example/x؛ ثم", "https://a.example/x"),
            ("https://a.example/x۔", "https://a.example/x"),
            ("https://a.example/x।", "https://a.example/x"),
            ("https://a.example/x॥", "https://a.example/x"),
            ("https://a.example/x״", "https://a.example/x"),
            ("https://a.example/x׃", "https://a.example/x"),
            ("https://a.example/x· και", "https://a.example/x"),
            ("https://a.example/x\u{37e}", "https://a.example/x"),
            ("https://a.example/x…", "https://a.example/x"),
            ("https://a.example/x — nous", "https://a.example/x"),
            ("https://a.example/x—", "https://a.example/x"),
            ("‹https://a.example/x›", "https://a.example/x"),
            ("《https://a.example/x》", "https://a.example/x"),
            ("https://a.example/x｝次", "https://a.example/x"),
            ("https://a.example/x｡次", "https://a.example/x"),
            ("https://a.example/x。）", "https://a.example/x"),
            // Letters, signs on letters and digits of every script belong to it; so does punctuation inside.
            ("https://a.example/स्थिति।", "https://a.example/स्थिति"),
            ("https://a.example/क्", "https://a.example/क्"),
            ("https://a.example/ไม่", "https://a.example/ไม่"),
            ("https://a.example/caf\u{65}\u{301}", "https://a.example/cafe\u{301}"),
            ("https://a.example/صفحة، ثم", "https://a.example/صفحة"),
            ("https://a.example/צה״ל", "https://a.example/צה״ל"),
            ("https://a.example/佐々木。", "https://a.example/佐々木"),
            ("https://a.example/٣", "https://a.example/٣"),
        ] {
            assert_eq!(addresses(text), [address], "{text}");
        }
    }

    #[test]
    fn the_time_grows_with_the_length_only() {
        // Were it the square of the length, this would not end.
        for text in [
            format!("https://a{}", ")".repeat(1 << 20)),
            "xhttp://a".repeat(1 << 17),
            "http://".repeat(1 << 17),
            format!("https://a/{}", "_".repeat(1 << 20)),
            format!("https://a/x_{}", "*_".repeat(1 << 19)),
            format!("https://a/{}", "،".repeat(1 << 19)),
            "https://a,".repeat(1 << 17),
            format!("https://a/{}", "}".repeat(1 << 19)),
        ] {
            pieces(&text);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(text in "(https?://|http|[a-z.)<> \"é。]){0,20}") {
            addresses(&text);
        }
    }
}
