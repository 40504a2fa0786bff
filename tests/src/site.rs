//! Somebody else's website: a product page that embeds Candor from another origin.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

struct File {
    kind: &'static str,
    content: Vec<u8>,
}

/// A static web server on a free port of 127.0.0.1; ends with the value.
#[derive(Debug)]
pub struct Site {
    port: u16,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Site {
    /// One page at `/`, with these headers on every answer.
    pub fn page(html: &str, headers: &[(&str, &str)]) -> Self {
        Self::files(&[("/", html)], headers)
    }

    /// Files by path. The type follows the path's ending; HTML if it has none.
    pub fn files(files: &[(&str, &str)], headers: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, content)| {
            ((*path).to_owned(), File { kind: kind_of(path), content: content.as_bytes().to_vec() })
        });
        Self::serve(files.collect(), headers)
    }

    /// A folder as it is, apart from texts that are replaced in its HTML (such as the address of the script).
    pub fn folder(folder: &Path, replace: &[(&str, &str)], headers: &[(&str, &str)]) -> Self {
        let mut files = BTreeMap::new();
        collect(folder, folder, replace, &mut files);
        Self::serve(files, headers)
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn serve(files: BTreeMap<String, File>, headers: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let extra: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let shared = Arc::new((files, extra));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                let shared = Arc::clone(&shared);
                // A browser opens connections ahead and lets them wait: each has its own thread.
                std::thread::spawn(move || {
                    let _ = stream.and_then(|stream| answer(stream, &shared.0, &shared.1));
                });
            }
        });
        Self { port, stop, thread: Some(thread) }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes the accept.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(mut stream: TcpStream, files: &BTreeMap<String, File>, extra: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let target = first.split(' ').nth(1).unwrap_or("/");
    let path = target.split(['?', '#']).next().unwrap_or("/");
    let (status, kind, content) = match files.get(path) {
        Some(file) => ("200 OK", file.kind, file.content.as_slice()),
        // Every browser asks for it; a 404 would be an error in the console.
        None if path == "/favicon.ico" => ("204 No Content", "image/x-icon", &b""[..]),
        None => ("404 Not Found", "text/plain", &b"not here"[..]),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n{extra}\r\n",
        content.len()
    )?;
    stream.write_all(content)
}

fn collect(root: &Path, folder: &Path, replace: &[(&str, &str)], files: &mut BTreeMap<String, File>) {
    for entry in
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())).flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, replace, files);
            continue;
        }
        let name = format!("/{}", path.strip_prefix(root).unwrap().display());
        let kind = kind_of(&name);
        let mut content = std::fs::read(&path).unwrap();
        if kind.starts_with("text/html") {
            let mut text = String::from_utf8(content).unwrap();
            for (from, to) in replace {
                assert!(text.contains(from), "{name} does not contain {from}");
                text = text.replace(from, to);
            }
            content = text.into_bytes();
        }
        if let Some(folder) = name.strip_suffix("index.html") {
            files.insert(folder.to_owned(), File { kind, content: content.clone() });
        }
        files.insert(name, File { kind, content });
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
