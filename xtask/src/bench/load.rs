//! A load generator, so that no tool has to be installed. Each connection has a thread, which sends the next request
//! as soon as it has the answer.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub(super) const CONNECTIONS: usize = 8;

/// The results of one round. Times are in seconds.
pub(super) struct Round {
    pub(super) per_second: f64,
    pub(super) p50: f64,
    pub(super) p99: f64,
}

pub(super) fn run(port: u16, path: &str, time: Duration) -> Result<Round> {
    let started = Instant::now();
    let times = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..CONNECTIONS).map(|_| scope.spawn(|| connection(port, path, time))).collect();
        let mut times = Vec::new();
        for worker in workers {
            times.extend(worker.join().map_err(|_| anyhow::anyhow!("a connection's thread failed"))??);
        }
        anyhow::Ok(times)
    })?;
    let took = started.elapsed();
    summary(times, took)
}

fn summary(mut times: Vec<f64>, took: Duration) -> Result<Round> {
    times.sort_by(f64::total_cmp);
    let took = took.as_secs_f64();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().context("no answers");
    Ok(Round { per_second: f64::from(u32::try_from(times.len())?) / took, p50: at(50)?, p99: at(99)? })
}

/// The latency on one connection.
pub(super) fn latency(port: u16, path: &str, time: Duration) -> Result<Round> {
    let started = Instant::now();
    let times = connection(port, path, time)?;
    summary(times, started.elapsed())
}

/// One request, which must be answered with 200.
pub(super) fn once(port: u16, path: &str) -> Result<()> {
    Connection::open(port)?.get(path, 200)
}

/// Does something beside a flood of so many requests a second. Returns its outcome and the number of requests.
pub(super) fn beside<T>(
    port: u16,
    per_second: u32,
    request: impl Fn(&mut Connection, u32) -> Result<()> + Sync,
    work: impl FnOnce() -> Result<T>,
) -> Result<(T, u32)> {
    let ends = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let flood = scope.spawn(|| flood(port, per_second, &ends, &request));
        let outcome = work();
        ends.store(true, Ordering::Relaxed);
        let sent = flood.join().map_err(|_| anyhow::anyhow!("the flood's thread failed"))??;
        Ok((outcome?, sent))
    })
}

/// Prints the median and the 99th percentile of two rounds, and their ratios.
pub(super) fn compare(idle: &Round, busy: &Round) {
    println!("{:<8} {:>10} {:>10} {:>8}", "", "idle ms", "flood ms", "ratio");
    for (name, idle, busy) in [("p50", idle.p50, busy.p50), ("p99", idle.p99, busy.p99)] {
        println!("{name:<8} {:>10.2} {:>10.2} {:>8.2}", idle * 1e3, busy * 1e3, busy / idle);
    }
}

/// Sends so many requests a second, until `ends`. Returns their number.
fn flood(
    port: u16,
    per_second: u32,
    ends: &AtomicBool,
    request: impl Fn(&mut Connection, u32) -> Result<()>,
) -> Result<u32> {
    let mut connection = Connection::open(port)?;
    let started = Instant::now();
    let mut sent = 0_u32;
    while !ends.load(Ordering::Relaxed) {
        if let Some(early) =
            Duration::from_secs_f64(f64::from(sent) / f64::from(per_second)).checked_sub(started.elapsed())
        {
            std::thread::sleep(early);
        }
        request(&mut connection, sent)?;
        sent += 1;
    }
    Ok(sent)
}

fn connection(port: u16, path: &str, time: Duration) -> Result<Vec<f64>> {
    let mut connection = Connection::open(port)?;
    let started = Instant::now();
    let mut times = Vec::new();
    while started.elapsed() < time {
        let sent = Instant::now();
        connection.get(path, 200)?;
        times.push(sent.elapsed().as_secs_f64());
    }
    Ok(times)
}

/// One connection, which is kept open.
pub(super) struct Connection {
    port: u16,
    stream: TcpStream,
    answers: BufReader<TcpStream>,
    buffer: Vec<u8>,
}

impl Connection {
    fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        let answers = BufReader::new(stream.try_clone()?);
        Ok(Self { port, stream, answers, buffer: Vec::new() })
    }

    /// Reads a path, which must be answered with this status.
    pub(super) fn get(&mut self, path: &str, status: u16) -> Result<()> {
        let port = self.port;
        write!(self.stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")?;
        read_answer(&mut self.answers, &mut self.buffer, &[status]).with_context(|| path.to_owned())
    }

    /// Posts JSON with further headers, each with its line end. It must be answered with one of these statuses.
    pub(super) fn post(&mut self, path: &str, headers: &str, body: &str, statuses: &[u16]) -> Result<()> {
        let (port, length) = (self.port, body.len());
        // In one piece, as clients send it.
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        self.stream.write_all(request.as_bytes())?;
        read_answer(&mut self.answers, &mut self.buffer, statuses).with_context(|| path.to_owned())
    }
}

/// Reads one response, which must have one of these statuses. Its body has a Content-Length or comes in chunks.
fn read_answer(answers: &mut BufReader<TcpStream>, buffer: &mut Vec<u8>, statuses: &[u16]) -> Result<()> {
    let mut line = String::new();
    answers.read_line(&mut line)?;
    if !statuses.iter().any(|status| line.starts_with(&format!("HTTP/1.1 {status}"))) {
        bail!("unexpected answer: {}", line.trim());
    }
    let mut length = None;
    loop {
        line.clear();
        answers.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse::<usize>()?);
        }
    }
    if let Some(length) = length {
        buffer.resize(length, 0);
        answers.read_exact(buffer)?;
        return Ok(());
    }
    loop {
        line.clear();
        answers.read_line(&mut line)?;
        let length = usize::from_str_radix(line.trim_end(), 16)
            .context("the answer has neither a Content-Length nor chunks")?;
        // Each chunk ends with a line break, including the last one.
        buffer.resize(length.saturating_add(2), 0);
        answers.read_exact(buffer)?;
        if length == 0 {
            return Ok(());
        }
    }
}
