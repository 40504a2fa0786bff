//! The components that a document is about.

use std::fmt;

use candor_shared::text::Id;

/// The most components that one document may be about.
const MAX_COMPONENTS: usize = 8;

/// The ids of components and groups, in order and each once; none for the whole page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Components(Vec<Id>);

impl Components {
    /// Reads a value of a query, in which ids are separated by commas or spaces, as they stand or encoded. None if one cannot be
    /// an id, or if there are too many.
    pub fn read(value: &str) -> Option<Self> {
        let value =
            ["%20", "%2C", "%2c", "+"].iter().fold(value.to_owned(), |text, sign| text.replace(sign, ","));
        let mut ids = Vec::new();
        for id in value.split(',').filter(|id| !id.is_empty()) {
            let id = Id::try_from(id.to_owned()).ok()?;
            if let Err(place) = ids.binary_search(&id) {
                ids.insert(place, id);
            }
            if ids.len() > MAX_COMPONENTS {
                return None;
            }
        }
        Some(Self(ids))
    }

    /// Whether it is about the whole page.
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// The ids.
    pub fn ids(&self) -> &[Id] {
        &self.0
    }
}

impl fmt::Display for Components {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.0.iter().map(Id::as_str).collect();
        f.write_str(&ids.join(","))
    }
}

#[cfg(test)]
mod tests {
    use crate::document::Document;

    #[test]
    fn an_embed_of_some_components_has_one_name() {
        for (query, name) in [
            ("components=b,a", "/embed?variant=banner&components=a,b"),
            ("components=a+b", "/embed?variant=banner&components=a,b"),
            ("components=a%20b%2ca%2Cb,,", "/embed?variant=banner&components=a,b"),
            ("components=b&variant=inline&lang=de", "/embed?variant=inline&components=b&lang=de"),
            ("components=a,b,c,d,e,f,g,h,a", "/embed?variant=banner&components=a,b,c,d,e,f,g,h"),
            ("components=", "/embed?variant=banner"),
            ("components=,+", "/embed?variant=banner"),
        ] {
            let document = Document::at("/embed", query).unwrap_or_else(|| panic!("{query}"));
            assert_eq!(document.path(), name, "{query}");
            assert_eq!(Document::named(name).unwrap().path(), name);
        }
        for query in ["components=A", "components=a,%61", "components=a;b", "components=a,b,c,d,e,f,g,h,i"] {
            assert_eq!(Document::at("/embed", query), None, "{query}");
        }
    }
}
