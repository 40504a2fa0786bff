//! Tests of lines: what an operator wrote is what is read.

use super::*;
use crate::text::markdown::{prose, to_html};
use crate::text::{Block, Piece, pieces};
use proptest::prelude::*;

/// What is read, with `/` where a line, a paragraph or an item begins; an item has a `*`, one in an item two.
fn read(text: &str) -> String {
    let piece = |piece: Piece| match piece {
        Piece::Text(text)
        | Piece::Link { link: text, .. }
        | Piece::Strong { strong: text }
        | Piece::Emphasis { emphasis: text }
        | Piece::Code { code: text } => text,
        Piece::Begin { begin: Block::Item } => "/* ".to_owned(),
        Piece::Begin { .. } => "/".to_owned(),
        Piece::Time { .. } => String::new(),
    };
    pieces(text).into_iter().map(piece).collect::<String>().replace("/\u{a0}\u{a0}◦ ", "/** ")
}

#[test]
fn a_number_is_the_one_that_was_written() {
    for (text, expected) in [
        (
            "28. November: Ausfall.\n30. November: behoben.\n1. Dezember: Nachlese.",
            "28. November: Ausfall./30. November: behoben./1. Dezember: Nachlese.",
        ),
        (
            "1. erstens\n2. zweitens\n   - unter\n\n28. November: wir suchen.",
            "1. erstens/2. zweitens/** unter/28. November: wir suchen.",
        ),
        ("14. 3. 2027 odstávka.\n21. 3. 2027 konec.", "14. 3. 2027 odstávka./21. 3. 2027 konec."),
        (
            "3. Welle läuft.\n\n2. Dezember um 14:00 Uhr: mehr.",
            "3. Welle läuft./2. Dezember um 14:00 Uhr: mehr.",
        ),
        ("10. x\n9. y\n8. z", "10. x/9. y/8. z"),
        ("0. zero\n7. seven", "0. zero/7. seven"),
        ("* * * * * /usr/bin/backup did not run.", "* * * * * /usr/bin/backup did not run."),
        ("The job\n* */2 * * 1-5 backup\ndid not run.", "The job/* */2 * * 1-5 backup/did not run."),
        ("1. a\n1. b\n1. c", "1. a/1. b/1. c"),
        ("- 14. 3. 2027\n- 5. x", "/* 14. 3. 2027/* 5. x"),
        ("> 5. a\n> 9. b", "> 5. a/> 9. b"),
        ("x\n\n  7) a\n  3) b", "x/7. a/3. b"),
        ("1. a\n   4. b\n   2. c\n2. d", "1. a/4. b/2. c/2. d"),
        ("24. 12.", "24. 12."),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    assert_eq!(
        prose("28. a\n30. b"),
        "<ol start=\"28\">\n<li>a</li>\n</ol>\n<ol start=\"30\">\n<li>b</li>\n</ol>"
    );
    assert_eq!(to_html("14. 3. 2027 a\n21. 3. 2027 b"), "<p>14. 3. 2027 a<br />\n21. 3. 2027 b</p>\n");
    assert_eq!(prose("1. a\n2. b"), "<ol>\n<li>a</li>\n<li>b</li>\n</ol>");
}

#[test]
fn a_sign_before_a_number_is_read() {
    for (text, expected) in [
        ("> 90 % of payments fail.", "> 90 % of payments fail."),
        ("Error rate\n> 5 % since 14:00", "Error rate/> 5 % since 14:00"),
        (">= 3 nodes\n>5 % of logins", ">= 3 nodes/>5 % of logins"),
        ("> ~5 s\n> €90 lost", "> ~5 s/> €90 lost"),
        ("- > 5 % in eu\n- > 3 % in us", "/* > 5 % in eu/* > 3 % in us"),
        ("Latency:\n- 20 ms before\n+ 900 ms after", "Latency:/- 20 ms before/+ 900 ms after"),
        ("+ 3 servers", "+ 3 servers"),
        ("Fix:\n- timeout: 5s\n+ timeout: 60s", "Fix:/- timeout: 5s/+ timeout: 60s"),
        ("Fix:\n- */5 * * * * /x\n+ */30 * * * * /x", "Fix:/- */5 * * * * /x/+ */30 * * * * /x"),
        ("-  limit 5s;\n+  limit 60s;\n }", "-  limit 5s;/+  limit 60s;/}"),
        ("- a\n  + b\n- c", "/* a/** b/* c"),
        ("- 3 servers\n- 5 disks", "/* 3 servers/* 5 disks"),
        ("+ servers\n+ disks", "/* servers/* disks"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    assert_eq!(prose("Error rate\n> 5 %"), "<p>Error rate<br />\n&gt; 5 %</p>");
    assert_eq!(to_html("a\n- 20 ms\n+ 30 ms"), "<p>a<br />\n- 20 ms<br />\n+ 30 ms</p>\n");
    // Code has no guard, and is as it was written.
    assert_eq!(
        prose("```\n> 5\n14. 3. x\n```\n\n    + 5"),
        "<pre><code>&gt; 5\n14. 3. x\n</code></pre>\n<pre><code>+ 5</code></pre>"
    );
}

#[test]
fn a_quotation_is_marked() {
    for (text, expected) in [
        ("> We fail.\n> 90 % of payments.", "> We fail./> 90 % of payments."),
        ("They say:\n> We fail.\n\nWe look.", "They say:/> We fail./We look."),
        ("> a\n>\n> b", "> a/> b"),
        ("> a\n> > b\n>\n> c", "> a/> > b/> c"),
        ("> **a** b", "> a b"),
        ("> - a\n> - b", "> - a/> - b"),
        ("> 1. a\n> b", "> 1. a/> b"),
        ("> ```\n> x\n> ```", "> x"),
        ("- > q\n- r", "/* > q/* r"),
        ("> # H\n> t", "> H/> t"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
    assert_eq!(prose("> We fail."), "<blockquote>\n<p>We fail.</p>\n</blockquote>");
}

#[test]
fn a_line_that_is_not_indented_ends_what_stands_above() {
    for (text, expected) in [
        (
            "14:00\n- Neustart\n14:05\n- läuft",
            "<p>14:00</p>\n<ul>\n<li>Neustart</li>\n</ul>\n<p>14:05</p>\n<ul>\n<li>läuft</li>\n</ul>",
        ),
        ("- a\n  b\nc\nd", "<ul>\n<li>a<br />\nb</li>\n</ul>\n<p>c<br />\nd</p>"),
        ("- a\n b", "<ul>\n<li>a<br />\nb</li>\n</ul>"),
        ("> They fix it.\nWe wait.", "<blockquote>\n<p>They fix it.</p>\n</blockquote>\n<p>We wait.</p>"),
        ("> - a\n> b\nc", "<blockquote>\n<ul>\n<li>a</li>\n</ul>\n<p>b</p>\n</blockquote>\n<p>c</p>"),
        (
            "- ```\n  x\n  ```\n- a\nb",
            "<ul>\n<li>\n<pre><code>x\n</code></pre>\n</li>\n<li>a</li>\n</ul>\n<p>b</p>",
        ),
        ("```\n- a\nb\n```", "<pre><code>- a\nb\n</code></pre>"),
        ("1. a\nb\n2. c", "<ol>\n<li>a</li>\n</ol>\n<p>b<br />\n2. c</p>"),
    ] {
        assert_eq!(prose(text), expected, "{text}");
    }
    assert_eq!(read("- a\n  - b\n  c\nd"), "/* a/** b/c/d");
    assert_eq!(read("- > a\n  b\nc"), "/* > a/b/c");
}

proptest! {
    #[test]
    fn numbers_are_those_of_the_lines(numbers in prop::collection::vec(0_u64..4_000, 1..8), blank in any::<bool>()) {
        let lines: Vec<String> = numbers.iter().map(|number| format!("{number}. x")).collect();
        prop_assert_eq!(read(&lines.join(if blank { "\n\n" } else { "\n" })), lines.join("/"));
    }

    #[test]
    fn guards_and_blank_lines_add_no_text(text in "(> |- |\\+ |[0-9]\\. |  |\n|[a-c5]|`|\\*\\*|```|\\[a\\]: |\t){0,24}") {
        let guarded = literal(&text);
        prop_assert_eq!(guarded.replace(GUARD, ""), text.as_str());
        let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        prop_assert_eq!(letters(&without_continuations(&text)), letters(&text));
        prop_assert!(!prose(&text).contains(GUARD) && !read(&text).contains(GUARD));
    }
}
