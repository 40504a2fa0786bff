//! Tests of marks: what nobody means as one is read as it was written, and what somebody means works.

use super::*;
use crate::text::markdown::{first_line, prose};
use proptest::prelude::*;

fn shown(text: &str) -> String {
    let html =
        prose(text).replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let html = html.replace("strong>", "b>").replace("em>", "i>");
    html.strip_prefix("<p>")
        .and_then(|html| html.strip_suffix("</p>"))
        .map_or(html.clone(), ToOwned::to_owned)
}

#[test]
fn numbers_paths_and_code_are_as_they_were_written() {
    for text in [
        "Limit 10*60*24 requests, 2**10 und 3**4.",
        "CORS: the origin '*' is refused, and \"*\" too.",
        "Grants to 'app'@'*' and 'web'@'*' are gone.",
        "Action \"s3:*\" on Resource \"*\" was allowed.",
        "SELECT '_' || '_'",
        "LIKE '%_id_%' or '%_x%'",
        "regex ^[a-z]*_[0-9]*$ and ^[a-z]+_[0-9]+$",
        "Plans “Pro”*, “Team”* are affected. * = EU",
        "Pläne „Pro“*, „Team“* sind betroffen. * = EU",
        "2*3*4 Server",
        "IBAN DE89***3000 und DE12***4000",
        "Cards ****1234 and 5678****",
        "GET /v1/*/orders/* and **/*.js fail",
        "GET /v1/_id_/orders and /v2/*id*/x, see ./_a_ and ~/*b*",
        "*.log and **/*.txt and lib*.so or lib*.a",
        "src/_posts_/x and src/*foo*/bar",
        "SELECT count(*) FROM a; SELECT count(*) FROM b",
        "SELECT a.*, b.* FROM a, b; SELECT *, c.*, *",
        "(.*) and (.*), ^.*foo.*$ or [*] and {*}",
        "(a+b)*2 and 5*(x+1), x[i]*y[j], (a)**2 and 2**(n), (-5)*-3 and (-2)*-4",
        "C:\\Logs\\_alt\\*.log, D:\\*.log",
        "\\\\srv\\x and \\\\srv\\_y_\\[z]",
        "(C:\\[a]\\`b`\\_c_)",
        "C:\\Program Files\\Acme\\*.log is full.",
        "C:\\Program Files (x86)\\Acme\\_old\\*.txt",
        "C:\\Program Files\\<name>\\[a]\\ and D:\\a b\\`c",
        "\\\\srv\\share name\\*.log and \\\\srv\\a b\\\\*",
        "Domain account ACME\\_backup is locked.",
        "%TEMP%\\*.tmp and %TEMP%\\_x",
        "31#31: *4711 upstream timed out, request: \"GET /rest/v1/orders?select=* HTTP/1.1\"",
        "WHERE state='run' AND name LIKE 'import\\_%'",
        "The regex \\d+\\.\\d+ and \\(x\\) or \\/ and a\\\\n \\- \\!",
        "__init__ and foo.__dict__, __main__.py, (__name__), __a_b__()",
        "We removed the hint /*+ INDEX(orders) */ from the query and unblocked 10.0.*.* today.",
        "The comment /*legacy*/ broke 10.*.* and /** doc */ too, *.js",
        "foo.__Dict__ and __Foo__.bar, foo._x_",
    ] {
        assert_eq!(shown(text), text);
        assert_eq!(first_line(text), text);
    }
    assert_eq!(shown("See C:\\Temp\\\nand D:\\a\\"), "See C:\\Temp\\<br />\nand D:\\a\\");
    assert_eq!(shown("C:\\Temp\\\n\n\\\\srv\\x\\\ny"), "C:\\Temp\\</p>\n<p>\\\\srv\\x\\<br />\ny");
}

#[test]
fn emphasis_of_words_works() {
    for (text, expected) in [
        ("**we broke it** and *not* you", "<b>we broke it</b> and <i>not</i> you"),
        (
            "**Note:** x, (*sic*), (**Note:**), *We look.* (*We look.*)",
            "<b>Note:</b> x, (<i>sic</i>), (<b>Note:</b>), <i>We look.</i> (<i>We look.</i>)",
        ),
        ("\"**Down**\" **\"Down\"**: ***both***", "\"<b>Down</b>\" <b>\"Down\"</b>: <i><b>both</b></i>"),
        (
            "**Down**, **down**. **Down**! **.NET** *…x…*",
            "<b>Down</b>, <b>down</b>. <b>Down</b>! <b>.NET</b> <i>…x…</i>",
        ),
        ("**EU**/**US** *EU*/*US* **Step**(2)", "<b>EU</b>/<b>US</b> <i>EU</i>/<i>US</i> <b>Step</b>(2)"),
        ("_EU_/_US_/_APAC_ __EU__/__US__", "<i>EU</i>/<i>US</i>/<i>APAC</i> <b>EU</b>/<b>US</b>"),
        (
            "我们**修好了**它，**重要：** x，**API**故障",
            "我们<b>修好了</b>它，<b>重要：</b> x，<b>API</b>故障",
        ),
        ("서버**장애**가 发生 ระบบ**ล่ม**แล้ว", "서버<b>장애</b>가 发生 ระบบ<b>ล่ม</b>แล้ว"),
        ("**we _really_ broke** *a **b** c*", "<b>we <i>really</i> broke</b> <i>a <b>b</b> c</i>"),
        ("_sic_ __we did__ __Down__", "<i>sic</i> <b>we did</b> <b>Down</b>"),
        (
            "**`x`** *[a](https://a.example)*",
            "<b><code>x</code></b> <i><a href=\"https://a.example\">a</a></i>",
        ),
        ("**/v1/orders** and **C:\\Temp** fail", "<b>/v1/orders</b> and <b>C:\\Temp</b> fail"),
        (
            "**See https://a.example/?next=**",
            "<b>See <a href=\"https://a.example/?next=\">https://a.example/?next=</a></b>",
        ),
        ("**https://a.example/**", "<b><a href=\"https://a.example/\">https://a.example/</a></b>"),
        ("- **a**\n* *b*", "<ul>\n<li><b>a</b></li>\n</ul>\n<ul>\n<li><i>b</i></li>\n</ul>"),
        ("**20 %** of 10*60*24, **-5**", "<b>20 %</b> of 10*60*24, <b>-5</b>"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn a_backslash_keeps_a_mark_from_acting() {
    for (text, expected) in [
        ("\\*a\\* \\_b\\_ foo\\_bar 10\\*60 \\`x\\` \\[y\\]", "*a* _b_ foo_bar 10*60 `x` [y]"),
        ("\\# a", "# a"),
        ("1\\. a", "1. a"),
        ("\\- a", "- a"),
        ("> \\+ a", "<blockquote>\n<p>+ a</p>\n</blockquote>"),
        ("\\<b> \\&amp; \\![x]", "<b> &amp; ![x]"),
        ("\\\\**a** \\\\", "\\<b>a</b> \\"),
        ("[x](https://a.example/\\(b\\))", "<a href=\"https://a.example/(b)\">x</a>"),
        ("`\\.` \\.", "<code>\\.</code> \\."),
        ("a\\\nb", "a\\<br />\nb"),
        ("MAX\\_SIZE, 50%\\*", "MAX_SIZE, 50%*"),
        ("C:\\a b\\*.log and **x**\nfoo\\_bar", "C:\\a b\\*.log and <b>x</b><br />\nfoo_bar"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn no_letter_is_lost(text in "(\\*|\\*\\*|_|__|\\\\|`|\\[|\\]|\\(|/|\\.|<|>| |\n|[a-c5]|https://a\\.example/|C:\\\\){0,24}") {
        let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let literal = literal_marks(&text);
        prop_assert_eq!(letters(&literal), letters(&text));
        prop_assert!(!prose(&text).contains(GUARD));
    }
}
