//! Finds the addresses in a text that begin with `https://` or `http://`, in small or capital letters.

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
    // A scheme may be written in capitals (RFC 3986, section 3.1).
    let lower = text.to_ascii_lowercase();
    // `text` up to `done` is in `found`; an address may begin at `from` or later.
    let (mut done, mut from) = (0, 0);
    while let Some(at) =
        lower.get(from..).and_then(|rest| rest.find("http")).and_then(|at| at.checked_add(from))
    {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let inside_a_word = before.is_some_and(|c| c.is_ascii_alphanumeric());
        match text.get(at..).filter(|_| !inside_a_word).map(address) {
            Some(address) if !address.is_empty() => {
                found.extend(text.get(done..at).filter(|text| !text.is_empty()).map(Piece::Text));
                found.push(Piece::Address(address));
                done = at.saturating_add(address.len());
                from = done;
            }
            _ => from = at.saturating_add("http".len()),
        }
    }
    found.extend(text.get(done..).filter(|text| !text.is_empty()).map(Piece::Text));
    found
}

/// The address with which a text begins; empty if there is none.
fn address(text: &str) -> &str {
    let after = |scheme: &str| {
        text.split_at_checked(scheme.len()).filter(|(start, _)| start.eq_ignore_ascii_case(scheme))
    };
    let host = after("https://").or_else(|| after("http://")).map(|(_, host)| host);
    if !host.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '[')) {
        return "";
    }
    let end = text.find(ends).unwrap_or(text.len());
    let mut address = text.get(..end).unwrap_or_default();
    // A bracket at the end belongs to the address if it was opened in it. Counted once, because an address may be long.
    let surplus = |open: char, close: char| {
        address.matches(close).count().saturating_sub(address.matches(open).count())
    };
    let (mut round, mut square) = (surplus('(', ')'), surplus('[', ']'));
    loop {
        let mut characters = address.chars();
        match characters.next_back() {
            Some('.' | ',' | ':' | ';' | '!' | '?' | '*' | '_' | '~' | '\'' | '…') => {}
            Some(')') if round > 0 => round = round.saturating_sub(1),
            Some(']') if square > 0 => square = square.saturating_sub(1),
            _ => return address,
        }
        address = characters.as_str();
    }
}

/// Whether no address contains this character: white space, what a URL must escape, invisible characters, and the
/// punctuation of scripts that set no space after it.
fn ends(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || "\"<>\\^`{|}«»“”„‘’".contains(c)
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
        || matches!(c, '\u{3000}'..='\u{301F}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FFFE}' | '\u{FFFF}')
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
        ] {
            let wanted: &[&str] = if address.is_empty() { &[] } else { &[address] };
            assert_eq!(addresses(text), wanted, "{text}");
        }
        assert_eq!(
            addresses("https://a.example https://b.example"),
            ["https://a.example", "https://b.example"]
        );
    }

    #[test]
    fn the_time_grows_with_the_length_only() {
        let started = std::time::Instant::now();
        for text in [
            format!("https://a{}", ")".repeat(1 << 20)),
            "xhttp://a".repeat(1 << 17),
            "http://".repeat(1 << 17),
        ] {
            pieces(&text);
        }
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(text in "(https?://|http|[a-z.)<> \"é。]){0,20}") {
            addresses(&text);
        }
    }
}
