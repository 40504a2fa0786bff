//! A browser of any engine, driven through WebDriver: what all engines can do.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;
use thirtyfour::{Capabilities, WindowHandle};
use xtask::group::Group;
use xtask::{browsers, runtime};

/// How long [`Session::until`] waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser with an empty profile. Dropping the value ends it and all of its processes.
#[derive(Debug)]
pub struct Session {
    runtime: tokio::runtime::Runtime,
    driver: Option<WebDriver>,
    // Dropped in this order.
    _process: Group,
    _display: Option<Group>,
}

impl Session {
    /// Firefox, headless.
    pub fn firefox() -> Self {
        let driver =
            browsers::geckodriver().expect("geckodriver is installed: run `cargo xtask test` to install it");
        let mut options = json!({ "args": ["-headless"] });
        // geckodriver does not find Debian's `firefox-esr` by itself.
        if let Some(binary) = browsers::firefox() {
            options["binary"] = json!(binary);
        }
        let mut wanted = Capabilities::new();
        wanted.set("moz:firefoxOptions", options).unwrap();
        Self::start(Command::new(driver).args(["--port", "0"]), port_said, wanted)
    }

    /// WebKitGTK's MiniBrowser. It has no headless mode, so it runs on a virtual display.
    pub fn webkit() -> Self {
        const INSTALL: &str =
            "webkit2gtk-driver and xvfb are installed: `cargo xtask test` names the packages";
        let binary = browsers::webkit().expect(INSTALL);
        let mut display = Command::new("Xvfb");
        display.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "1280x1024x24"]);
        // On SIGTERM it removes its socket.
        let mut display = spawn(&mut display, INSTALL).gentle();
        let number = lines(&mut display).next().expect("Xvfb prints the number of its display");
        let mut wanted = Capabilities::new();
        wanted
            .set("webkitgtk:browserOptions", json!({ "binary": binary, "args": ["--automation"] }))
            .unwrap();
        let port = runtime::free_port().unwrap();
        let mut driver = Command::new("WebKitWebDriver");
        driver.arg(format!("--port={port}")).env("DISPLAY", format!(":{number}"));
        let listens = |_: &mut Group| {
            crate::eventually("WebKitWebDriver listens", PATIENCE, || {
                TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()
            });
            Some(port)
        };
        let mut session = Self::start(&mut driver, listens, wanted);
        session._display = Some(display);
        session
    }

    /// Starts a driver, finds its port with `port`, and opens a session, which starts the browser.
    pub(crate) fn start(
        driver: &mut Command,
        port: impl Fn(&mut Group) -> Option<u16>,
        wanted: impl Into<Capabilities>,
    ) -> Self {
        let name = driver.get_program().to_string_lossy().into_owned();
        // A driver exits at once if its port is free on IPv4 but taken on IPv6, or the reverse: try again.
        let (process, port) = (0..5)
            .find_map(|_| {
                let install = format!("{name} is installed: `cargo xtask test` names the package");
                let mut process = spawn(driver, &install);
                port(&mut process).map(|port| (process, port))
            })
            .unwrap_or_else(|| panic!("{name} does not print its port"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let driver = runtime
            .block_on(WebDriver::new(format!("http://127.0.0.1:{port}"), wanted))
            .unwrap_or_else(|error| panic!("{name} does not start its browser: {error}"));
        Self { runtime, driver: Some(driver), _process: process, _display: None }
    }

    /// Opens a URL and waits until the page has loaded.
    pub fn open(&self, url: &str) {
        // Chromium's driver may return too early when the page before has an open stream.
        self.eval("document.documentElement.isLeft = true");
        self.run(self.driver().goto(url));
        // A fragment is no other page.
        if !url.contains('#') {
            self.until(
                "the page has loaded",
                "return !document.documentElement?.isLeft && document.readyState == 'complete'",
            );
        }
    }

    /// Runs the body of a function in the page and returns what it returns.
    pub fn eval(&self, script: &str) -> Value {
        let result = self.run(self.driver().execute(script, Vec::<Value>::new()));
        result.json().clone()
    }

    /// Repeats a script until its result is truthy in JavaScript, and returns the result.
    #[track_caller]
    pub fn until(&self, what: &str, script: &str) -> Value {
        until(what, script, || self.eval(script))
    }

    /// Opens a window. Further commands apply to it.
    pub fn new_window(&self) {
        let window = self.run(self.driver().new_window());
        self.switch_to(&window);
    }

    /// All windows. The one in front is first.
    pub fn windows(&self) -> Vec<WindowHandle> {
        self.run(self.driver().windows())
    }

    /// Applies further commands to another window, without bringing it to the front.
    pub fn switch_to(&self, window: &WindowHandle) {
        self.run(self.driver().switch_to_window(window.clone()));
    }

    /// The browser's name and version.
    pub fn name(&self) -> String {
        let text = |key| self.driver().capabilities().get(key).and_then(Value::as_str).unwrap_or_default();
        format!("{} {}", text("browserName"), text("browserVersion"))
    }

    /// Saves the viewport as a PNG.
    pub fn screenshot(&self, path: &Path) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        self.run(self.driver().screenshot(path));
    }

    /// The WebDriver session, for commands that this harness lacks. Use it with [`Session::run`].
    pub fn driver(&self) -> &WebDriver {
        self.driver.as_ref().expect("there until dropped")
    }

    /// Runs a command of the session to its end. Panics if it fails.
    #[track_caller]
    pub fn run<T>(&self, command: impl Future<Output = WebDriverResult<T>>) -> T {
        self.try_run(command).unwrap_or_else(|error| panic!("{error}"))
    }

    /// As [`Session::run`], but returns the error.
    pub(crate) fn try_run<T>(&self, command: impl Future<Output = WebDriverResult<T>>) -> WebDriverResult<T> {
        self.runtime.block_on(command)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            let _ = self.runtime.block_on(driver.quit());
        }
    }
}

fn spawn(command: &mut Command, expected: &str) -> Group {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    Group::spawn(command).unwrap_or_else(|error| panic!("{expected}: {error}"))
}

/// The lines that a program prints. A thread reads them to the end, because a full pipe would block the program.
fn lines(process: &mut Group) -> impl Iterator<Item = String> + use<> {
    let (sender, lines) = std::sync::mpsc::channel();
    let output = process.stdout().expect("piped and read once");
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    lines.into_iter()
}

/// The port that chromedriver or geckodriver has chosen and printed.
pub(crate) fn port_said(process: &mut Group) -> Option<u16> {
    lines(process).find_map(|line| {
        let is_announcement = line.contains("started successfully on port") || line.contains("Listening on");
        line.rsplit([' ', ':']).next().filter(|_| is_announcement)?.trim_end_matches('.').parse().ok()
    })
}

/// Calls `ask` until the result is truthy in JavaScript.
#[track_caller]
pub(crate) fn until(what: &str, script: &str, mut ask: impl FnMut() -> Value) -> Value {
    let started = Instant::now();
    loop {
        let value = ask();
        if truthy(&value) {
            return value;
        }
        assert!(started.elapsed() < PATIENCE, "not within {} s: {what} ({script})", PATIENCE.as_secs());
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        _ => true,
    }
}
