//! The element as an npm package: packed, installed, type-checked, bundled, and opened in a browser.

use candor_tests::{Browser, Edge, Site, node, paths};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;

const ELEMENT: &str = "candor-status";

/// Runs a program in a folder, with npm offline.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> Output {
    node::command(program)
        .unwrap()
        .args(arguments)
        .current_dir(folder)
        .env("npm_config_offline", "true")
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"))
}

#[track_caller]
fn succeeded(output: Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// The path of a tool that tests/package-lock.json pins.
fn tool(path: &str) -> String {
    paths::root().join("tests/node_modules").join(path).display().to_string()
}

/// Writes a small TypeScript project that uses the package.
fn project(folder: &Path, tarball: &str, edge: &str) {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    let manifest = json!({"private":true,"type":"module","dependencies":{ELEMENT:format!("file:{tarball}")}});
    write("package.json", &manifest.to_string());
    let options = json!({"compilerOptions":{"strict":true,"target":"es2022","module":"esnext","moduleResolution":"bundler",
        "lib":["es2022","dom"],"noEmit":true},"files":["main.ts"]});
    write("tsconfig.json", &options.to_string());
    write(
        "index.html",
        "<!doctype html><html lang=de><meta charset=utf-8><title>App</title><link rel=icon href='data:,'>
        <body><p>Hallo</p><script type=module src=/main.ts></script>",
    );
    write(
        "main.ts",
        &format!(
            "import {{ subscribe, type Bulletin }} from 'candor-status'
            const src: string = '{edge}'
            const banner = document.createElement('candor-status')
            banner.setAttribute('src', src)
            document.body.prepend(banner)
            addEventListener('candor:change', event => document.title = event.detail.page.name.text.join(''))
            subscribe((bulletin: Bulletin | undefined, {{ error }}) => {{
                document.body.dataset.state = error ?? bulletin?.level ?? ''
            }}, src)
            export const known: Bulletin | undefined = banner.status"
        ),
    );
}

#[test]
fn a_bundler_builds_the_package() {
    let edge = Edge::start();
    edge.set_up_page();
    edge.accept(&json!({"type":"incident.open","id":"down","name":"Check-ins are failing","impact":"major",
        "components":{"checkins":"major_outage"},"body":"We broke check-ins."}));
    let folder = edge.folder();
    let package = paths::candor().join("npm");
    let packed = succeeded(run(folder, "npm", &["pack", &package.display().to_string(), "--json"]));
    let packed: Value = serde_json::from_str(&packed).unwrap();
    let files: Vec<&str> =
        packed[0]["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    for wanted in ["element.js", "element.d.ts", "glue.js", "widget.wasm", "README.md", "LICENSE-MIT"] {
        assert!(files.contains(&wanted), "{files:?}");
    }
    assert_eq!(packed[0]["version"], env!("CARGO_PKG_VERSION"));
    println!("{}: {} bytes packed", packed[0]["filename"], packed[0]["size"]);

    let site = folder.join("site");
    std::fs::create_dir(&site).unwrap();
    let tarball = folder.join(packed[0]["filename"].as_str().unwrap());
    project(&site, &tarball.display().to_string(), &edge.url(""));
    succeeded(run(&site, "npm", &["install", "--no-audit", "--no-fund"]));

    let check = || run(&site, "node", &[&tool("typescript/bin/tsc"), "--noEmit"]);
    succeeded(check());
    let built = succeeded(run(&site, "node", &[&tool("vite/bin/vite.js"), "build"]));
    // A wrong use is a type error, so the types are not `any`.
    let good = std::fs::read_to_string(site.join("main.ts")).unwrap();
    std::fs::write(site.join("main.ts"), format!("{good}\nbanner.status?.level.startsWith(banner.refresh)"))
        .unwrap();
    assert!(!check().status.success(), "the compiler accepts a wrong use");

    let served = Site::folder(&site.join("dist"), &[], &[]);
    let browser = Browser::start();
    browser.open(&served.url("/"));
    browser.until(
        "the status",
        "return document.body.dataset.state == 'major' && document.title == 'Trailmark'",
    );
    browser.until_in_shadow("the text", ELEMENT, "return root.textContent.includes('We broke check-ins.')");
    browser.until_in_shadow(
        "the widget in WebAssembly",
        ELEMENT,
        "return root.querySelector('[data-by=widget]')",
    );
    let german: Value =
        serde_json::from_slice(&std::fs::read(paths::root().join("shared/locales/de.json")).unwrap())
            .unwrap();
    let word = &german["status"]["investigating"];
    browser.until_in_shadow(
        "the page's language",
        ELEMENT,
        &format!("return root.textContent.includes({word})"),
    );
    let errors = browser.console().into_iter().filter(|line| line.starts_with("SEVERE"));
    assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new(), "{built}");
    let elsewhere = browser.requests().into_iter().filter(|request| {
        request.url.starts_with("http")
            && ![served.url("/"), edge.url("/")].iter().any(|own| request.url.starts_with(own))
    });
    assert_eq!(elsewhere.count(), 0);

    edge.accept(&json!({"type":"incident.update","incident":"down","status":"resolved","body":"Over."}));
    browser.eval("dispatchEvent(new Event('online')); return 1");
    browser.until("the resolved status", "return document.body.dataset.state == 'resolved'");
}
