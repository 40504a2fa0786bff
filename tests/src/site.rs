//! A static web server on another origin: a host page that embeds Candor, or a stand-in for the edge.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use xtask::weight;

/// Keeps the newest shadow root, which only Chromium's driver could reach otherwise. Sets `onLine`, because the machine may have no
/// network.
pub const RECORDER: &str = "<script>
    Object.defineProperty(navigator, 'onLine', { value: true });
    window.escaped = [];
    addEventListener('error', event => escaped.push(event.message));
    addEventListener('unhandledrejection', event => escaped.push(String(event.reason)));
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) { return window.root = attach.call(this, init); };
    window.text = () => document.querySelector('candor-status') ? root.querySelector('section, a')?.textContent || '' : '';</script>";

/// The response to a path.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A file. Its media type follows from the path's extension; without one it is HTML.
    File(Vec<u8>),
    /// A file, already compressed with brotli.
    Brotli(Vec<u8>),
    /// This status, with a small HTML page.
    Status(u16),
    /// The first half of the announced length, then the end of the connection.
    Half(Vec<u8>),
    /// No response. The connection stays open.
    Silence,
}

impl Reply {
    /// A file with this text.
    pub fn text(text: &str) -> Self {
        Self::File(text.as_bytes().to_vec())
    }

    /// A file, compressed once with brotli, as the platform stores it.
    pub fn compressed(content: &[u8]) -> Self {
        Self::Brotli(weight::compress(content))
    }
}

/// A static web server on a free port of 127.0.0.1. Dropping the value ends it.
#[derive(Debug)]
pub struct Site {
    port: u16,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    stop: AtomicBool,
    replies: Mutex<BTreeMap<String, Reply>>,
    headers: String,
    /// The path of each request.
    requests: Mutex<Vec<String>>,
    /// Connections that are kept open for [`Reply::Silence`].
    silent: Mutex<Vec<TcpStream>>,
}

impl Site {
    /// Serves one page at `/`, with these headers on every response.
    pub fn page(html: &str, headers: &[(&str, &str)]) -> Self {
        Self::files(&[("/", html)], headers)
    }

    /// Serves files by path, as [`Reply::File`].
    pub fn files(files: &[(&str, &str)], headers: &[(&str, &str)]) -> Self {
        let replies = files.iter().map(|(path, content)| ((*path).to_owned(), Reply::text(content)));
        Self::serve(replies.collect(), headers)
    }

    /// Serves a folder, after replacing texts in its HTML files, such as the URL of the script.
    pub fn folder(folder: &Path, replace: &[(&str, &str)], headers: &[(&str, &str)]) -> Self {
        let mut replies = BTreeMap::new();
        collect(folder, folder, replace, &mut replies);
        Self::serve(replies, headers)
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Sets the response to a path with any query, or with this one.
    pub fn set(&self, path: &str, reply: Reply) {
        self.shared.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// How many requests the path has received.
    pub fn request_count(&self, path: &str) -> usize {
        self.shared.requests.lock().unwrap().iter().filter(|known| *known == path).count()
    }

    fn serve(replies: BTreeMap<String, Reply>, headers: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            stop: AtomicBool::new(false),
            replies: Mutex::new(replies),
            headers: headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect(),
            requests: Mutex::default(),
            silent: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.stop.load(Ordering::Relaxed) {
                    break;
                }
                let serving = Arc::clone(&serving);
                // Browsers open connections in advance and leave them idle, so each connection has a thread.
                std::thread::spawn(move || {
                    let _ = stream.and_then(|stream| answer(stream, &serving));
                });
            }
        });
        Self { port, shared, thread: Some(thread) }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let target = first.split(' ').nth(1).unwrap_or("/");
    let path = target.split(['?', '#']).next().unwrap_or("/");
    shared.requests.lock().unwrap().push(path.to_owned());
    let replies = shared.replies.lock().unwrap();
    let reply = replies.get(target).or_else(|| replies.get(path)).cloned();
    drop(replies);
    let coding = if matches!(reply, Some(Reply::Brotli(_))) { "content-encoding: br\r\n" } else { "" };
    let (status, kind, content, sent) = match reply {
        Some(Reply::Brotli(content)) => (200, kind_of(path), content, usize::MAX),
        Some(Reply::File(content)) => (200, kind_of(path), content, usize::MAX),
        Some(Reply::Half(content)) => {
            let half = content.len() / 2;
            (200, kind_of(path), content, half)
        }
        Some(Reply::Status(status)) => {
            (status, "text/html", format!("<h1>{status}</h1>").into_bytes(), usize::MAX)
        }
        Some(Reply::Silence) => {
            shared.silent.lock().unwrap().push(stream);
            return Ok(());
        }
        // Browsers request it by themselves, and a 404 would appear as an error in the console.
        None if path == "/favicon.ico" => (204, "image/x-icon", Vec::new(), usize::MAX),
        None => (404, "text/plain", b"not here".to_vec(), usize::MAX),
    };
    write!(
        stream,
        "HTTP/1.1 {status} -\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n{coding}{}\r\n",
        content.len(),
        shared.headers
    )?;
    stream.write_all(content.get(..sent).unwrap_or(&content))
}

fn collect(root: &Path, folder: &Path, replace: &[(&str, &str)], replies: &mut BTreeMap<String, Reply>) {
    for entry in
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())).flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, replace, replies);
            continue;
        }
        let name = format!("/{}", path.strip_prefix(root).unwrap().display());
        let mut content = std::fs::read(&path).unwrap();
        if kind_of(&name).starts_with("text/html") {
            let mut text = String::from_utf8(content).unwrap();
            for (from, to) in replace {
                assert!(text.contains(from), "{name} does not contain {from}");
                text = text.replace(from, to);
            }
            content = text.into_bytes();
        }
        if let Some(folder) = name.strip_suffix("index.html") {
            replies.insert(folder.to_owned(), Reply::File(content.clone()));
        }
        replies.insert(name, Reply::File(content));
    }
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending) {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("png") => "image/png",
        _ => "text/html; charset=utf-8",
    }
}
