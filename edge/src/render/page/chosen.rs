//! Links that keep the language which somebody chose.

use crate::document::{Document, in_language};

/// The HTML of a page with the language in each link to a page or a feed of ours that names none. Such links begin with a slash; an
/// operator's have a scheme.
pub fn keep_language(html: &str, language: &str) -> String {
    const LINK: &str = " href=\"";
    let is_ours = |target: &str| Document::named(target).is_some_and(|document| document.is_for_people());
    let mut kept = String::with_capacity(html.len());
    for (index, piece) in html.split('<').enumerate() {
        if index > 0 {
            kept.push('<');
        }
        let (tag, text) = piece.split_at(piece.find('>').unwrap_or_default());
        let link = tag.split_once(LINK).and_then(|(before, rest)| Some((before, rest.split_once('"')?)));
        match link.filter(|(_, (target, _))| target.starts_with('/') && is_ours(target)) {
            Some((before, (target, rest))) => {
                kept.extend([before, LINK, &in_language(target, language), "\"", rest]);
            }
            None => kept.push_str(tag),
        }
        kept.push_str(text);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_what_is_in_languages_get_one() {
        for (html, expected) in [
            ("<a href=\"/\">x</a>", "<a href=\"/?lang=de\">x</a>"),
            (
                "<a class=\"b\" href=\"/history\" rel=\"prev\">",
                "<a class=\"b\" href=\"/history?lang=de\" rel=\"prev\">",
            ),
            ("<link href=\"/history.atom\">", "<link href=\"/history.atom?lang=de\">"),
            (
                "<a href=\"/incidents/a\">href=\"/incidents/a\"</a>",
                "<a href=\"/incidents/a?lang=de\">href=\"/incidents/a\"</a>",
            ),
            ("<a href=\"/?lang=fr\">", "<a href=\"/?lang=fr\">"),
            (
                "<a href=\"/badge.svg\"><a href=\"/openapi.json\">",
                "<a href=\"/badge.svg\"><a href=\"/openapi.json\">",
            ),
            (
                "<a href=\"https://a.example/\"><a href=\"#feeds\">",
                "<a href=\"https://a.example/\"><a href=\"#feeds\">",
            ),
            ("<!doctype html>a > b href=\"/\"", "<!doctype html>a > b href=\"/\""),
        ] {
            assert_eq!(keep_language(html, "de"), expected);
        }
    }
}
