//! S3 servers of other people, which check signatures, behind a gate that can fail in their place.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::group::Group;
use xtask::{paths, runtime};

/// The id of the access key.
pub const KEY_ID: &str = "AKIDMIRROR";
/// Its secret.
pub const SECRET: &str = "a/secret+of/the+mirror";
/// The name of the bucket.
pub const BUCKET: &str = "mirror";

/// Which server.
#[derive(Debug, Clone, Copy)]
pub enum Server {
    /// `s3s-fs`, from crates.io.
    S3s,
    /// `rclone serve s3`, from PyPI.
    Rclone,
}

/// What the gate does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Hands it to the server.
    Open,
    /// Answers with this status.
    Status(u16),
    /// Reads it and never answers.
    Silence,
}

/// A server with an empty bucket. Dropping the value ends it.
#[derive(Debug)]
pub struct S3 {
    shared: Arc<Shared>,
    port: u16,
    folder: TempDir,
    _server: Group,
}

#[derive(Debug)]
struct Shared {
    server: u16,
    gate: Mutex<Gate>,
    /// The head of each request.
    requests: Mutex<Vec<String>>,
    /// Connections that are kept open for [`Gate::Silence`].
    silent: Mutex<Vec<TcpStream>>,
}

impl S3 {
    /// Starts a server and waits until it answers.
    pub fn start(server: Server) -> Self {
        let folder = tempfile::Builder::new().prefix("candor-s3-").tempdir().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let port = runtime::free_port().unwrap();
        let mut command = match server {
            Server::S3s => {
                let mut command = Command::new(paths::s3s_fs().expect("the tools' folder"));
                command.args(["--access-key", KEY_ID, "--secret-key", SECRET, "--host", "127.0.0.1"]);
                command.args(["--port", &port.to_string()]);
                command
            }
            Server::Rclone => rclone(port, &["--auth-key", &format!("{KEY_ID},{SECRET}")]),
        };
        command.arg(folder.path());
        let server = spawn(&mut command, port);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let shared = Arc::new(Shared {
            server: port,
            gate: Mutex::new(Gate::Open),
            requests: Mutex::default(),
            silent: Mutex::default(),
        });
        let (serving, port) = (Arc::clone(&shared), listener.local_addr().unwrap().port());
        // The thread ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = Arc::clone(&serving);
                std::thread::spawn(move || pass(stream, &serving));
            }
        });
        Self { shared, port, folder, _server: server }
    }

    /// The address of the server.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The entry of this bucket in `CANDOR_PUSH`.
    pub fn entry(&self, name: &str) -> Value {
        json!({ "name": name, "endpoint": self.endpoint(), "bucket": BUCKET, "region": "eu-test-1",
            "key_id": KEY_ID, "secret": SECRET })
    }

    /// What the gate does from now on.
    pub fn set(&self, gate: Gate) {
        *self.shared.gate.lock().unwrap() = gate;
        if gate != Gate::Silence {
            self.shared.silent.lock().unwrap().clear();
        }
    }

    /// The folder with the objects of the bucket.
    pub fn objects(&self) -> PathBuf {
        self.folder.path().join(BUCKET)
    }

    /// An object, as the server stored it.
    pub fn object(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.objects().join(name)).ok()
    }

    /// The heads of the requests so far that begin with this, such as `PUT /mirror/signed`.
    pub fn requests(&self, begin: &str) -> Vec<String> {
        self.shared.requests.lock().unwrap().iter().filter(|head| head.starts_with(begin)).cloned().collect()
    }

    /// Lets anybody read the bucket, under an address of its own, as providers do. Ends with the value.
    pub fn public(&self, port: u16) -> Group {
        let mut command = rclone(port, &["--dir-cache-time", "0s"]);
        spawn(command.arg(self.folder.path()), port)
    }
}

/// `rclone serve s3`. Its folder comes last.
fn rclone(port: u16, args: &[&str]) -> Command {
    let lib = paths::python().join("lib");
    let folders = std::fs::read_dir(&lib).expect("the tests' Python packages").flatten();
    let program = folders
        .map(|folder| folder.path().join("site-packages/rclone_api/bin/rclone"))
        .find(|path| path.exists())
        .expect("rclone is among the tests' Python packages");
    let mut command = Command::new(program);
    command.args(["serve", "s3", "--config", "/dev/null", "--addr", &format!("127.0.0.1:{port}")]).args(args);
    command
}

fn spawn(command: &mut Command, port: u16) -> Group {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let group = Group::spawn(command).unwrap();
    crate::eventually("the server listens", Duration::from_secs(30), || {
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()
    });
    group
}

/// Handles one connection, which has one request.
fn pass(mut stream: TcpStream, shared: &Shared) -> Option<()> {
    let mut bytes = Vec::new();
    let mut part = [0; 16 * 1024];
    let end = loop {
        match bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            Some(at) => break at + 4,
            None => {
                let read = stream.read(&mut part).ok().filter(|read| *read > 0)?;
                bytes.extend_from_slice(&part[..read]);
            }
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
    while bytes.len() < end + length {
        let read = stream.read(&mut part).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&part[..read]);
    }
    let first = String::from_utf8_lossy(&bytes[..end]).into_owned();
    shared.requests.lock().unwrap().push(first);
    let gate = *shared.gate.lock().unwrap();
    match gate {
        Gate::Silence => shared.silent.lock().unwrap().push(stream),
        Gate::Status(status) => {
            write!(stream, "HTTP/1.1 {status} -\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").ok()?;
        }
        Gate::Open => {
            let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, shared.server)).ok()?;
            // The connection ends with the answer. The header is not signed.
            let line = bytes.windows(2).position(|two| two == b"\r\n")? + 2;
            server.write_all(&bytes[..line]).ok()?;
            server.write_all(b"connection: close\r\n").ok()?;
            server.write_all(&bytes[line..]).ok()?;
            std::io::copy(&mut server, &mut stream).ok()?;
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
    Some(())
}

/// The names of all files below a folder, without hidden ones.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for path in std::fs::read_dir(&next).unwrap().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                names.push(path.strip_prefix(folder).unwrap().display().to_string());
            }
        }
    }
    names.sort();
    names
}
