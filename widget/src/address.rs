//! Where a page's documents are.

/// The name of the bulletin.
pub(crate) const BULLETIN: &str = "bulletin.json";

/// The address of a document of a page. `url` is the page's address, or the address of a JSON document of the page, such as
/// `status.json`, beside which the others are.
pub(crate) fn beside(url: &str, name: &str) -> String {
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    let folder = match bare.rsplit_once('/') {
        Some((folder, file)) if file.ends_with(".json") => folder,
        None if bare.ends_with(".json") => return name.to_owned(),
        _ => bare.trim_end_matches('/'),
    };
    [folder, "/", name].concat()
}

/// The address in a language, a BCP 47 tag; the server chooses if it is empty.
pub(crate) fn in_language(address: &str, language: &str) -> String {
    let tag: String = language.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    if tag.is_empty() { address.to_owned() } else { [address, "?lang=", &tag].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_or_one_of_its_documents_leads_to_the_bulletin() {
        for (url, address) in [
            ("https://status.example", "https://status.example/bulletin.json"),
            ("https://status.example/", "https://status.example/bulletin.json"),
            ("https://status.example/?a=b#c", "https://status.example/bulletin.json"),
            ("https://status.example/status.json", "https://status.example/bulletin.json"),
            ("https://status.example/bulletin.json?lang=de", "https://status.example/bulletin.json"),
            ("https://example.com/status", "https://example.com/status/bulletin.json"),
            ("/status.json", "/bulletin.json"),
            ("status.json", "bulletin.json"),
            ("", "/bulletin.json"),
        ] {
            assert_eq!(beside(url, BULLETIN), address, "{url}");
        }
    }

    #[test]
    fn a_language_is_asked_for() {
        assert_eq!(in_language("/bulletin.json", "pt-BR"), "/bulletin.json?lang=pt-BR");
        assert_eq!(in_language("/bulletin.json", ""), "/bulletin.json");
        assert_eq!(in_language("/bulletin.json", "de&x=y"), "/bulletin.json?lang=dexy");
    }
}
