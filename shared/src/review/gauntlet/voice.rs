//! Whether somebody speaks in a text.

use crate::review::words::{has, lower, written_words};

/// Words of those who speak.
const SPEAKERS: &str = "we we've we're we'd we'll our ours my i'm i've i'd i'll";
/// Words that may be of those who speak.
const WEAK: &str = "us me mine ours myself ourselves";
/// What may stand before "I" with a capital letter. After another word with one, "I" is a number, as in "Phase I".
const OPENERS: &str =
    "when then so and but as because if while after before since yesterday today that what here";
/// Words after which "I" is a number.
const NUMBERED: &str =
    "phase part section chapter tier level class type stage step appendix volume grade category mode";

/// Who speaks in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Voice {
    /// Nobody, as far as its words tell.
    None,
    /// Somebody may, as in "they told us".
    Weak,
    /// "We", "our" or "I".
    Speaks,
}

/// Who speaks in what an author says himself.
pub(super) fn voice(sentence: &str) -> Voice {
    let chunks: Vec<&str> = sentence.split_whitespace().collect();
    let of = |(at, chunk): (usize, &&str)| {
        // No word of a name such as "us-east-1".
        let core = chunk.trim_matches(|c: char| !c.is_alphanumeric());
        let words: Vec<&str> = written_words(chunk).collect();
        let word = match words.as_slice() {
            [word] => lower(word),
            _ if core.contains(['—', '–', '/']) => {
                let speaks = words.iter().any(|word| has(SPEAKERS, &lower(word)));
                return if speaks { Voice::Speaks } else { Voice::None };
            }
            _ => return Voice::None,
        };
        let is_i = core == "I" && is_subject(&chunks, at);
        // "US" is a country, and "MINE" shouts.
        if has(SPEAKERS, &word) || is_i {
            Voice::Speaks
        } else if has(WEAK, &word) {
            Voice::Weak
        } else {
            Voice::None
        }
    };
    chunks.iter().enumerate().map(of).max().unwrap_or(Voice::None)
}

/// Whether "I" is a person: a word in lower case follows, and no name or numbered thing stands before.
fn is_subject(chunks: &[&str], at: usize) -> bool {
    let next = chunks.get(at.saturating_add(1)).copied().unwrap_or_default();
    let previous = at.checked_sub(1).and_then(|at| chunks.get(at)).copied().unwrap_or_default();
    let before = written_words(previous).last().map(lower).unwrap_or_default();
    let is_name = previous.starts_with(char::is_uppercase) && !has(OPENERS, &before);
    let is_alone = chunks.get(at).is_some_and(|chunk| chunk.ends_with('I'));
    is_alone
        && next.starts_with(char::is_lowercase)
        && !has("of and or in is to", next)
        && (!is_name || previous.ends_with([',', ';', ':']))
        && !has(NUMBERED, &before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn we_our_and_i_speak() {
        for (sentence, wanted) in [
            ("We’ve broken it.", Voice::Speaks),
            ("It was ours.", Voice::Speaks),
            ("When I pushed it, it broke.", Voice::Speaks),
            ("It broke because I pushed it.", Voice::Speaks),
            ("I'm sorry.", Voice::Speaks),
            ("It was late—we slept.", Voice::Speaks),
            ("The mistake was mine.", Voice::Weak),
            ("It broke, and they told me.", Voice::Weak),
            ("Please contact us.", Voice::Weak),
            ("Phase I of the migration failed.", Voice::None),
            ("In phase I it failed.", Voice::None),
            ("In World War I there was none.", Voice::None),
            ("The us-east-1 region failed.", Voice::None),
            ("It was restored in us-west-2 by the supplier.", Voice::None),
            ("The US region, and disk I/O, i.e. the index.", Voice::None),
            ("The my-shop cluster failed.", Voice::None),
            ("", Voice::None),
        ] {
            assert_eq!(voice(sentence), wanted, "{sentence}");
        }
    }
}
