//! Chromium, driven through chromedriver: what only Chromium can do.

use crate::session::{Session, port_said, until};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::ops::Deref;
use std::process::Command;
use tempfile::TempDir;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, LoggingPrefsLogLevel, RequestData, SessionId};
use ureq::http::Method;
use xtask::browsers;

/// A request that the browser made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The URL.
    pub url: String,
    /// The method.
    pub method: String,
    /// The status of the response. `None` while the request runs, and when it failed.
    pub status: Option<u16>,
}

/// A Chromium with an empty profile. Dropping the value ends it. [`Session`] has what every engine can do.
#[derive(Debug)]
pub struct Browser {
    session: Session,
    requests: RefCell<Vec<(String, Request)>>,
    console: RefCell<Vec<String>>,
    // Dropped after the session, which uses it.
    _profile: TempDir,
}

impl Deref for Browser {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl Browser {
    /// Starts Chromium with a viewport of 1280 × 800.
    pub fn start() -> Self {
        let profile = tempfile::Builder::new().prefix("candor-chromium-").tempdir().unwrap();
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
        let driver = browsers::chromedriver().unwrap_or_else(|| "chromedriver".into());
        let session = Session::start(Command::new(driver).arg("--port=0"), port_said, wanted);
        let browser =
            Self { session, requests: RefCell::default(), console: RefCell::default(), _profile: profile };
        browser.size(1280, 800);
        browser
    }

    /// Runs a script in which `root` is the shadow root, open or closed, of the element that a CSS selector finds.
    /// Returns `null` if there is no such element or it has no shadow root.
    pub fn eval_in_shadow(&self, host: &str, script: &str) -> Value {
        let Ok(element) = self.try_run(self.driver().find(By::Css(host))) else {
            return Value::Null;
        };
        let find = Raw::get(&format!("element/{}/shadow", element.element_id()));
        let Ok(root) =
            self.try_run(self.driver().handle().cmd(find)).and_then(|answer| answer.value::<Value>())
        else {
            return Value::Null;
        };
        // The banner may have been removed since `find`.
        let script = format!("const root = arguments[0]; {script}");
        match self.try_run(self.driver().execute(script, vec![root])) {
            Ok(result) => result.json().clone(),
            Err(error) if error.to_string().contains("javascript error") => panic!("{error}"),
            Err(_) => Value::Null,
        }
    }

    /// Repeats [`Browser::eval_in_shadow`] until the result is truthy in JavaScript.
    #[track_caller]
    pub fn until_in_shadow(&self, what: &str, host: &str, script: &str) -> Value {
        until(what, &format!("{script} in {host}"), || self.eval_in_shadow(host, script))
    }

    /// Sets the size of the viewport, in CSS pixels.
    pub fn size(&self, width: u32, height: u32) {
        self.metrics(width, height, 1);
    }

    /// Sets the viewport of a window of 1280 × 1024 pixels that is zoomed by this factor.
    pub fn zoom(&self, times: u32) {
        self.metrics(1280 / times, 1024 / times, times);
    }

    fn metrics(&self, width: u32, height: u32, scale: u32) {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false }),
        );
    }

    /// Sets the media features that the visitor prefers, such as `("prefers-color-scheme", "dark")`.
    pub fn prefers(&self, features: &[(&str, &str)]) {
        let features: Vec<Value> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Minimises the window, which hides its page, or restores it.
    pub fn hide(&self, hidden: bool) {
        let window = self.devtools("Browser.getWindowForTarget", json!({}))["windowId"].clone();
        let state = if hidden { "minimized" } else { "normal" };
        self.devtools(
            "Browser.setWindowBounds",
            json!({ "windowId": window, "bounds": { "windowState": state } }),
        );
        self.until("the page's visibility changes", &format!("return document.hidden == {hidden}"));
    }

    /// Runs a command of the Chrome DevTools Protocol and returns its result.
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        let answer = self.run(self.driver().handle().cmd(Raw::post("goog/cdp/execute", body)));
        answer.value().unwrap()
    }

    /// Every request since the browser started, in order.
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
                    if let Some((_, request)) = requests.iter_mut().rev().find(|(known, _)| known == id) {
                        request.status = status;
                    }
                }
                _ => {}
            }
        }
        requests.iter().map(|(_, request)| request.clone()).collect()
    }

    /// The lines of the console since the browser started, each with its level. `SEVERE …` is an error; uncaught
    /// exceptions, violations of the Content-Security-Policy and failed requests appear as such. A stream that a static site does not
    /// have is no fault: the browser names it, and the page polls.
    pub fn console(&self) -> Vec<String> {
        let mut console = self.console.borrow_mut();
        for entry in self.run(self.driver().get_log("browser")) {
            if entry.message.contains("/events?") && entry.message.contains("status of 404") {
                continue;
            }
            console.push(format!("{} {}", entry.level, entry.message));
        }
        console.clone()
    }
}

/// A WebDriver command that the library lacks.
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
