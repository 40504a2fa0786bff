//! What this browser remembers of a status page, across the pages and windows of an origin: under the names and in the form of the
//! loader (`loader/watch.js`), so that a script tag and an application on one origin agree. Where there is no storage (a sandboxed
//! frame, a private window), it is remembered for the page view.

#[cfg(feature = "csr")]
pub(crate) use browser::Memory;

/// How many words are remembered. The oldest is forgotten first.
const ROOM: usize = 50;

/// The last of all these words, each once.
fn merged<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = Vec::new();
    for word in words {
        if !all.contains(&word) {
            all.push(word);
        }
    }
    let newest = all.split_off(all.len().saturating_sub(ROOM));
    newest.join(" ")
}

#[cfg(feature = "csr")]
mod browser {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    use web_sys::{Storage, Url};

    use super::merged;
    use crate::address::{BULLETIN, beside};

    thread_local! {
        /// The same for this page view.
        static HERE: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
    }

    /// What is remembered of one page, as words between spaces.
    pub(crate) struct Memory {
        /// The absolute address of the bulletin.
        address: String,
    }

    impl Memory {
        /// Of the page at this address.
        pub(crate) fn of(url: &str) -> Self {
            let address = beside(url, BULLETIN);
            let document = web_sys::window().and_then(|window| window.document());
            let base = document.and_then(|document| document.base_uri().ok().flatten()).unwrap_or_default();
            let absolute = Url::new_with_base(&address, &base).ok().map(|url| url.href());
            Self { address: absolute.unwrap_or(address) }
        }

        /// The keys of the lines that were closed.
        pub(crate) fn closed(&self) -> String {
            recall(&self.name("closed"))
        }

        /// The ids of the incidents that were shown.
        pub(crate) fn met(&self) -> String {
            recall(&self.name("met"))
        }

        /// Remembers the keys of lines that were closed.
        pub(crate) fn close(&self, keys: &str) {
            keep(self.name("closed"), keys);
        }

        /// Remembers the ids of incidents that were shown.
        pub(crate) fn meet(&self, ids: &str) {
            keep(self.name("met"), ids);
        }

        fn name(&self, what: &str) -> String {
            ["candor:", &self.address, what].concat()
        }
    }

    fn storage() -> Option<Storage> {
        web_sys::window()?.local_storage().ok()?
    }

    fn stored(name: &str) -> String {
        storage().and_then(|storage| storage.get_item(name).ok().flatten()).unwrap_or_default()
    }

    fn recall(name: &str) -> String {
        HERE.with_borrow(|here| {
            let here = here.get(name).map_or("", String::as_str);
            merged(stored(name).split_whitespace().chain(here.split_whitespace()))
        })
    }

    fn keep(name: String, more: &str) {
        let known = recall(&name);
        let all = merged(known.split_whitespace().chain(more.split_whitespace()));
        if all == known {
            return;
        }
        if let Some(storage) = storage() {
            let _ = storage.set_item(&name, &all);
        }
        HERE.with_borrow_mut(|here| here.insert(name, all));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_remembered_once_and_the_oldest_is_forgotten() {
        // The loader's text may begin with a space.
        let text = merged(" a b".split_whitespace().chain("b c a".split_whitespace()));
        assert_eq!(text, "a b c");
        let numbers: Vec<String> = (0..60).map(|number| number.to_string()).collect();
        let text = merged(numbers.iter().map(String::as_str));
        assert!(text.starts_with("10 11 ") && text.ends_with(" 59"), "{text}");
        assert_eq!(merged("".split_whitespace()), "");
    }
}
