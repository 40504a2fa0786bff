//! What the gauntlet does with texts that are not in English, or not wholly.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use candor_shared::review::{Criterion, Gauntlet, gauntlet};
use candor_shared::state::Verdict::{self, Met, Missing, Partial, Unjudged};
use candor_shared::text::Language;
use serde_json::{Value, json};

const GERMAN: &str = "Eine Migration hat die Tabelle gesperrt, und niemand hat es gesehen.";
const ACCOUNT: &str =
    "A migration locked the table, and we did not see it for twenty minutes because the alert was off.";

fn report(text: Value, language: Option<&str>) -> Gauntlet {
    let language = language.map(|tag| Language::try_from(tag.to_owned()).unwrap());
    gauntlet(&serde_json::from_value(text).unwrap(), language.as_ref())
}

fn criterion(text: Value, id: &str) -> Criterion {
    report(text, None).criteria.into_iter().find(|of| of.id == id).unwrap()
}

fn verdicts(report: &Gauntlet) -> [Verdict; 4] {
    ["admit_failure", "human_voice", "what_went_wrong", "impact"]
        .map(|id| report.criteria.iter().find(|of| of.id == id).unwrap().verdict)
}

#[test]
fn a_text_in_another_language_is_unjudged() {
    for other in [
        "Die IT hat Mist gebaut: Zahlungen gingen eine Stunde lang verloren.",
        "Die Seite war down, weil unser Zertifikat ablief.",
        "Notre site était down, désolé.",
        "La région us-east-1 a planté à cause d'un disque plein.",
        "Estuvimos off-line dos horas: borramos tablas equivocadas.",
        "Ficamos off-line durante duas horas por culpa minha.",
        "us-east-1 の Amazon ElastiCache Redis 7.0 cluster-mode 設定ミスにより決済を止めてしまいました。",
        "Siamo stati off-line per due ore, colpa mia.",
        "We dachten dat alles goed ging, maar de database was vol.",
        "My zepsuliśmy płatności. Chcieliśmy, by działały szybciej.",
        "Beklager at alle betalinger stoppede for alle kunder i to timer.",
        "Wir waren down, und der Error war in der API.",
        "Le cluster Redis était offline; the end.",
    ] {
        for (language, affected) in
            [(None, "412 tiendas"), (Some("de"), "412 negozi"), (Some("en"), "20 % of checkouts")]
        {
            let text = json!({ "summary": other, "what_went_wrong": format!("{other} {other}"), "affected": affected });
            let found = verdicts(&report(text, language));
            assert_eq!(found[..3], [Unjudged; 3], "{other}");
            assert_eq!(found[3], Unjudged, "{affected} beside {other}");
        }
    }
    let found = criterion(json!({ "summary": GERMAN }), "admit_failure");
    assert_eq!(
        found.reason,
        "the rules for it know English only, and are not certain that this text is English"
    );
}

#[test]
fn the_language_of_the_page_decides_where_words_do_not() {
    let text = json!({ "summary": "We broke it, and the vendor fixed it.", "what_went_wrong": "Redis error, disk full." });
    for (language, wanted) in [(None, Partial), (Some("en-GB"), Partial), (Some("es"), Unjudged)] {
        let found = verdicts(&report(text.clone(), language));
        assert_eq!((found[0], found[2]), (Met, wanted), "{language:?}");
    }
}

#[test]
fn english_with_names_terms_and_code_is_english() {
    for line in [
        "Cluster es-1 (ES 8.4) rejected writes.",
        "Involved: Kafka 3.1, Redis 7, etcd 3.5 and ES 8.4.",
        "```\nkubectl get pods -n la -o el\n```",
        "Logs: https://logs.example.com/es/2026",
        "Escalated: Ana de la Cruz, Maria da Silva.",
        "Called in: Jan van der Berg and Luca di Marco.",
        "Run `du -sh /var/lib/el` on es-2.",
    ] {
        let account = format!("{ACCOUNT}\n\n{line}");
        let text = json!({ "summary": "We broke it, and it took us six hours to notice.", "what_went_wrong": account });
        let found = report(text, None);
        assert_eq!(verdicts(&found)[..3], [Met, Met, Unjudged], "{line}: {}", found.criteria[1].reason);
    }
    let found = criterion(json!({ "summary": "We took six hours to notice." }), "admit_failure");
    assert!(found.reason.starts_with("no sentence is in one of the forms"), "{}", found.reason);
}

#[test]
fn of_a_text_in_several_languages_only_the_english_part_is_judged() {
    let log = "ERROR: the lock could not be taken because another process was there before it and kept it.";
    for (summary, account, affected, wanted) in [
        // All in English.
        ("The payments stopped.", ACCOUNT, "Everyone.", [Unjudged, Met, Unjudged, Unjudged]),
        (
            "The platform was restored.",
            "A disk was full.",
            "Everyone.",
            [Unjudged, Missing, Partial, Unjudged],
        ),
        // One field in another language.
        ("We broke payments for you.", GERMAN, "20 % of the checkouts.", [Met, Unjudged, Unjudged, Unjudged]),
        (GERMAN, ACCOUNT, "Alle Kunden.", [Unjudged, Unjudged, Unjudged, Unjudged]),
        // Paragraphs and sentences in another language.
        (
            &format!("We broke payments for you.\n\n{GERMAN}"),
            ACCOUNT,
            "All of you.",
            [Met, Unjudged, Unjudged, Unjudged],
        ),
        (
            &format!("{GERMAN} We broke payments for you."),
            ACCOUNT,
            "Alle 20 von uns.",
            [Met, Unjudged, Unjudged, Unjudged],
        ),
        (
            "The platform was restored.",
            &format!("{ACCOUNT}\n\n{GERMAN}"),
            "All 300 of you.",
            [Unjudged, Unjudged, Unjudged, Unjudged],
        ),
        // A line of a log in English is no account.
        (
            "We broke payments for you.",
            &format!("{GERMAN} {GERMAN} {GERMAN}\n\n{log}"),
            "All 300 of you.",
            [Met, Unjudged, Unjudged, Unjudged],
        ),
        (
            "The database was down. データベースが停止していました。",
            ACCOUNT,
            "お客様の半数です。",
            [Unjudged, Unjudged, Unjudged, Unjudged],
        ),
    ] {
        let text = json!({ "summary": summary, "what_went_wrong": account, "affected": affected });
        assert_eq!(verdicts(&report(text, None)), wanted, "{summary} / {account} / {affected}");
    }
    let mixed =
        criterion(json!({ "summary": format!("The platform was restored. {GERMAN}") }), "admit_failure");
    assert_eq!(
        (mixed.reason.as_str(), mixed.evidence.as_str()),
        ("the rules for it know English only, and are not certain that all of it is English", GERMAN)
    );
    let ordinal = criterion(
        json!({ "summary": "Am 3. Oktober war die Datenbank voll, und wir haben es nicht gesehen." }),
        "admit_failure",
    );
    assert!(ordinal.evidence.starts_with("Am 3. Oktober"), "{}", ordinal.evidence);
}

#[test]
fn whoever_attests_it_judges_what_is_not_read() {
    let text = json!({ "summary": GERMAN, "what_went_wrong": GERMAN, "affected": "Alle 20 000 Kunden.", "attested_by": "on-call" });
    let found = report(text, None);
    assert_eq!((found.unjudged, found.met), (4, 1));
    assert_eq!(found.met + found.partial + found.missing + found.unjudged, 12);
    assert_eq!(
        (found.criteria[0].judged_by.as_str(), found.criteria[0].advice.as_str()),
        ("human: on-call", "")
    );
}
