//! Bodies are taken as they are: one with a content coding (RFC 9110 section 8.4) is refused, not decoded, so that a request costs no more
//! than its bytes. A body that was compressed without saying so is recognised by its first bytes (section 15.5.16 permits a 415 "as a
//! result of inspecting the data directly"), so that it is not taken for bad JSON.

use crate::http::Problem;

/// What the formats into which bodies are compressed begin with. No JSON has these bytes, whether at its beginning or at a place where a
/// part of an export begins.
const BEGINNINGS: [(&[u8], &str); 7] = [
    (&[0x1F, 0x8B], "gzip"),
    (&[0x28, 0xB5, 0x2F, 0xFD], "zstd"),
    (&[0x1F, 0x9D], "compress"),
    (&[0x1F, 0xA0], "compress"),
    (&[0xFD, b'7', b'z', b'X', b'Z', 0], "xz"),
    (b"BZh91AY&SY", "bzip2"),
    (b"PK\x03\x04", "ZIP"),
];
/// How many of the first bytes tell zlib from text. Compressed data is not UTF-8 for so long.
const HEAD_BYTES: usize = 16;

/// Refuses a request by its header `Content-Encoding`: every coding but `identity`, which is none.
///
/// # Errors
/// A 415 that names the header's value.
pub(super) fn declared(content_encoding: Option<&str>) -> Result<(), Problem> {
    let Some(value) = content_encoding else { return Ok(()) };
    let is_none =
        |coding: &str| matches!(coding.trim(), "") || coding.trim().eq_ignore_ascii_case("identity");
    if value.split(',').all(is_none) {
        return Ok(());
    }
    let shown: String = value.chars().take(80).collect();
    Err(Problem::unsupported_coding(format!(
        "Content-Encoding is \"{shown}\", and no content coding is read here. Send the body as it is, uncompressed, and leave this header out."
    )))
}

/// Refuses a body that is compressed, whatever the headers say.
///
/// # Errors
/// A 415 that names the format.
pub(super) fn inspected(body: &[u8]) -> Result<(), Problem> {
    let known = BEGINNINGS.iter().find(|(beginning, _)| body.starts_with(beginning)).map(|(_, name)| *name);
    known.or_else(|| is_zlib(body).then_some("zlib, also called deflate")).map_or(Ok(()), |name| {
        Err(Problem::unsupported_coding(format!(
            "The body is compressed ({name}), and no content coding is read here. Send it as it is, uncompressed."
        )))
    })
}

/// Whether the body begins as zlib data does (RFC 1950 section 2.2), and not as text.
fn is_zlib(body: &[u8]) -> bool {
    let [method, flags, ..] = *body else { return false };
    let head = body.get(..HEAD_BYTES).unwrap_or(body);
    // A character that is cut at the end of the head is no mistake.
    let is_text = std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    let is_header = method & 0x0F == 8 && method >> 4 <= 7 && u16::from_be_bytes([method, flags]) % 31 == 0;
    is_header && (!is_text || head.iter().any(|byte| *byte < 0x09))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(outcome: Result<(), Problem>) -> String {
        let problem = outcome.unwrap_err();
        assert_eq!((problem.status, problem.accept_encoding), (415, Some("identity")));
        problem.detail
    }

    #[test]
    fn a_content_coding_is_named() {
        for value in
            ["gzip", "br", "deflate", "zstd", "GZIP", "x-gzip", "identity, gzip", "aws-chunked", "utf-8"]
        {
            assert!(
                detail(declared(Some(value))).contains(&format!("Content-Encoding is \"{value}\"")),
                "{value}"
            );
        }
        for value in [None, Some(""), Some("identity"), Some("Identity"), Some(" identity , ")] {
            assert!(declared(value).is_ok(), "{value:?}");
        }
        assert!(detail(declared(Some(&"x".repeat(9_000)))).len() < 300);
    }

    #[test]
    fn a_compressed_body_is_named_by_its_first_bytes() {
        for (body, name) in [
            (&b"\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\x03\xAB\x56"[..], "gzip"),
            (b"\x1F\x8B", "gzip"),
            (b"\x28\xB5\x2F\xFD\x24\x25", "zstd"),
            (b"\x78\x9C\xAB\x56\x2A\xA9\x2C\x48\x55\xB2\x52\xCA", "zlib"),
            (b"\x78\xDA\xAB\x56\x2A\xA9\x2C\x48\x55\xB2\x52\xCA", "zlib"),
            (b"\x78\x01\x01\x17\x00\xE8\xFF{\"type\":\"", "zlib"),
            (b"\x78\x5E\xAB\x56\x2A\xA9\x2C\x48\x55\xB2\x52\xCA", "zlib"),
            (b"PK\x03\x04\x14\x00", "ZIP"),
            (b"BZh91AY&SY\x00", "bzip2"),
            (b"\xFD7zXZ\x00\x00", "xz"),
        ] {
            assert!(detail(inspected(body)).contains(&format!("({name}")), "{name}");
        }
    }

    /// Text is not taken for compressed, also if it is no JSON, is not UTF-8, or is a part of an export that begins inside a text.
    #[test]
    fn text_is_not_compressed() {
        for body in [
            &b""[..],
            b"x",
            b"{\"type\":\"notice.clear\"}",
            b"x^2 is a power",
            "x\u{687}\u{6AB} and more text".as_bytes(),
            "x\u{687}\u{6AB} and more \u{20AC}".as_bytes(),
            "x\u{687}\u{6AB} and more \u{20AC}".as_bytes().split_at(15).0,
            b"\xE9\xE8 in Latin-1",
            b"\x8B\x1F the rest of a character",
            b"BZh, PK, xz",
            b"\xFF\xFE{\0}\0",
        ] {
            assert!(inspected(body).is_ok(), "{body:?}");
        }
    }
}
