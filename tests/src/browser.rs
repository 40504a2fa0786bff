//! Chromium, driven through chromedriver.

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, LoggingPrefsLogLevel, RequestData, SessionId};
use ureq::http::Method;

/// How long [`Browser::until`] waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request that the browser made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where to.
    pub url: String,
    /// With what method.
    pub method: String,
    /// The status it was answered with; none while it runs, and when it failed.
    pub status: Option<u16>,
}

/// A Chromium with an empty profile. Ends with the value.
#[derive(Debug)]
pub struct Browser {
    runtime: tokio::runtime::Runtime,
    driver: Option<WebDriver>,
    process: Child,
    requests: RefCell<Vec<(String, Request)>>,
    console: RefCell<Vec<String>>,
    _profile: TempDir,
}

impl Browser {
    /// Starts one, 1280 × 800.
    pub fn start() -> Self {
        let profile = tempfile::Builder::new().prefix("candor-chromium-").tempdir().unwrap();
        let program = std::env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let mut process = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("chromedriver is installed (cargo xtask test says how)");
        let port = port_of(&mut process);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut wanted = DesiredCapabilities::chrome();
        for flag in [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--no-proxy-server",
            "--window-size=1280,800",
            &format!("--user-data-dir={}", profile.path().display()),
        ] {
            wanted.add_arg(flag).unwrap();
        }
        wanted.set_logging_prefs("performance", LoggingPrefsLogLevel::All).unwrap();
        wanted.set_logging_prefs("browser", LoggingPrefsLogLevel::All).unwrap();
        let driver = runtime
            .block_on(WebDriver::new(format!("http://127.0.0.1:{port}"), wanted))
            .expect("chromedriver starts Chromium");
        let browser = Self {
            runtime,
            driver: Some(driver),
            process,
            requests: RefCell::default(),
            console: RefCell::default(),
            _profile: profile,
        };
        browser.size(1280, 800);
        browser
    }

    /// Goes to an address and waits until the page has loaded.
    pub fn open(&self, url: &str) {
        self.run(self.driver().goto(url));
    }

    /// Runs a script (a function's body: it has to `return`) in the page.
    pub fn eval(&self, script: &str) -> Value {
        let result = self.run(self.driver().execute(script, Vec::<Value>::new()));
        result.json().clone()
    }

    /// Runs a script until what it returns is true in JavaScript's sense, and returns that.
    #[track_caller]
    pub fn until(&self, what: &str, script: &str) -> Value {
        let started = Instant::now();
        loop {
            let value = self.eval(script);
            if truthy(&value) {
                return value;
            }
            assert!(started.elapsed() < PATIENCE, "not within {} s: {what} ({script})", PATIENCE.as_secs());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Runs a script with `root` being the shadow root, open or closed, of the element that a CSS selector finds.
    /// `null` while there is no such element or it has no shadow root.
    pub fn eval_in_shadow(&self, host: &str, script: &str) -> Value {
        let Ok(element) = self.runtime.block_on(self.driver().find(By::Css(host))) else {
            return Value::Null;
        };
        let find = Raw::get(&format!("element/{}/shadow", element.element_id()));
        let Ok(root) = self
            .runtime
            .block_on(self.driver().handle().cmd(find))
            .and_then(|answer| answer.value::<Value>())
        else {
            return Value::Null;
        };
        // The element may be gone by now, as when a banner goes away.
        let script = format!("const root = arguments[0]; {script}");
        match self.runtime.block_on(self.driver().execute(script, vec![root])) {
            Ok(result) => result.json().clone(),
            Err(error) if error.to_string().contains("javascript error") => panic!("{error}"),
            Err(_) => Value::Null,
        }
    }

    /// [`Browser::eval_in_shadow`] until what it returns is true in JavaScript's sense.
    #[track_caller]
    pub fn until_in_shadow(&self, what: &str, host: &str, script: &str) -> Value {
        let started = Instant::now();
        loop {
            let value = self.eval_in_shadow(host, script);
            if truthy(&value) {
                return value;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "not within {} s: {what} ({script} in {host})",
                PATIENCE.as_secs()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Makes the page as large as a window of this size would show it.
    pub fn size(&self, width: u32, height: u32) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        );
    }

    /// What the visitor's system prefers, such as `("prefers-color-scheme", "dark")`.
    pub fn prefers(&self, features: &[(&str, &str)]) {
        let features: Vec<Value> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// A command of the Chrome DevTools Protocol.
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        let answer = self.run(self.driver().handle().cmd(Raw::post("goog/cdp/execute", body)));
        answer.value().unwrap()
    }

    /// Writes what can be seen as a PNG.
    pub fn screenshot(&self, path: &Path) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        self.run(self.driver().screenshot(path));
    }

    /// Every request since the start, in order.
    pub fn requests(&self) -> Vec<Request> {
        let mut requests = self.requests.borrow_mut();
        for entry in self.run(self.driver().get_log("performance")) {
            let entry: Value = serde_json::from_str(&entry.message).unwrap();
            let (event, parameters) = (&entry["message"]["method"], &entry["message"]["params"]);
            let id = parameters["requestId"].as_str().unwrap_or_default();
            match event.as_str().unwrap_or_default() {
                "Network.requestWillBeSent" => {
                    let text =
                        |field: &str| parameters["request"][field].as_str().unwrap_or_default().to_owned();
                    requests.push((
                        id.to_owned(),
                        Request { url: text("url"), method: text("method"), status: None },
                    ));
                }
                "Network.responseReceived" => {
                    let status = parameters["response"]["status"]
                        .as_u64()
                        .and_then(|status| u16::try_from(status).ok());
                    if let Some((_, request)) = requests.iter_mut().rev().find(|(its, _)| its == id) {
                        request.status = status;
                    }
                }
                _ => {}
            }
        }
        requests.iter().map(|(_, request)| request.clone()).collect()
    }

    /// What the console has shown since the start, each line with its level: `SEVERE …` is an error, which is also how
    /// an uncaught exception, a refusal by the Content-Security-Policy and a failed request appear.
    pub fn console(&self) -> Vec<String> {
        let mut console = self.console.borrow_mut();
        for entry in self.run(self.driver().get_log("browser")) {
            console.push(format!("{} {}", entry.level, entry.message));
        }
        console.clone()
    }

    /// For what this harness does not have: the session itself, to be used with [`Browser::run`].
    pub fn driver(&self) -> &WebDriver {
        self.driver.as_ref().expect("there until dropped")
    }

    /// Waits for a command of the session.
    #[track_caller]
    pub fn run<T>(&self, command: impl Future<Output = WebDriverResult<T>>) -> T {
        self.runtime.block_on(command).unwrap_or_else(|error| panic!("{error}"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            let _ = self.runtime.block_on(driver.quit());
        }
        if let Ok(group) = i32::try_from(self.process.id()) {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        let _ = self.process.wait();
    }
}

/// A command that the library does not have.
#[derive(Debug)]
struct Raw {
    method: Method,
    path: String,
    body: Option<Value>,
}

impl Raw {
    fn get(path: &str) -> Self {
        Self { method: Method::GET, path: path.to_owned(), body: None }
    }

    fn post(path: &str, body: Value) -> Self {
        Self { method: Method::POST, path: path.to_owned(), body: Some(body) }
    }
}

impl FormatRequestData for Raw {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let request = RequestData::new(self.method.clone(), format!("/session/{session}/{}", self.path));
        match &self.body {
            Some(body) => request.add_body(body.clone()),
            None => request,
        }
    }
}

/// chromedriver chooses a free port and says which.
fn port_of(process: &mut Child) -> u16 {
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    let port = lines
        .find_map(|line| {
            line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
        })
        .expect("chromedriver says its port");
    // Goes on reading, else chromedriver blocks once the pipe is full.
    std::thread::spawn(move || lines.for_each(drop));
    port
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Number(number) => number.as_f64() != Some(0.0),
        _ => true,
    }
}
