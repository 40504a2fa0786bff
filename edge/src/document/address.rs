//! The parts of the addresses of documents.

/// The most digits in the page number of a month's history.
const PAGE_DIGITS: usize = 4;

/// The address of a document in a language.
pub fn in_language(address: &str, language: &str) -> String {
    with(address, "lang", language)
}

/// An address with one more parameter.
pub(super) fn with(address: &str, parameter: &str, value: &str) -> String {
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{parameter}={value}")
}

/// The first value of a parameter, not decoded: no valid value of a document's parameter needs an escape.
pub fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// The same of a parameter that decides what a document is about: none if it is there twice with two values.
pub(super) fn only<'a>(query: &'a str, name: &str) -> Option<Option<&'a str>> {
    let mut values = query.split('&').filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let first = values.next();
    values.all(|value| Some(value) == first).then_some(first)
}

/// The number of a page of a month, from 2: page 1 is named without a number.
pub(super) fn page_number(text: &str) -> Option<u32> {
    let plain = (1..=PAGE_DIGITS).contains(&text.len())
        && !text.starts_with('0')
        && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten().filter(|page| *page > 1)
}
