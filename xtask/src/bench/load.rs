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

/// Requests so many names a second that nobody published, until `ends`. Returns their number.
pub(super) fn unknown_names(port: u16, per_second: u32, ends: &AtomicBool) -> Result<u32> {
    let mut connection = Connection::open(port)?;
    let started = Instant::now();
    let mut sent = 0_u32;
    while !ends.load(Ordering::Relaxed) {
        if let Some(early) =
            Duration::from_secs_f64(f64::from(sent) / f64::from(per_second)).checked_sub(started.elapsed())
        {
            std::thread::sleep(early);
        }
        let path = match sent % 4 {
            0 => format!("/incidents/x{sent}"),
            1 => format!("/badge.svg?component=x{sent}"),
            2 => format!("/history/{}-0{}", 1970 + sent % 50, 1 + sent % 9),
            _ => format!("/postmortems/x{sent}.json"),
        };
        connection.get(&path, 404)?;
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
struct Connection {
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

    fn get(&mut self, path: &str, status: u16) -> Result<()> {
        let port = self.port;
        write!(self.stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")?;
        read_answer(&mut self.answers, &mut self.buffer, status).with_context(|| path.to_owned())
    }
}

/// Reads one response, which must have this status. Its body has a Content-Length or comes in chunks.
fn read_answer(answers: &mut BufReader<TcpStream>, buffer: &mut Vec<u8>, status: u16) -> Result<()> {
    let mut line = String::new();
    answers.read_line(&mut line)?;
    if !line.starts_with(&format!("HTTP/1.1 {status}")) {
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
