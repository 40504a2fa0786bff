//! What an operator says: in the page's language, or in several.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::{Language, Page, Rejection, limits};

/// A text: `"We are on it."`, or in several languages `{"en": "We are on it.", "de": "Wir sind dran."}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said<T> {
    /// In the page's language.
    Once(T),
    /// By language; the page's is among them.
    InEach(BTreeMap<Language, T>),
}

impl<T: Clone> Said<T> {
    /// The text in the page's language, and in all others.
    ///
    /// # Errors
    /// If it is not said in the page's language.
    pub(crate) fn on(&self, page: &Page, pointer: &str) -> Result<(T, BTreeMap<Language, T>), Rejection> {
        match self {
            Self::Once(text) => Ok((text.clone(), BTreeMap::new())),
            Self::InEach(texts) => {
                let language = page.language();
                let mut others = texts.clone();
                let own = others.remove(&language).ok_or_else(|| {
                    let detail =
                        format!("Say it in \"{language}\" too, the page's language (page.set \"language\").");
                    Rejection::invalid(pointer, detail)
                })?;
                Ok((own, others))
            }
        }
    }
}

impl<'de, T: Deserialize<'de> + TryFrom<String, Error: fmt::Display>> Deserialize<'de> for Said<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + TryFrom<String, Error: fmt::Display>> Visitor<'de> for Either<T> {
            type Value = Said<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, or an object of strings by language")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Said<T>, E> {
                T::try_from(text.to_owned()).map(Said::Once).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Said<T>, A::Error> {
                let mut texts = BTreeMap::new();
                while let Some(language) = map.next_key::<Language>()? {
                    if texts.contains_key(&language) {
                        return Err(de::Error::custom(format!("the language {language} stands twice in it")));
                    }
                    let text = map.next_value()?;
                    texts.insert(language, text);
                }
                match (1..=limits::LANGUAGES).contains(&texts.len()) {
                    true => Ok(Said::InEach(texts)),
                    false => Err(de::Error::custom(format!(
                        "a text is said in 1 to {} languages; this one in {}",
                        limits::LANGUAGES,
                        texts.len()
                    ))),
                }
            }
        }

        deserializer.deserialize_any(Either(PhantomData))
    }
}
