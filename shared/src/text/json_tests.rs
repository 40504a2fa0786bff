//! Texts that are not JSON, with the cause that each shows, and texts that do not show the cause that they resemble.

use super::*;
use proptest::prelude::*;

fn why(text: &[u8]) -> String {
    fault(text, &serde_json::from_slice::<serde_json::Value>(text).unwrap_err())
}

#[test]
fn the_cause_is_named() {
    for (text, expected) in [
        (r#"{\"type\":\"notice.clear\"}"#, "backslash"),
        (r#"[{\"type\":1}]"#, "backslash"),
        (r#"[\n {"id":"ops"}]"#, "backslash"),
        ("{\"a\":1}\\n", "backslash"),
        (r#"'[{"id":"ops"}]'"#, "Single quotes are around"),
        (r#"[{"id":"ops"}]'"#, "Single quotes are around"),
        ("[{'id':'ops'}]", "where JSON has double quotes"),
        (r#"{"a":'b'}"#, "where JSON has double quotes"),
        ("[{id:ops,secret:x}]", "shell removed"),
        ("[ { id: ops } ]", "shell removed"),
        (r#"{"a":b}"#, "shell removed"),
        (r#"{"a":True}"#, "not true, false or null"),
        (r#"{"a":NaN}"#, "not true, false or null"),
        (r#""{"type":"x"}""#, "Double quotes stand around"),
        ("[{\u{201C}id\u{201D}:1}]", "curly quote (U+201C)"),
        ("{\"a\":\u{201E}b\u{201C}}", "curly quote (U+201E)"),
        ("{\"a\":\u{AB}b\u{BB}}", "curly quote (U+00AB)"),
        ("{\"a\":\"b\u{201D}}", "or a curly quote stands where it was to end"),
        ("{\"a\":\"b\u{201D},\"c\":1}", "or a curly quote stands where it was to end"),
        ("{\u{A0}\"a\":1}", "invisible character (U+00A0)"),
        ("{\"a\":1}\u{200B}", "invisible character (U+200B)"),
        ("{\u{1B}[0m\"a\":1}", "invisible character (U+001B)"),
        ("{\u{FFFD}\"a\":1}", "U+FFFD stands there"),
        ("CANDOR_KEYS=[]", "name of the setting"),
        ("W3siaWQiOiJvcHMifV0=", "base64"),
        ("eyJ0eXBlIjoibm90aWNlLmNsZWFyIn0=", "base64"),
        ("type=notice.clear", "form"),
        ("payload=eyJ0eXBlIjoibm90aWNlLmNsZWFyIn0=", "form"),
        ("a=b=", "form"),
        ("aHVudGVyMmh1bnRlcjI=", "begins with a word"),
        ("whsec_aHVudGVyMmh1bnRlcjJodW50ZXIy=", "A key stands there alone"),
        ("ops:whsec_aHVudGVyMmh1bnRlcjJodW50ZXIy", "A key stands there alone"),
        ("ops=whsk_aHVudGVyMmh1bnRlcjJodW50ZXIyaHU==", "A key stands there alone"),
        ("- type: notice.clear", "begins like YAML"),
        ("- id: ops\n  role: operator\n", "begins like YAML"),
        ("---\ntype: notice.clear\n", "begins like YAML"),
        ("type: notice.clear\n", "begins like YAML"),
        ("// why\n{}", "a comment"),
        ("/* why */{}", "a comment"),
        ("# why\n{}", "a comment"),
        ("<!-- why -->{}", "a comment"),
        ("<!doctype html><p>", "HTML or XML"),
        ("<?xml version=\"1.0\"?>", "HTML or XML"),
        ("<update/>", "HTML or XML"),
        ("/tmp/update.json", "name of a file"),
        ("./update.json", "name of a file"),
        ("@update.json", "name of a file"),
        ("{&quot;type&quot;:1}", "escaped as in HTML"),
        ("[{&#34;type&#34;:1}]", "escaped as in HTML"),
        ("&quot;x", "escaped as in HTML"),
        ("$BODY", "the shell did not replace"),
        ("${BODY}", "the shell did not replace"),
        ("[$(cat x.json)]", "the shell did not replace"),
        (&"[".repeat(200), "nested in each other 128 times"),
        (&r#"{"a":"#.repeat(200), "nested in each other 128 times"),
        ("%7B%22type%22%3A1%7D", "percent-encoded"),
        ("nonsense", "begins with { or ["),
        ("{\"a\":1}{\"a\":1}", "one array"),
        ("{\"a\":1, // why\n\"b\":2}", "no comments"),
        (r#"{"body":"He said "no" to us"}"#, "double quote in it"),
        (r#"{"a":"b" "c":"d"}"#, "comma is missing"),
        (r#"{"type":"notice.post","body":"It"#, "cut short"),
        ("[{\"a\":1}", "cut short"),
        ("", "empty"),
        (" \n", "empty"),
        ("\u{FEFF}{}", "byte order mark"),
        ("ï»¿{}", "byte order mark"),
        ("{\"a\":\"x\ny\"}", "a line end in it: write \\n"),
        ("{\"a\":\n\"x\ty\"}", "a tab in it: write \\t"),
        ("{\"a\":\"\u{1B}[31mred\"}", "U+001B in it (ESC"),
        ("{\"a\":\"x\0\"}", "U+0000"),
        ("{\"a\":\n\n\"x\u{8}\"}", "U+0008"),
        (r#"{"a":"\ud83d"}"#, "unpaired surrogate"),
        (r#"{"a":"\ud83d and more"}"#, "unpaired surrogate"),
        (r#"{"a":"\ude00"}"#, "unpaired surrogate"),
        (r#"{"a":"\ud83d\u0041"}"#, "unpaired surrogate"),
        (r#"{"a":"\x41"}"#, "needs none"),
        (r#"{"a":"it\'s"}"#, "needs none"),
        (r#"{"a":"C:\users"}"#, "Four hex digits"),
        (r#"{"a":"\u12"}"#, "Four hex digits"),
    ] {
        let why = why(text.as_bytes());
        assert!(why.contains(expected), "{text}: {why}");
    }
}

#[test]
fn another_encoding_is_named_only_where_it_is_the_cause() {
    for (text, expected) in [
        (&b"\xFF\xFE{\0}\0"[..], "UTF-16"),
        (b"\xFE\xFF\0{\0}", "UTF-16"),
        (b"{\0}\0", "UTF-16"),
        (b"\0{\0}", "UTF-16"),
        (b"{\"a\":\"caf\xE9\"}", "not UTF-8 from byte 10 on"),
        (b"{\"a\":\"x\x80\x81\",}", "not UTF-8 from byte 8 on"),
        (b"\xE9{}", "not UTF-8 from byte 1 on"),
        (b"{\"a\":\"caf\xC3", "cut short"),
    ] {
        let why = why(text);
        assert!(why.contains(expected), "{text:?}: {why}");
    }
    for (text, expected) in [
        ("{\"a\":\"x\u{FFFD}\",}".as_bytes(), "trailing comma"),
        ("{\"a\":\"\u{201C}x\u{201D} \u{FEFF}\u{A0}\",}".as_bytes(), "trailing comma"),
        ("{\"a\":\"\u{FFFD}\" 1}".as_bytes(), "expected `,` or `}`. A comma is missing"),
        (b"{\"a\":1,} \xE9", "trailing comma"),
        (b"{\"a\":\"it's\",}'"[..].split_at(13).0, "trailing comma"),
        (b"[1,]", "trailing comma"),
        (b"{\"a\":01}", "invalid number"),
        (b"{\"a\":- 1}", "invalid number"),
        (b"{\"a\":1. }", "invalid number"),
        (b"{\"a\":1e\t}", "invalid number"),
        (b"-", "EOF"),
    ] {
        let why = why(text);
        assert!(why.starts_with(expected), "{why}");
        assert!(
            !why.contains("UTF")
                && !why.contains("curly")
                && !why.contains("invisible")
                && !why.contains("quotes are"),
            "{why}"
        );
    }
}

proptest! {
    /// Nothing of a text is quoted: letters and digits are in no sentence, and no character of a text is repeated there.
    #[test]
    fn nothing_of_the_text_is_quoted(before in r#"[\[\]{}:,"'\\a-z ]{0,30}"#, secret in "[A-Za-z0-9+/]{12,40}", after in r#"[\[\]{}:,"'\\ ]{0,10}"#) {
        let text = format!("{before}{secret}{after}");
        if let Err(error) = serde_json::from_str::<serde_json::Value>(&text) {
            prop_assert!(!fault(text.as_bytes(), &error).contains(&secret));
        }
    }

    #[test]
    fn no_bytes_panic(text in proptest::collection::vec(any::<u8>(), 0..60)) {
        if let Err(error) = serde_json::from_slice::<serde_json::Value>(&text) {
            let _ = fault(&text, &error);
        }
    }
}
