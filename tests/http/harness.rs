//! Endpoints that run, and a client that reads whole answers.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use access_log_generator::Shard;
use access_log_generator::inside::config::{Config, HealthCheck};
use access_log_generator::inside::http::connection::ClientLimits;
use access_log_generator::inside::status::{RunFacts, Status};
use access_log_generator::inside::threads::http::{Http, HttpStop};

/// Longer than anything here takes on a busy machine: what takes longer has failed.
pub const FAILED: Duration = Duration::from_secs(20);

pub struct Served {
    pub address: SocketAddr,
    pub status: Arc<Status>,
    stop: Option<HttpStop>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    pub fn new() -> Self {
        Self::with(ClientLimits::default())
    }

    pub fn with(limits: ClientLimits) -> Self {
        Self::named("http", limits)
    }

    /// With the thread `http` under another name.
    pub fn named(name: &str, limits: ClientLimits) -> Self {
        let http = Http::bind_with(&localhost(0), limits).unwrap();
        let address = http.local_addr();
        let (thread, stop) = http.into_thread();
        let status = Arc::new(new_status());
        let shared = Arc::clone(&status);
        let thread = thread::Builder::new().name(name.into()).spawn(move || thread.run(&shared));
        Self { address, status, stop: Some(stop), thread: Some(thread.unwrap()) }
    }

    pub fn connect(&self) -> TcpStream {
        connect(self.address).unwrap()
    }

    pub fn ask(&self, request: impl AsRef<[u8]>) -> Answer {
        try_ask(self.address, request).expect("an answer")
    }

    /// Ends the thread, which must end well.
    pub fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.stop();
        }
    }
}

pub fn localhost(port: u16) -> HealthCheck {
    HealthCheck { address: "127.0.0.1".parse().unwrap(), port }
}

pub fn new_status() -> Status {
    Status::new(RunFacts {
        output_directory: Some("/var/log/app".into()),
        version: "v2.0.0",
        ..RunFacts::new(
            &Config::default(),
            42,
            "2026-11-01T00:00:00Z".parse().unwrap(),
            Shard::WHOLE,
        )
    })
}

pub fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let client = TcpStream::connect_timeout(&address, FAILED)?;
    client.set_read_timeout(Some(FAILED))?;
    client.set_write_timeout(Some(FAILED))?;
    Ok(client)
}

/// An answer, whole: the connection's end has been seen.
#[derive(Debug)]
pub struct Answer {
    pub code: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = str::from_utf8(bytes).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let code = head.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
        Some(Self { code, head: head.to_owned(), body: body.to_owned() })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Asks and reads to the end; `None` where the port is not served, or no longer.
pub fn try_ask(address: SocketAddr, request: impl AsRef<[u8]>) -> Option<Answer> {
    let mut client = connect(address).ok()?;
    // A refusal may come before the end of a long request.
    let _ = client.write_all(request.as_ref());
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).ok()?;
    Answer::parse(&bytes)
}

/// Reads the answer of a request that was written before, to the end.
pub fn finish(client: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).unwrap();
    Answer::parse(&bytes).unwrap_or_else(|| panic!("no answer: {bytes:?}"))
}

/// Waits for what another thread is about to bring about.
pub fn until(condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < FAILED, "it has not come about");
        thread::sleep(Duration::from_millis(1));
    }
}

/// How many threads of this process have this name.
#[cfg(target_os = "linux")]
pub fn threads_named(name: &str) -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    tasks
        .filter(|task| {
            std::fs::read_to_string(task.path().join("comm")).is_ok_and(|comm| comm.trim() == name)
        })
        .count()
}
