//! The parts of a URL that the runtime has parsed and serialised (WHATWG URL): split, not parsed again. A URL parser of our own
//! would be a tenth of the worker.

use std::borrow::Cow;

/// The path and the query of an absolute URL, both still percent-encoded. Cheaper than parsing the URL.
pub fn target(url: &str) -> (&str, &str) {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let target = after_scheme.find(['/', '?']).and_then(|at| after_scheme.get(at..)).unwrap_or("/");
    let target = target.split('#').next().unwrap_or(target);
    match target.split_once('?') {
        Some(("", query)) => ("/", query),
        Some((path, query)) => (path, query),
        None => (target, ""),
    }
}

/// A path or a query without needless percent-encoding: `%73` is the same as `s` (RFC 3986, section 6.2.2.2).
pub fn without_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let digits = after.get(..2).filter(|two| two.bytes().all(|b| b.is_ascii_hexdigit()));
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok()).map(char::from);
        match byte.filter(|c| c.is_ascii_alphanumeric() || "-._~".contains(*c)) {
            Some(unreserved) => {
                plain.push(unreserved);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                plain.push('%');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The host of an absolute URL, with its port if it is not that of the scheme. `example.com.` is the same host as `example.com`.
pub fn host(url: &str) -> String {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit())) {
        Some((name, port)) => format!("{}:{port}", name.trim_end_matches('.')),
        None => authority.trim_end_matches('.').to_owned(),
    }
}

/// The path without doubled slashes and without a slash at its end, if it has any of them.
pub fn without_stray_slashes(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let plain = format!("/{}", parts.join("/"));
    (plain != path).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_is_the_path_and_the_query() {
        for (url, expected) in [
            ("http://127.0.0.1:8787/status.json", ("/status.json", "")),
            ("https://status.example.com/v1/updates?dry_run=true", ("/v1/updates", "dry_run=true")),
            ("https://status.example.com", ("/", "")),
            ("https://status.example.com/?a=/b", ("/", "a=/b")),
            ("https://status.example.com?a=/b#c", ("/", "a=/b")),
        ] {
            assert_eq!(target(url), expected, "{url}");
        }
    }

    #[test]
    fn needless_escapes_are_dropped() {
        for (text, plain) in [
            ("/%73tatus.json", "/status.json"),
            ("/incidents/m%64", "/incidents/md"),
            ("lang=%64%65&x=%2D%7e", "lang=de&x=-~"),
            ("components=a%2Cb%20c", "components=a%2Cb%20c"),
            ("/%2573", "/%2573"),
            ("/%c3%a4%", "/%c3%a4%"),
            ("/%7%37%zz%4", "/%77%zz%4"),
            ("/é%61", "/éa"),
        ] {
            assert_eq!(without_escapes(text), plain, "{text}");
        }
    }

    #[test]
    fn a_host_has_its_port() {
        for (url, expected) in [
            ("https://status.example.com/v1/updates", "status.example.com"),
            ("https://status.example.com./v1/updates", "status.example.com"),
            ("http://127.0.0.1:8787/?a=https://b:1/", "127.0.0.1:8787"),
            ("http://example.com.:8080", "example.com:8080"),
            ("http://[::1]:8787/", "[::1]:8787"),
            ("http://[::1]/", "[::1]"),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }

    #[test]
    fn stray_slashes_are_dropped() {
        for (path, plain) in [
            ("/history/", Some("/history")),
            ("//status.json", Some("/status.json")),
            ("/api//v2/summary.json//", Some("/api/v2/summary.json")),
            ("//", Some("/")),
            ("//evil.example/", Some("/evil.example")),
            ("/", None),
            ("/history", None),
        ] {
            assert_eq!(without_stray_slashes(path).as_deref(), plain, "{path}");
        }
    }
}
