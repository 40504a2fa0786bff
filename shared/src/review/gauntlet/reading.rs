//! What the rules can read of a post-mortem: its English sentences. A text may be in several languages.

use super::finding::Finding;
use super::words::sentences;
use crate::review::language::{all_english, certainly_english};
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
            let (english, other): (Vec<&str>, Vec<&str>) = text
                .lines()
                .flat_map(|line| sentences(line).map(move |sentence| (line, sentence)))
                .map(|(line, sentence)| (sentence, self.is_read(&[sentence, line, text])))
                .fold(Default::default(), |(mut english, mut other), (sentence, is_read)| {
                    if is_read { &mut english } else { &mut other }.push(sentence);
                    (english, other)
                });
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

    /// Whether the first of these is in English: as it says itself, or what is around it.
    fn is_read(&self, pieces: &[&str]) -> bool {
        pieces.iter().find_map(|piece| certainly_english(piece)).unwrap_or(self.is_english)
    }
}

impl Readable<'_> {
    /// The finding of a rule on the English part. Where there is another part, only what is met already is certain.
    pub(super) fn judged(&self, rule: impl FnOnce(&[String]) -> Finding) -> Finding {
        let finding = rule(&self.texts);
        match &self.unread {
            Some(unread) if !finding.is_met() => {
                let is_whole = self.texts.iter().all(String::is_empty);
                Finding::unjudged(is_whole, unread, self.judge)
            }
            _ => finding,
        }
    }
}
