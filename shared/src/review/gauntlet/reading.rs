//! What the rules can read of a post-mortem: its English sentences. A text may be in several languages.

use super::finding::Finding;
use crate::review::language::{all_english, certainly_english};
use crate::review::own::{Sentence, own_words, paragraphs};
use crate::state::PostmortemText;
use crate::text::{Language, Name};

/// Tells what of a post-mortem is in English.
pub(super) struct Reader<'a> {
    /// Whether a sentence is in English whose words, and those around it, do not tell.
    is_english: bool,
    /// Whether such a text can be in English on this page.
    is_english_page: bool,
    /// Who judges what no rule can.
    judge: Option<&'a Name>,
}

/// What the rules can read of some texts.
pub(super) struct Readable<'a, 't> {
    english: Vec<Sentence<'t>>,
    /// The first sentence that is not certainly English.
    unread: Option<&'t str>,
    judge: Option<&'a Name>,
}

impl<'a> Reader<'a> {
    /// A reader of a post-mortem whose incident is in this language, or in none that is declared.
    pub(super) fn new(text: &'a PostmortemText, language: Option<&Language>) -> Self {
        let prose: Vec<&str> = text.written().collect();
        let is_certain = |own: &str| certainly_english(own) != Some(false);
        let all_certain = || {
            prose.iter().all(|text| {
                is_certain(&own_words(text))
                    && paragraphs(text).iter().flatten().all(|sentence| is_certain(&sentence.own))
            })
        };
        let is_english = all_english(prose.iter().copied()) && all_certain();
        let is_english_page = language.is_none_or(Language::is_english);
        Self { is_english, is_english_page, judge: text.attested_by.as_ref() }
    }

    /// Reads the texts on which a criterion rests.
    pub(super) fn read<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Readable<'a, 't> {
        let mut readable = Readable { english: Vec::new(), unread: None, judge: self.judge };
        for text in texts {
            let around = self.is_english && self.is_english_page;
            let of_text = certainly_english(&own_words(text)).unwrap_or(around);
            for paragraph in paragraphs(text) {
                let own: Vec<&str> = paragraph.iter().map(|sentence| sentence.own.as_str()).collect();
                // A sentence that does not say itself whether it is in English is as what is around it.
                let of_paragraph = certainly_english(&own.join(" ")).unwrap_or(of_text);
                for sentence in paragraph {
                    if certainly_english(&sentence.own).unwrap_or(of_paragraph) {
                        readable.english.push(sentence);
                    } else {
                        readable.unread.get_or_insert(sentence.written);
                    }
                }
            }
        }
        readable
    }
}

impl<'a, 't> Readable<'a, 't> {
    /// Who judges what no rule can.
    pub(super) fn judge(&self) -> Option<&'a Name> {
        self.judge
    }

    /// The English sentences of all texts.
    pub(super) fn sentences(&self) -> impl Iterator<Item = &Sentence<'t>> + Clone {
        self.english.iter()
    }

    /// The finding of a rule on the English part. Where there is another part, only a finding stands that rests on
    /// what the English part has: what it does not have may be in the other one.
    pub(super) fn judged(&self, rule: impl FnOnce(&Self) -> Finding) -> Finding {
        let finding = rule(self);
        match &self.unread {
            Some(unread) if !finding.is_certain() => {
                Finding::unread(self.english.is_empty(), unread, self.judge)
            }
            _ => finding,
        }
    }
}
