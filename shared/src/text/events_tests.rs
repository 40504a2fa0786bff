//! Tests of the events of Markdown: what is a link and what is not.

use super::*;

/// The text that is seen, with each link as `[text|address]`.
fn seen(markdown: &str) -> String {
    let mut seen = String::new();
    for event in safe(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => seen.push_str(&text),
            Event::Start(Tag::Link { dest_url, .. }) => seen.push_str(&format!("[{dest_url}|")),
            Event::End(TagEnd::Link) => seen.push(']'),
            Event::Start(Tag::Emphasis | Tag::Strong) => seen.push('{'),
            Event::End(TagEnd::Emphasis | TagEnd::Strong) => seen.push('}'),
            _ => {}
        }
    }
    seen
}

#[test]
fn a_link_inside_a_link_is_its_text() {
    for (text, expected) in [
        ("[a <https://a.example> b](https://b.example)", "[https://b.example|a https://a.example b]"),
        ("[<ops@c.example>](https://e.example/i.png)", "[https://e.example/i.png|ops@c.example]"),
        ("[<https://a.example>](https://b.example)", "[https://b.example|https://a.example]"),
        ("[*x <https://a.example>*](mailto:b@c.example) y", "[mailto:b@c.example|{x https://a.example}] y"),
        (
            "[![<https://a.example>](https://c.example/i.png) b](https://b.example)",
            "[https://b.example|https://a.example b]",
        ),
        ("![<https://a.example>](https://b.example)", "[https://a.example|https://a.example]"),
        (
            "[a <https://a.example> b](javascript:x)",
            "[a [https://a.example|https://a.example] b](javascript:x)",
        ),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn a_link_never_stands_in_a_link(text in r"(\[|\]\(https://b\.example\)|!\[|<https://a\.example>|<o@c\.example>|https://d\.example|\*|[a` \n]){0,16}") {
        let mut is_open = false;
        for event in safe(&text) {
            match event {
                Event::Start(Tag::Link { .. }) => {
                    proptest::prop_assert!(!is_open, "{}", text);
                    is_open = true;
                }
                Event::End(TagEnd::Link) => is_open = false,
                _ => {}
            }
        }
    }
}

#[test]
fn an_address_is_as_it_was_written() {
    for address in [
        "https://docs.python.org/3/library/__main__.html",
        "https://a.example/_next_/x",
        "https://a.example/__init__",
        "https://a.example/?f=*&g=*",
        "https://a.example/?q=a_b_c*d*e",
        "https://a.example/#:~:text=**x**",
        "https://a.example/***/___/x",
        "https://a.example/a[b](c)",
        "https://a.example/![x](y)/*z*",
        "http://[::1]:8080/_x_/[y]",
        "HTTPS://A.example/_b_/*c*d",
        "https://grafana.example/d/abc?var-env={prod}&x=1",
        "https://a.example/a^c",
        "https://a.example/`x`/y",
        "https://a.example/\\x\\_y_",
        "https://a.example/?q={job=\\`a_b\\`}",
    ] {
        for (before, after, expected) in [
            ("", "", "@"),
            ("See ", ".", "See @."),
            ("x _y_ ", " *z*", "x {y} @ {z}"),
            ("(", ")", "(@)"),
            ("- ", "\n- *z*", "@{z}"),
        ] {
            let text = format!("{before}{address}{after}");
            let link = format!("[{}|{address}]", encoded(address));
            assert_eq!(seen(&text), expected.replace('@', &link), "{text}");
        }
    }
}

#[test]
fn marks_around_an_address_are_marks() {
    for (text, expected) in [
        ("**https://a.example/x**", "{[https://a.example/x|https://a.example/x]}"),
        ("*see https://a.example/x_y_z*.", "{see [https://a.example/x_y_z|https://a.example/x_y_z]}."),
        ("_https://a.example/a_b_", "{[https://a.example/a_b|https://a.example/a_b]}"),
        ("**(https://a.example/_x_/y)**", "{([https://a.example/_x_/y|https://a.example/_x_/y])}"),
        ("[a _b_](https://a.example/_x_)", "[https://a.example/_x_|a {b}]"),
        (
            "[x](https://a.example/_y_),[z](https://b.example)",
            "[https://a.example/_y_|x],[https://b.example|z]",
        ),
        (
            "[https://a.example/__main__.html](https://a.example/__main__.html) _z_",
            "[https://a.example/__main__.html|https://a.example/__main__.html] {z}",
        ),
        ("[*https://a.example/_x_*](https://b.example/)*", "[https://b.example/|{https://a.example/_x_}]*"),
        ("![https://a.example/_x_](https://b.example/y)", "[https://a.example/_x_|https://a.example/_x_]"),
        (
            "[a](https://a.example/_x_)[b](https://b.example)",
            "[https://a.example/_x_|a][https://b.example|b]",
        ),
        ("`https://a.example/_x_`", "https://a.example/_x_"),
        ("`a https://a.example/x` `y`", "a https://a.example/x y"),
        ("https://a.example/x\\\ny", "[https://a.example/x|https://a.example/x]\\y"),
        (
            "https://a.example/_x_,https://b.example",
            "[https://a.example/_x_|https://a.example/_x_],[https://b.example|https://b.example]",
        ),
        ("**https://a.example/`x`**", "{[https://a.example/%60x%60|https://a.example/`x`]}"),
        ("    https://a.example/_x_", "https://a.example/_x_"),
        ("<https://a.example/_x_> *y*", "[https://a.example/_x_|https://a.example/_x_] {y}"),
        ("https://a.example/_x_<br>*y*", "[https://a.example/_x_|https://a.example/_x_]<br>{y}"),
        ("https://a.example/_x_，*y*", "[https://a.example/_x_|https://a.example/_x_]，{y}"),
        ("https://a.example/?a=1&amp;b=_2_", "[https://a.example/?a=1&b=_2_|https://a.example/?a=1&b=_2_]"),
        ("<a href=\"https://a.example/_x_\">", "<a href=\"[https://a.example/_x_|https://a.example/_x_]\">"),
    ] {
        assert_eq!(seen(text).trim_end(), expected, "{text}");
    }
}

#[test]
fn what_no_text_has_cannot_be_written_as_a_reference() {
    for (text, expected) in [
        ("A&#1;B &#x1b;[31m", "AB [31m"),
        ("&#8;&#xb;&#x1F;x", "x"),
        ("a&#x85;&#x9f;&#127;b", "ab"),
        ("a&#xFFFE;&#xffff;b", "ab"),
        ("a&#0;b&#xd800;", "a\u{fffd}b\u{fffd}"),
        ("a&#9;b&#x1F600;&eacute;", "a\tb\u{1f600}é"),
        ("[&#2;](https://a.example)", "[https://a.example|https://a.example]"),
        ("[x](https://a.example/&#1;&#10;y)", "[https://a.example/y|x]"),
        ("<https://a.example/&#1;x>", "[https://a.example/&#1;x|https://a.example/&#1;x]"),
        ("https://a.example/&#1;x", "[https://a.example/x|https://a.example/x]"),
        ("[x](&#1;javascript:alert)", "[x](javascript:alert)"),
        ("![a&#3;](https://a.example)", "a"),
        ("`&#1;`", "&#1;"),
    ] {
        let got = seen(text);
        assert_eq!(got, expected, "{text}");
        assert!(!got.contains(is_foreign), "{text}");
    }
}

#[test]
fn what_has_no_text_shows_its_address() {
    for (text, expected) in [
        ("![](https://a.example/g.png)", "[https://a.example/g.png|https://a.example/g.png]"),
        (
            "![ &nbsp; ](https://a.example/_g_.png) x",
            " \u{a0} [https://a.example/_g_.png|https://a.example/_g_.png] x",
        ),
        ("![](graph.png)", "graph.png"),
        ("![the graph](https://a.example/g.png)", "the graph"),
        ("[![](https://a.example/g.png)](https://b.example)", "[https://b.example|https://b.example]"),
        ("[![g](https://a.example/g.png)](https://b.example)", "[https://b.example|g]"),
        ("[](mailto:ops@a.example)", "[mailto:ops@a.example|mailto:ops@a.example]"),
        ("<ops@a.example>", "[mailto:ops@a.example|ops@a.example]"),
        ("[x](https:a.example)", "[x](https:a.example)"),
        ("[x](http:/a.example)", "[x](http:/a.example)"),
        ("[x](https:///a.example)", "[x](https:///a.example)"),
        ("[x](mailto:)", "[x](mailto:)"),
        ("[x](MAILTO:a@b.example)", "[MAILTO:a@b.example|x]"),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
}

/// A number to call, an address without a scheme, and code.
#[test]
fn what_looks_like_a_link_and_leads_nowhere_is_as_it_was_written() {
    for text in [
        "Call [our hotline](tel:+4930901820).",
        "See [the help](help.example.com/7).",
        "handlers[0](event) failed, retry[i](x), f(a)[b](c), callbacks[0]()",
        "[a](#top) and [b](/status \"Title\")",
        "[Slack](slack://channel?id=7)",
        "Call <tel:+4930901820|hotline>, <db01:5432|primary> or <slack://channel|ops>.",
        "std::map<std::string> and Vec<u8::MAX>",
    ] {
        assert_eq!(seen(text), text);
    }
    assert_eq!(seen("[**the** help](help.example)"), "[{the} help](help.example)");
    assert_eq!(
        seen("[https://status.example.com](status.example.com)"),
        "[[https://status.example.com|https://status.example.com]](status.example.com)"
    );
    assert_eq!(seen("[a](x) [b](https://b.example)"), "[a](x) [https://b.example|b]");
}

#[test]
fn an_address_ends_where_its_label_begins() {
    for (text, expected) in [
        ("<https://a.example/INC-7|INC-7>", "[https://a.example/INC-7|INC-7]"),
        ("<mailto:ops@a.example|ops@a.example>", "[mailto:ops@a.example|ops@a.example]"),
        (
            "<https://a.example/x|the status page> and <https://b.example|b c>: <https://c.example|",
            "[https://a.example/x|the status page] and [https://b.example|b c]: <[https://c.example|https://c.example]|",
        ),
        (
            "[status|https://a.example/x?id=7|our page]",
            "[status|[https://a.example/x?id=7|https://a.example/x?id=7]|our page]",
        ),
        ("|EU|https://a.example/rb/7|down|", "|EU|[https://a.example/rb/7|https://a.example/rb/7]|down|"),
        ("<https://a.example/|>", "[https://a.example/%7C|https://a.example/|]"),
    ] {
        assert_eq!(seen(text), expected, "{text}");
    }
}

#[test]
fn a_line_below_a_text_makes_no_heading_of_several() {
    for (text, html) in [
        ("Hi,\nPayments are down.\n--\nACME", "<p>Hi,<br />Payments are down.<br />--</p><p>ACME</p>"),
        ("Impact:\n- \nCause:", "<p>Impact:<br />-</p><p>Cause:</p>"),
        ("=====\nMAINTENANCE\n=====\nText", "<p>=====<br />MAINTENANCE<br />=====</p><p>Text</p>"),
        ("> a\n> b\n> ---\n", "<blockquote><p>a<br />b<br />---</p></blockquote>"),
        ("Down\n---\nWe look.", "<p><strong>Down</strong></p><p>We look.</p>"),
        ("Down\n====\nWe look.", "<p><strong>Down</strong></p><p>We look.</p>"),
        ("## Down\nWe look.", "<p><strong>Down</strong></p><p>We look.</p>"),
    ] {
        assert_eq!(crate::text::markdown::prose(text).replace('\n', ""), html, "{text}");
    }
}

#[test]
fn commands_numbers_and_paths_are_as_they_were_written() {
    for (text, html) in [
        ("curl -sS \\\n  -H 'A: b' \\\n  x", "<p>curl -sS \\<br />-H 'A: b' \\<br />x</p>"),
        ("01. Dezember\n02. Dezember", "<p>01. Dezember<br />02. Dezember</p>"),
        ("01. Restart\n02. Flush\n\nstep 02.", "<p>01. Restart<br />02. Flush</p><p>step 02.</p>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        (
            "Delete .\\*.bat, ..\\_tmp and ..\\logs\\*.txt",
            "<p>Delete .\\*.bat, ..\\_tmp and ..\\logs\\*.txt</p>",
        ),
        (
            "<https://a.io/x?a=1&amp;b=2> <https://a.io/x?a=1&amp;b=2|dash>",
            "<p><a href=\"https://a.io/x?a=1&amp;b=2\">https://a.io/x?a=1&amp;b=2</a> <a href=\"https://a.io/x?a=1&amp;b=2\">dash</a></p>",
        ),
    ] {
        assert_eq!(crate::text::markdown::prose(text).replace('\n', ""), html, "{text}");
    }
}
