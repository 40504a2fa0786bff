//! What the script hands over to a standby, and what it does not (`examples/standby/follow.sh`).

use crate::pair::{PATIENCE, Pair};
use candor_tests::eventually;
use candor_tests::sign::Key;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use xtask::group::Group;

fn edition(keys: &[&Key]) -> String {
    keys.iter().map(|key| json!({"id": key.id, "secret": key.secret})).collect::<Value>().to_string()
}

/// A new folder of the test.
fn folder(pair: &Pair, name: &str) -> PathBuf {
    let folder = pair.standby.folder().join(name);
    fs::create_dir(&folder).unwrap();
    folder
}

/// Waits until the script has ended by itself, and returns what it wrote.
#[track_caller]
fn failed((mut follow, log): (Group, PathBuf)) -> String {
    let status = follow.ended_within(PATIENCE).unwrap().expect("it ends");
    let written = fs::read_to_string(log).unwrap();
    assert!(!status.success(), "{written}");
    written
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn it_follows_keys_that_a_known_one_vouches_for() {
    let mut pair = Pair::start();
    let state = folder(&pair, "kept");
    let with = [("STATE_DIRECTORY", text(&state))];
    pair.first_page();
    let (old, new, other) =
        (pair.standby.keys.edition.clone(), Key::random_ed25519("2028"), Key::random_ed25519("2029"));
    let following = pair.follow_with(&with);
    pair.is_even();
    for keys in [edition(&[&old, &new]), edition(&[&new, &old]), edition(&[&new])] {
        pair.first.restart_set("CANDOR_EDITION_KEY", &keys);
        pair.accept(&pair.first, &json!({"type":"notice.post","body":format!("{} keys.", keys.len())}));
        pair.is_even();
    }
    // It knows them after a start too, and nobody vouched for this one.
    drop(following);
    let version = pair.standing()["version"].clone();
    pair.first.restart_set("CANDOR_EDITION_KEY", &edition(&[&other]));
    pair.accept(&pair.first, &json!({"type":"notice.post","body":"Whose word is this?"}));
    let written = failed(pair.follow_with(&with));
    assert!(written.contains("not signed by a key that is known: 2029"), "{written}");
    assert_eq!(pair.standing()["version"], version);
}

#[test]
fn nothing_is_handed_over_that_the_page_did_not_sign() {
    let mut pair = Pair::start();
    pair.first_page();
    // The name ends no JSON.
    pair.accept(&pair.first, &json!({"type":"page.set","name":"Trail} mark"}));
    let right = pair.first.get("/.well-known/candor.json").expect(200).text();
    let x = right.split("\"x\":\"").nth(1).unwrap().split('"').next().unwrap();
    let (good, wrong) = (pair.standby.folder().join("good.json"), pair.standby.folder().join("wrong.json"));
    fs::write(&good, &right).unwrap();
    fs::write(&wrong, right.replace(x, &x.chars().rev().collect::<String>())).unwrap();
    let written = failed(pair.follow_with(&[("KEYS", text(&wrong))]));
    assert!(written.contains("not signed by a key that is known"), "{written}");
    assert_eq!(pair.standing()["state"], "empty");
    // A page that has keys and hides what it signed.
    pair.first.restart_set("CANDOR_EDITION_KEY", "");
    let written = failed(pair.follow_with(&[("KEYS", text(&good))]));
    assert!(written.contains("answers 404"), "{written}");
    assert_eq!(pair.standing()["state"], "empty");
    let setting = pair.standby.keys.edition_setting().to_string();
    pair.first.restart_set("CANDOR_EDITION_KEY", &setting);

    // The standby shows something else than what was signed: then nothing more is handed over, after a start neither.
    let (bin, state) = (folder(&pair, "bin"), folder(&pair, "kept"));
    let real = Command::new("sh").args(["-c", "command -v curl"]).output().unwrap().stdout;
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *{}/status.json) echo '{{}}' ;; *) exec {} \"$@\" ;; esac\n",
        pair.standby.url(""),
        String::from_utf8_lossy(&real).trim()
    );
    fs::write(bin.join("curl"), script).unwrap();
    fs::set_permissions(bin.join("curl"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let with = [("KEYS", text(&good)), ("STATE_DIRECTORY", text(&state))];
    let written = failed(pair.follow_with(&[&with[..], &[("PATH", path.as_str())]].concat()));
    assert!(written.contains("is not what the page has signed"), "{written}");
    let version = pair.standing()["version"].clone();
    assert_eq!(version, pair.first.version());
    pair.accept(&pair.first, &json!({"type":"notice.post","body":"More."}));
    let written = failed(pair.follow_with(&with));
    assert!(written.contains("nothing is handed over"), "{written}");
    assert_eq!(pair.standing()["version"], version);
    fs::remove_file(state.join("refused")).unwrap();
    let _following = pair.follow_with(&with);
    pair.is_even();
}

/// Somebody restores a backup into the standby.
#[test]
fn what_somebody_else_restores_is_left_alone() {
    let pair = Pair::start();
    pair.first_page();
    let export = pair.signed_to(&pair.first, "GET", "/v1/export", "").expect(200).text();
    let half = export.lines().take(3).map(|line| line.len() + 1).sum::<usize>();
    let (begin, rest) = export.split_at(half);
    pair.signed_to(&pair.standby, "POST", "/v1/restore?from=0", begin).expect(200);
    let (_following, log) = pair.follow();
    eventually("the script waits", PATIENCE, || {
        fs::read_to_string(&log).unwrap().contains("somebody else restores").then_some(())
    });
    assert_eq!(pair.standing()["state"], "restoring");
    pair.signed_to(&pair.standby, "POST", &format!("/v1/restore?from={half}"), rest).expect(200);
    pair.accept(&pair.first, &json!({"type":"notice.post","body":"More."}));
    pair.is_even();
}
