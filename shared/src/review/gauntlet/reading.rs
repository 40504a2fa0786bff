//! What the rules can read of a post-mortem: its English sentences. A text may be in several languages.

use super::finding::Finding;
use crate::review::language::{all_english, certainly_english};
use crate::review::words::sentences;
use crate::state::PostmortemText;
use crate::text::Name;

/// Tells what of a post-mortem is in English.
pub(super) struct Reader<'a> {
    /// Whether a sentence is in English whose words, and those around it, do not tell.
    is_english: bool,
    /// Who judges what no rule can read.
    judge: Option<&'a Name>,
}

/// What the rules can read of some texts.
pub(super) struct Readable<'a> {
    /// The English part of each text, as it is if all of it is in English.
    pub(super) texts: Vec<String>,
    /// The first text of which not all is, or the first sentence if other ones are.
    unread: Option<String>,
    judge: Option<&'a Name>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a PostmortemText) -> Self {
        let prose: Vec<&str> = text.prose().collect();
        let pieces = || prose.iter().flat_map(|text| std::iter::once(*text).chain(sentences(text)));
        let is_english = all_english(prose.iter().copied())
            && pieces().all(|piece| certainly_english(piece) != Some(false));
        Self { is_english, judge: text.attested_by.as_ref() }
    }

    /// Reads the texts on which a criterion rests.
    pub(super) fn read<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Readable<'a> {
        let mut readable = Readable { texts: Vec::new(), unread: None, judge: self.judge };
        for text in texts {
            let (mut english, mut other): (Vec<&str>, Vec<&str>) = Default::default();
            let of_text = certainly_english(text).unwrap_or(self.is_english);
            for line in text.lines() {
                // A sentence that does not say itself whether it is in English is as what is around it.
                let of_line = certainly_english(line).unwrap_or(of_text);
                for sentence in sentences(line) {
                    let is_read = certainly_english(sentence).unwrap_or(of_line);
                    if is_read { &mut english } else { &mut other }.push(sentence);
                }
            }
            let unread = match (english.as_slice(), other.as_slice()) {
                (_, []) => None,
                ([], _) => Some(text.to_owned()),
                (_, [first, ..]) => Some((*first).to_owned()),
            };
            readable.texts.push(if unread.is_none() { text.to_owned() } else { english.join(" ") });
            readable.unread = readable.unread.or(unread);
        }
        readable
    }
}

impl Readable<'_> {
    /// Whether nothing was left unread.
    pub(super) fn is_whole(&self) -> bool {
        self.unread.is_none()
    }

    /// The finding of a rule on the English part. Where there is another part, only a finding stands that rests on
    /// what the English part has: what it does not have may be in the other one.
    pub(super) fn judged(&self, rule: impl FnOnce(&[String]) -> Finding) -> Finding {
        let finding = rule(&self.texts);
        match &self.unread {
            Some(unread) if !finding.is_certain() => {
                let is_whole = self.texts.iter().all(String::is_empty);
                Finding::unjudged(is_whole, unread, self.judge)
            }
            _ => finding,
        }
    }
}
