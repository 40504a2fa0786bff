//! Whether somebody speaks in a text.

use crate::review::own::{Sentence, before_colon};
use crate::review::words::{has, lower, written_words};

/// Words of those who speak.
const SPEAKERS: &str = "we we've we're we'd we'll our ours my i'm i've i'd i'll";
/// Words that may be of those who speak.
const WEAK: &str = "us me my mine ours myself ourselves";
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
    /// Somebody may, as in "they told us" and "Phase I".
    Weak,
    /// "We", "our" or "I".
    Speaks,
}

/// Who speaks in what an author says himself.
pub(super) fn voice(sentence: &Sentence<'_>) -> Voice {
    let own = sentence.own.as_str();
    // What follows a colon may be somebody else's words.
    let said = if sentence.is_introduced { "" } else { before_colon(own) };
    if speaks(said) {
        Voice::Speaks
    } else if may_speak(own) {
        Voice::Weak
    } else {
        Voice::None
    }
}

fn speaks(said: &str) -> bool {
    let chunks: Vec<&str> = said.split_whitespace().collect();
    let is_speaker = |(at, chunk): (usize, &&str)| {
        // No word of a name such as "my-shop".
        let core = chunk.trim_matches(|c: char| !c.is_alphanumeric());
        let words: Vec<&str> = written_words(chunk).collect();
        match words.as_slice() {
            [word] => {
                // WE is a region of Azure, unless everything is in capitals.
                let is_name =
                    word.len() > 1 && !word.contains(char::is_lowercase) && said.contains(char::is_lowercase);
                (has(SPEAKERS, &lower(word)) && !is_name) || (core == "I" && is_subject(&chunks, at))
            }
            words => core.contains(['—', '–']) && words.iter().any(|word| has(SPEAKERS, &lower(word))),
        }
    };
    chunks.iter().enumerate().any(is_speaker)
}

/// Whether a word of those who speak stands there at all, whatever signs are around it.
fn may_speak(own: &str) -> bool {
    let token = |c: char| !c.is_alphanumeric();
    own.split(token).any(|word| has("i we our", &word.to_lowercase()))
        // "Us-east-1" is a name, and "US" a country.
        || own
            .split(|c: char| token(c) && c != '-')
            .map(|word| lower(word.trim_matches('-')))
            .any(|word| has(WEAK, &word))
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
            ("Phase I of the migration failed.", Voice::Weak),
            ("The API was slow in WE and NE.", Voice::Weak),
            ("WE BROKE IT, AND OUR BACKUPS ARE GONE.", Voice::Speaks),
            ("In phase I it failed.", Voice::Weak),
            ("In World War I there was none.", Voice::Weak),
            ("At 14:02 UTC I dropped the wrong index.", Voice::Weak),
            ("I, Jo, deleted the wrong table.", Voice::Weak),
            ("So did I.", Voice::Weak),
            ("i broke it, sorry.", Voice::Weak),
            ("*I* deleted it, and **I** broke it.", Voice::Weak),
            ("<b>We broke it.</b><br>Sorry.", Voice::Weak),
            ("It broke, which we´re sorry for.", Voice::Weak),
            ("It broke, which we`re sorry for.", Voice::Weak),
            ("Acme writes: we broke it.", Voice::Weak),
            ("The disk I/O was slow, i.e. the index.", Voice::Weak),
            ("The us-east-1 region failed.", Voice::None),
            ("It was restored in us-west-2 by the supplier.", Voice::None),
            ("The US region, and the index.", Voice::None),
            ("The my-shop cluster failed.", Voice::None),
            ("", Voice::None),
        ] {
            let said =
                |is_introduced| Sentence { own: sentence.to_owned(), written: sentence, is_introduced };
            assert_eq!(voice(&said(false)), wanted, "{sentence}");
            assert_eq!(voice(&said(true)), wanted.min(Voice::Weak), "{sentence}");
        }
    }
}
