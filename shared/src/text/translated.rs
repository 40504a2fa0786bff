//! A text from an operator, in the page's language or in several languages.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::language::Language;
use crate::limits;

/// A text in one language, `"We are on it."`, or in several,
/// `{"en": "We are on it.", "de": "Wir sind dran."}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Translated<T> {
    /// In the page's language.
    One(T),
    /// By language: 1 to 50 of them. Whether the page's language is among them, [`Translated::split`] checks.
    PerLanguage(BTreeMap<Language, T>),
}

impl<T: Clone> Translated<T> {
    /// The text in the language `page` and the translations into all others; `None` if the text is missing in `page`.
    pub fn split(&self, page: &Language) -> Option<(T, BTreeMap<Language, T>)> {
        match self {
            Self::One(text) => Some((text.clone(), BTreeMap::new())),
            Self::PerLanguage(texts) => {
                let mut others = texts.clone();
                let text = others.remove(page)?;
                Some((text, others))
            }
        }
    }
}

impl<'de, T: Deserialize<'de> + TryFrom<String, Error: fmt::Display>> Deserialize<'de> for Translated<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + TryFrom<String, Error: fmt::Display>> Visitor<'de> for Either<T> {
            type Value = Translated<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, or an object of strings by language")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Translated<T>, E> {
                T::try_from(text.to_owned()).map(Translated::One).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Translated<T>, A::Error> {
                let mut texts = BTreeMap::new();
                while let Some(language) = map.next_key::<Language>()? {
                    if texts.contains_key(&language) {
                        return Err(de::Error::custom(format!("the language {language} appears twice")));
                    }
                    let text = map.next_value()?;
                    texts.insert(language, text);
                }
                if (1..=limits::LANGUAGES).contains(&texts.len()) {
                    Ok(Translated::PerLanguage(texts))
                } else {
                    Err(de::Error::custom(format!(
                        "a text has 1 to {} languages; this one has {}",
                        limits::LANGUAGES,
                        texts.len()
                    )))
                }
            }
        }

        deserializer.deserialize_any(Either(PhantomData))
    }
}
