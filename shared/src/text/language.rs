//! Language tags.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::plain::TextError;
use crate::limits;

/// A language tag (BCP 47, RFC 5646 section 2.1), normalised to the case that section 2.1.1 recommends: `pt-BR`,
/// `zh-Hant`. The syntax is checked; whether the tag is registered is not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Language(String);

impl Language {
    /// English: the default language of a page.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// Whether it is English or a regional form of it, such as `en-GB`.
    pub fn is_english(&self) -> bool {
        self.0 == "en" || self.0.starts_with("en-")
    }

    /// The tag, such as `pt-BR`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Language {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        let mut parts = text.split('-');
        let first = parts.next().unwrap_or_default();
        if !(2..=3).contains(&first.len()) || !first.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(TextError::Language);
        }
        let mut tag = first.to_ascii_lowercase();
        for part in parts {
            if !(1..=8).contains(&part.len()) || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return Err(TextError::Language);
            }
            tag.push('-');
            match (part.len(), part.bytes().all(|b| b.is_ascii_alphabetic())) {
                (2, true) => tag.push_str(&part.to_ascii_uppercase()),
                (4, true) => {
                    tag.push_str(&part.get(..1).unwrap_or_default().to_ascii_uppercase());
                    tag.push_str(&part.get(1..).unwrap_or_default().to_ascii_lowercase());
                }
                _ => tag.push_str(&part.to_ascii_lowercase()),
            }
        }
        (tag.len() <= limits::LANGUAGE_BYTES).then_some(Self(tag)).ok_or(TextError::Language)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_checked_and_their_case_is_normalised() {
        for good in ["en", "pt-BR", "zh-Hant", "de-CH-1996", "gsw"] {
            assert!(Language::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for (input, normalised) in [("EN", "en"), ("zh-hANT-tw", "zh-Hant-TW"), ("PT-br", "pt-BR")] {
            assert_eq!(Language::try_from(input.to_owned()).unwrap().as_str(), normalised);
        }
        for bad in ["", "e", "english", "en_US", "en-", "-en", "en-verylongsubtag", "d1", "de de"] {
            assert_eq!(Language::try_from(bad.to_owned()), Err(TextError::Language), "{bad}");
        }
    }
}
