//! Links, the brand colour and the logo that an operator sets.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use super::plain::{TextError, check, is_invisible};
use crate::limits;

text! {
    /// An absolute `http` or `https` URL of at most 2,048 characters.
    Url, |text| {
        check(text, limits::URL_CHARS, &[])?;
        let is_url = web(text).is_some() && !text.contains(|c: char| c.is_whitespace() || "\"<>\\^`{|}".contains(c));
        is_url.then_some(()).ok_or(TextError::Url)
    }
}

text! {
    /// An absolute `http`, `https` or `mailto` URL of at most 2,048 characters.
    Link, |text| {
        let mail = text.strip_prefix("mailto:");
        match mail {
            Some(address) if address.len() <= limits::URL_CHARS
                && address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
                && address.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b)) => Ok(()),
            None if Url::try_from(text.to_owned()).is_ok() => Ok(()),
            _ => Err(TextError::Link),
        }
    }
}

text! {
    /// A colour: `#` and six hexadecimal digits.
    Color, |text| {
        let digits = text.strip_prefix('#').unwrap_or_default();
        (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit())).then_some(()).ok_or(TextError::Color)
    }
}

text! {
    /// A small image as a data URL (RFC 2397) of at most 8,192 characters: SVG, PNG or WebP in base64.
    Logo, |text| {
        let data = ["svg+xml", "png", "webp"]
            .iter()
            .find_map(|kind| text.strip_prefix("data:image/")?.strip_prefix(kind)?.strip_prefix(";base64,"));
        let is_base64 = |b: u8| b.is_ascii_alphanumeric() || b"+/=".contains(&b);
        (text.len() <= limits::LOGO_CHARS && data.is_some_and(|data| !data.is_empty() && data.bytes().all(is_base64)))
            .then_some(())
            .ok_or(TextError::Logo)
    }
}

impl Url {
    /// Why no client can open it; nothing if clients can.
    pub fn fault(&self) -> Option<String> {
        fault(self.as_str())
    }

    /// The address as programs take it (RFC 3986), which may know no other letters than those of ASCII.
    pub fn ascii(&self) -> String {
        ascii(self.as_str())
    }
}

impl Link {
    /// Why no client can open it; nothing if clients can.
    pub fn fault(&self) -> Option<String> {
        fault(self.as_str())
    }

    /// The address as programs take it (RFC 3986), which may know no other letters than those of ASCII.
    pub fn ascii(&self) -> String {
        ascii(self.as_str())
    }
}

/// Why no client can open an address that has the form of one.
fn fault(address: &str) -> Option<String> {
    if let Some((at, unseen)) = address.char_indices().find(|(_, c)| is_invisible(*c)) {
        let code = u32::from(unseen);
        let rest = web(address).unwrap_or_default();
        let host = address
            .len()
            .saturating_sub(rest.len())
            .saturating_add(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let meant =
            if at < host { "the host in Punycode (xn--…)".to_owned() } else { percent_encoded(unseen) };
        return Some(format!(
            "has a character that nobody sees (U+{code:04X}); remove it, or write {meant} if it is meant"
        ));
    }
    Some(fault_of_parts(address)?.to_owned())
}

/// What is wrong with a part of the address.
fn fault_of_parts(address: &str) -> Option<&'static str> {
    let is_hex = |text: Option<&str>| text.is_some_and(|two| two.bytes().all(|b| b.is_ascii_hexdigit()));
    if address.split('%').skip(1).any(|after| !is_hex(after.get(..2))) {
        return Some("has a % without two hexadecimal digits after it; write %25 for the sign itself");
    }
    let authority = web(address)?.split(['/', '?', '#']).next().unwrap_or_default();
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let (host, port) = parts(place);
    if !(port.is_empty() || port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok()) {
        return Some("has a port that is not a number from 1 to 65535");
    }
    if port.parse() == Ok(0_u16) {
        return Some("has the port 0, at which nothing answers");
    }
    if !is_host(host) {
        return Some("has a host that is neither a name nor an IP address");
    }
    if !host.split('.').all(is_readable) {
        return Some("has a host with xn-- that is no Punycode");
    }
    // Programs agree about these letters only after a normalisation, for which there are no tables here.
    host.contains(is_form)
        .then_some("has a host with letters that have another form; write it in Punycode (xn--…)")
}

/// The host and the port of what stands after the user.
fn parts(place: &str) -> (&str, &str) {
    match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (place, ""),
    }
}

/// Whether the character is a form of another one, or a part of one: a sign that combines with a letter of the scripts that have whole
/// ones, raised, ligated, presented, full or half in width, or a full stop that browsers take for a dot.
fn is_form(c: char) -> bool {
    matches!(c,
        'ª' | '²'..='³' | '¹'..='º' | '\u{300}'..='\u{36F}' | '\u{1100}'..='\u{11FF}' | '\u{2070}'..='\u{209F}' | '\u{2100}'..='\u{218F}'
        | '\u{2460}'..='\u{24FF}' | '\u{3002}' | '\u{3099}'..='\u{309A}' | '\u{F900}'..='\u{FAFF}' | '\u{FB00}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' | '\u{FF00}'..='\u{FFEF}' | '\u{1D400}'..='\u{1D7FF}' | '\u{2F800}'..='\u{2FA1F}')
}

/// A character as a URL has it where it may not stand.
fn percent_encoded(c: char) -> String {
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes).bytes().map(|b| format!("%{b:02X}")).collect()
}

/// The address with its host in Punycode (RFC 3492), and everything else that is not ASCII percent-encoded (RFC 3987, section 3.1). A
/// host that cannot be written so stays as it is.
fn ascii(address: &str) -> String {
    let address = encoded(address);
    let rest = web(&address).unwrap_or_default();
    let (scheme, rest) =
        address.split_at_checked(address.len().saturating_sub(rest.len())).unwrap_or_default();
    let (authority, path) =
        rest.split_at_checked(rest.find(['/', '?', '#']).unwrap_or(rest.len())).unwrap_or_default();
    let place = authority.rfind('@').map_or(0, |at| at.saturating_add(1));
    let (user, place) = authority.split_at_checked(place).unwrap_or_default();
    let host = parts(place).0;
    let (_, port) = place.split_at_checked(host.len()).unwrap_or_default();
    let label = |label: &str| match label.is_ascii() {
        true => Some(label.to_owned()),
        false => {
            let small: String = label.chars().flat_map(char::to_lowercase).collect();
            // The sign for kelvins is a K.
            let is_ascii = small.is_ascii();
            if is_ascii { Some(small) } else { Some(format!("xn--{}", idna::punycode::encode_str(&small)?)) }
        }
    };
    let host =
        host.split('.').map(label).collect::<Option<Vec<_>>>().map_or(host.to_owned(), |all| all.join("."));
    let plain = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii() { c.to_string() } else { percent_encoded(c) }).collect()
    };
    format!("{}{}{host}{port}{}", plain(scheme), plain(user), plain(path))
}

/// Whether it is an IP address, or a name as names of hosts are (RFC 1123, section 2.1), in any script. A name that ends in a number
/// is an IPv4 address (URL standard, "ends in a number").
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address.strip_suffix(']').is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_label = |label: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c) || !c.is_ascii();
        (1..=63).contains(&label.len()) && label.chars().all(known)
    };
    let is_number = |label: &str| label.bytes().all(|b| b.is_ascii_digit());
    let is_address = name.rsplit('.').next().is_some_and(is_number);
    name.split('.').all(is_label) && (!is_address || name.parse::<Ipv4Addr>().is_ok())
}

/// Whether a label of a host is no Punycode, or stands for a label that has letters beyond those of ASCII.
fn is_readable(label: &str) -> bool {
    let (start, code) = label.split_at_checked(4).unwrap_or((label, ""));
    let decoded = || idna::punycode::decode_to_string(&code.to_ascii_lowercase());
    !start.eq_ignore_ascii_case("xn--") || decoded().is_some_and(|text| !text.is_ascii())
}

/// What follows the scheme of an absolute `http` or `https` URL: a host, and more. A scheme may be written in capitals (RFC 3986,
/// section 3.1). Without both slashes a browser reads the rest as a path of the page around it.
pub(super) fn web(url: &str) -> Option<&str> {
    let after = |scheme: &str| {
        let (start, rest) = url.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    };
    let host = after("https://").or_else(|| after("http://"))?;
    host.starts_with(|c: char| c.is_alphanumeric() || c == '[').then_some(host)
}

/// The address as a program takes it: what no URL contains is percent-encoded (URL standard, "URL code points"). Brackets stand
/// around the host only, if it is an IPv6 address; letters of other scripts stay, as they may in a link.
pub(super) fn encoded(address: &str) -> String {
    let host = web(address).map_or(0, |rest| address.len().saturating_sub(rest.len()));
    let path = address.get(host..).and_then(|rest| rest.find(['/', '?', '#'])).unwrap_or(address.len());
    let path = if host == 0 { 0 } else { host.saturating_add(path) };
    let mut encoded = String::with_capacity(address.len());
    for (at, c) in address.char_indices() {
        match c {
            '[' | ']' if at < path => encoded.push(c),
            ' ' | '"' | '<' | '>' | '[' | '\\' | ']' | '^' | '`' | '{' | '|' | '}' => {
                encoded.push_str(&format!("%{:02X}", u32::from(c)));
            }
            _ => encoded.push(c),
        }
    }
    encoded
}

/// Whether a link may lead there: to the web, or to a mailbox.
pub(super) fn leads_on(url: &str) -> bool {
    let mail = url.split_once(':').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("mailto"));
    web(url).is_some() || mail.is_some_and(|(_, to)| !to.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_encoded_where_no_url_has_a_character() {
        for (address, expected) in [
            ("http://[2001:db8::1]:8080/path?x=[1]", "http://[2001:db8::1]:8080/path?x=%5B1%5D"),
            ("HTTPS://[::1]", "HTTPS://[::1]"),
            ("https://[::1]?[", "https://[::1]?%5B"),
            ("https://a.example#[x]", "https://a.example#%5Bx%5D"),
            ("https://a.example/a b%20\\|c", "https://a.example/a%20b%20%5C%7Cc"),
            ("https://état.example/é", "https://état.example/é"),
            ("mailto:[a]@b.example", "mailto:%5Ba%5D@b.example"),
        ] {
            assert_eq!(encoded(address), expected, "{address}");
            assert_eq!(encoded(expected), expected, "{address}");
        }
    }

    #[test]
    fn an_address_that_no_client_can_open_has_a_fault() {
        let fault = |text: &str| Url::try_from(text.to_owned()).unwrap().fault();
        assert!(Link::try_from("https://help.example/\u{200d}".to_owned()).unwrap().fault().is_some());
        for (address, expected) in [
            ("https://status.example.com:99999", "port"),
            ("https://status.example.com:65536/x", "port"),
            ("https://[::1]:x", "port"),
            ("https://status.example.com:0", "port 0"),
            ("https://[::1]:000/x", "port 0"),
            ("https://xn--/", "no Punycode"),
            ("https://status.XN--.example/", "no Punycode"),
            ("https://xn--abc-.example", "no Punycode"),
            ("https://xn--99999999.example", "no Punycode"),
            ("https://status.example.com:80:80", "host"),
            ("https://status.example.com/%zz", "%"),
            ("https://status.example.com/?a=100%", "%"),
            ("https://status.example.com/#%4", "%"),
            ("https://a..example.com", "host"),
            ("https://[::zz]/", "host"),
            ("https://[::1", "host"),
            ("https://1.2.3.4.5", "host"),
            ("https://a%20b.example", "host"),
            ("https://a,b.example", "host"),
            ("https://status.example.com/\u{200b}", "U+200B"),
            ("https://status.example.com/\u{202e}", "U+202E"),
            ("https://status.example.com\u{feff}/x", "U+FEFF"),
            ("https://status.example.com\u{200b}", "Punycode"),
            ("https://例え。jp", "another form"),
            ("https://ﬁsh.example", "another form"),
            ("https://sta\u{ad}tus.example.com", "U+00AD"),
            ("https://status.example.com/a\u{2060}b?c#d", "U+2060"),
            ("https://status.example.com/\u{e0041}", "U+E0041"),
            ("https://e\u{301}tat.example", "Punycode"),
            ("https://ｓtatus.example", "Punycode"),
            (&format!("https://{}.example", "a".repeat(64)), "host"),
        ] {
            assert!(
                fault(address).is_some_and(|fault| fault.contains(expected)),
                "{address}: {:?}",
                fault(address)
            );
        }
        for address in [
            "https://status.example.com",
            "https://status.example.com.:443/%7Ea?b=%C3%A9#c",
            "http://127.0.0.1:8787/demo/",
            "http://localhost:",
            "https://[2001:db8::1]:8080/[x]",
            "https://user:secret@a_b.example",
            "https://münchen.example/état",
            "https://123.example",
            "https://xn--r8jz45g.jp:1/",
            "https://XN--MNCHEN-3YA.example",
        ] {
            assert_eq!(fault(address), None, "{address}");
        }
        let link = |text: &str| Link::try_from(text.to_owned()).unwrap().fault();
        assert_eq!(link("mailto:a@b.example?subject=%41"), None);
        assert!(link("mailto:a@b.example?subject=100%").is_some() && link("http://a:99999").is_some());
    }

    #[test]
    fn programs_get_ascii() {
        for (address, expected) in [
            (
                "https://例え.jp/ステータス/",
                "https://xn--r8jz45g.jp/%E3%82%B9%E3%83%86%E3%83%BC%E3%82%BF%E3%82%B9/",
            ),
            ("https://státus.example/", "https://xn--sttus-yqa.example/"),
            (
                "HTTPS://MÜNCHEN.example:8080?ä=ö#ü",
                "HTTPS://xn--mnchen-3ya.example:8080?%C3%A4=%C3%B6#%C3%BC",
            ),
            ("https://пример.испытание", "https://xn--e1afmkfd.xn--80akhbyknj4f"),
            ("https://u:ö@faß.de/a[1]", "https://u:%C3%B6@xn--fa-hia.de/a%5B1%5D"),
            ("https://[::1]:8080/é%20", "https://[::1]:8080/%C3%A9%20"),
            ("https://status.example.com/x?y=1", "https://status.example.com/x?y=1"),
        ] {
            let url = Url::try_from(address.to_owned()).unwrap();
            assert_eq!(url.ascii(), expected, "{address}");
            assert_eq!(Url::try_from(expected.to_owned()).unwrap().ascii(), expected);
            assert_eq!((url.fault(), Url::try_from(url.ascii()).unwrap().fault()), (None, None), "{address}");
        }
        assert_eq!(Link::try_from("mailto:a@b.example".to_owned()).unwrap().ascii(), "mailto:a@b.example");
    }

    proptest::proptest! {
        #[test]
        fn an_address_for_programs_is_ascii_and_opens(host in "[a-zß-öα-ωа-яא-ת一-龥]{1,9}", path in "[a-zé日/?#]{0,9}") {
            let url = Url::try_from(format!("https://{host}.example/{path}")).unwrap();
            proptest::prop_assert!(url.ascii().is_ascii());
            proptest::prop_assert_eq!(Url::try_from(url.ascii()).unwrap().fault(), None);
        }
    }

    #[test]
    fn links_colours_and_logos_are_checked() {
        assert!(Url::try_from("https://status.example.com/x?y=1".to_owned()).is_ok());
        assert!(Url::try_from("HTTPS://Status.example.com".to_owned()).is_ok());
        assert!(Url::try_from("http://127.0.0.1:8787/demo/".to_owned()).is_ok());
        for bad in [
            "javascript:alert(1)",
            "//example.com",
            "https://",
            "https:// x",
            "https://a\"b",
            "HTTPS",
            "https:a.example",
            "http:/a.example",
        ] {
            assert_eq!(Url::try_from(bad.to_owned()), Err(TextError::Url), "{bad}");
            assert_eq!(Link::try_from(bad.to_owned()), Err(TextError::Link), "{bad}");
        }
        for good in ["https://example.com/help", "mailto:help@example.com?subject=Status"] {
            assert!(Link::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in ["mailto:", "mailto:x", "mailto:@x", "mailto:a@b\"><script>", "tel:+1", "data:text/html,x"]
        {
            assert_eq!(Link::try_from(bad.to_owned()), Err(TextError::Link), "{bad}");
        }
        assert!(Color::try_from("#2266dD".to_owned()).is_ok());
        for bad in ["", "#", "red", "#26d", "#2266dg", "#2266dd;}", "2266dd"] {
            assert_eq!(Color::try_from(bad.to_owned()), Err(TextError::Color), "{bad}");
        }
        assert!(Logo::try_from("data:image/png;base64,iVBORw0KGgo=".to_owned()).is_ok());
        for bad in [
            "https://example.com/logo.png",
            "data:image/png;base64,",
            "data:image/png;base64,a\"b",
            "data:text/html;base64,AAAA",
            "data:image/svg+xml,<svg/>",
            &format!("data:image/png;base64,{}", "A".repeat(limits::LOGO_CHARS)),
        ] {
            assert_eq!(Logo::try_from(bad.to_owned()), Err(TextError::Logo), "{bad}");
        }
    }
}
