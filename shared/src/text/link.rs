//! Links, the brand colour and the logo that an operator sets.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::plain::{TextError, check};
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

/// Whether a link may lead there: to the web, or to a mailbox.
pub(super) fn leads_on(url: &str) -> bool {
    let mail = url.split_once(':').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("mailto"));
    web(url).is_some() || mail.is_some_and(|(_, to)| !to.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

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
