//! The thread `http-gate`: stands between the clients and tiny_http.
//!
//! It never blocks on a client, holds a bounded number of them, reads one request head from each
//! and passes only whole ones on. It sleeps in poll(2) until a socket or a deadline wakes it:
//! with no connection open it does not wake at all.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Resource, getrlimit};

use super::http::link::ServerLink;
use crate::http::closing::Closing;
use crate::http::connection::{Connection, Limits, Waits};

/// Newcomers accepted before the others get their turn.
const ACCEPTED_AT_ONCE: usize = 16;

/// Files that stay free for the rest of the process, out of its limit of open files.
const FILES_KEPT_FREE: u64 = 64;

/// How long nothing is accepted, or polled, after the system refused it.
const PAUSE: Duration = Duration::from_millis(100);

/// The body of the thread `http-gate`.
pub struct HttpGate {
    listener: TcpListener,
    stopped: UnixStream,
    /// Dropped with the gate, which ends the thread `http`.
    server: ServerLink,
    limits: Limits,
    /// In the order of their coming.
    clients: Vec<Client>,
    /// Nothing is accepted before this instant.
    accept_after: Option<Instant>,
    last_health: Option<Instant>,
    closing: Option<Closing>,
    buffer: Box<[u8]>,
}

/// Ends both HTTP threads when dropped. The gate first finishes the answers under way and, if
/// somebody is polling /health, gives one more: at most 250 ms. All counts should be final.
#[derive(Debug)]
#[must_use = "dropping it stops the HTTP threads"]
pub struct HttpStop {
    _wake: UnixStream,
}

#[derive(Debug)]
struct Client {
    stream: TcpStream,
    connection: Connection,
    /// To tiny_http, while a question is open.
    question: Option<UnixStream>,
}

/// What a polled socket belongs to.
#[derive(Clone, Copy)]
enum Source {
    Stop,
    Listener,
    Client(usize),
    Question(usize),
}

impl HttpGate {
    pub(super) fn new(
        listener: TcpListener,
        limits: Limits,
        server: ServerLink,
    ) -> io::Result<(Self, HttpStop)> {
        listener.set_nonblocking(true)?;
        let (stopped, wake) = UnixStream::pair()?;
        let gate = Self {
            listener,
            stopped,
            server,
            limits: Limits { connections: affordable(limits.connections), ..limits },
            clients: Vec::new(),
            accept_after: None,
            last_health: None,
            closing: None,
            buffer: vec![0; 16 << 10].into_boxed_slice(),
        };
        Ok((gate, HttpStop { _wake: wake }))
    }

    /// Serves until the [`HttpStop`] is dropped. Whatever a client or the system does, it goes on.
    pub fn run(mut self) {
        loop {
            let now = Instant::now();
            self.expire(now);
            let busy = self.clients.iter().any(|client| client.connection.is_busy());
            if self.closing.is_some_and(|closing| closing.is_over(now, busy)) {
                return;
            }
            let awake = self.wait(now);
            let now = Instant::now();
            // Clients come before newcomers, who may push one out; the stop comes last, so that
            // what was answered before it counts as answered.
            for source in awake.into_iter().rev() {
                match source {
                    Source::Client(index) => self.serve(index, now),
                    Source::Question(index) => self.read_answer(index, now),
                    Source::Listener => self.accept(now),
                    Source::Stop => self.closing = Some(Closing::begin(now, self.last_health)),
                }
            }
            self.ask(now);
            self.clients.retain(|client| !client.connection.is_closed());
        }
    }

    /// Sleeps until a socket is ready or a deadline has come; returns the ready ones.
    fn wait(&self, now: Instant) -> Vec<Source> {
        let mut sources = Vec::with_capacity(2 + self.clients.len());
        let mut polled = Vec::with_capacity(2 + self.clients.len());
        if self.closing.is_none() {
            sources.push(Source::Stop);
            polled.push(PollFd::new(&self.stopped, PollFlags::IN));
        }
        if self.may_accept(now) {
            sources.push(Source::Listener);
            polled.push(PollFd::new(&self.listener, PollFlags::IN));
        }
        for (index, client) in self.clients.iter().enumerate() {
            // A client that waits for an answer is not polled at all: poll(2) would report its
            // hang-up over and over, and its question is answered in a moment anyway.
            let events = match client.connection.waits() {
                Waits::Input => Some(PollFlags::IN),
                Waits::Output => Some(PollFlags::OUT),
                Waits::Inside => None,
            };
            if let Some(events) = events {
                sources.push(Source::Client(index));
                polled.push(PollFd::new(&client.stream, events));
            } else if let Some(question) = &client.question {
                sources.push(Source::Question(index));
                polled.push(PollFd::new(question, PollFlags::IN));
            }
        }
        let timeout = self.next_deadline(now).map(|next| next.saturating_duration_since(now));
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        match poll(&mut polled, timeout.as_ref()) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Vec::new(),
            Err(cause) => {
                log::warn!("Cannot poll the HTTP connections, trying again: {cause}");
                std::thread::sleep(PAUSE);
                return Vec::new();
            }
        }
        let ready = polled.iter().map(|fd| !fd.revents().is_empty());
        sources
            .into_iter()
            .zip(ready)
            .filter_map(|(source, ready)| ready.then_some(source))
            .collect()
    }

    fn next_deadline(&self, now: Instant) -> Option<Instant> {
        let clients = self.clients.iter().map(|client| client.connection.deadline());
        let closing = self.closing.map(|closing| closing.deadline());
        let room = self.room_from().filter(|from| *from > now);
        clients.chain(closing).chain(self.accept_after).chain(room).min()
    }

    /// Does what is due by `now`.
    fn expire(&mut self, now: Instant) {
        self.accept_after = self.accept_after.filter(|after| *after > now);
        for client in &mut self.clients {
            if client.connection.deadline() <= now {
                if client.connection.is_asking() {
                    self.server.replace_server();
                }
                client.connection.expire(now);
                client.question = None;
            }
        }
        self.clients.retain(|client| !client.connection.is_closed());
    }

    /// Newcomers are let in while there is room or somebody to be let go; otherwise they wait in
    /// the system's queue.
    fn may_accept(&self, now: Instant) -> bool {
        self.closing.is_none_or(|closing| closing.awaits_health())
            && self.accept_after.is_none_or(|after| after <= now)
            && self.room_from().is_none_or(|from| from <= now)
    }

    /// When there is room for another client; `None` if there is.
    fn room_from(&self) -> Option<Instant> {
        if self.clients.len() < self.limits.connections {
            return None;
        }
        let connections = || self.clients.iter().map(|client| &client.connection);
        let dispensable = connections().filter_map(Connection::dispensable_from).min();
        // With everybody owed an answer, giving one makes room, at its deadline at the latest.
        dispensable.or_else(|| connections().map(Connection::deadline).min())
    }

    fn accept(&mut self, now: Instant) {
        for _ in 0..ACCEPTED_AT_ONCE {
            if !self.may_accept(now) {
                return;
            }
            match self.listener.accept() {
                Ok((stream, _)) => self.admit(stream, now),
                Err(cause) => match cause.kind() {
                    io::ErrorKind::WouldBlock => return,
                    io::ErrorKind::ConnectionAborted | io::ErrorKind::Interrupted => {}
                    // Out of files or memory, most likely: make room, and leave some time for it.
                    _ => {
                        self.let_go_one();
                        self.accept_after = Some(now + PAUSE);
                        return;
                    }
                },
            }
        }
    }

    fn admit(&mut self, stream: TcpStream, now: Instant) {
        if stream.set_nonblocking(true).is_err() {
            return;
        }
        if self.clients.len() >= self.limits.connections {
            self.let_go_one();
        }
        let connection = Connection::new(self.limits, now);
        self.clients.push(Client { stream, connection, question: None });
        // Most clients have sent their request by now.
        self.serve(self.clients.len() - 1, now);
    }

    /// Makes room: the one that has been waiting longest without being owed an answer goes.
    fn let_go_one(&mut self) {
        let waiting = self.clients.iter().enumerate().filter_map(|(index, client)| {
            client.connection.dispensable_from().map(|from| (from, index))
        });
        if let Some((_, index)) = waiting.min() {
            self.clients.remove(index);
        }
    }

    /// Reads from or writes to a client, whichever it waits for.
    fn serve(&mut self, index: usize, now: Instant) {
        let Client { stream, connection, .. } = &mut self.clients[index];
        if connection.waits() == Waits::Input {
            match stream.read(&mut self.buffer) {
                Ok(0) => connection.input_ended(now),
                Ok(count) => connection.received(&self.buffer[..count], now),
                Err(cause) if is_passing(&cause) => {}
                Err(_) => connection.close(),
            }
        }
        self.send(index, now);
    }

    fn send(&mut self, index: usize, now: Instant) {
        let Client { stream, connection, .. } = &mut self.clients[index];
        if connection.waits() != Waits::Output {
            return;
        }
        match stream.write(connection.unsent()) {
            Ok(count) => connection.sent(count, now),
            Err(cause) if is_passing(&cause) => {}
            Err(_) => connection.close(),
        }
        if connection.is_draining() {
            // It fails only if the client is gone, which the next read will say.
            let _ = stream.shutdown(Shutdown::Write);
            if let Some(asked) = connection.health_asked() {
                self.last_health = Some(now);
                if let Some(closing) = &mut self.closing {
                    closing.health_answered(asked);
                }
            }
        }
    }

    /// Passes requests on, the longest-waiting first and one at a time: tiny_http keeps four
    /// threads, and spawns another whenever a request finds none of them waiting.
    fn ask(&mut self, now: Instant) {
        if self.clients.iter().any(|client| client.connection.is_asking()) {
            return;
        }
        for index in 0..self.clients.len() {
            let client = &mut self.clients[index];
            let Some(question) = client.connection.question(now) else { continue };
            if let Ok(stream) = ask(&self.server, &question) {
                client.question = Some(stream);
                return;
            }
            client.connection.answer_failed(now);
            self.send(index, now);
        }
    }

    fn read_answer(&mut self, index: usize, now: Instant) {
        let Client { connection, question, .. } = &mut self.clients[index];
        let Some(stream) = question else { return };
        match stream.read(&mut self.buffer) {
            Ok(0) => connection.answer_ended(now),
            Ok(count) => connection.answered(&self.buffer[..count], now),
            Err(cause) if is_passing(&cause) => {}
            Err(_) => connection.answer_failed(now),
        }
        if !connection.is_asking() {
            *question = None;
            self.send(index, now);
        }
    }
}

/// Opens a question: it is whole and its end is marked when this returns.
fn ask(server: &ServerLink, question: &[u8]) -> io::Result<UnixStream> {
    let mut stream = server.connect()?;
    // The buffer of a new socket takes many times the longest head, so no write is partial.
    stream.write_all(question)?;
    stream.shutdown(Shutdown::Write)?;
    Ok(stream)
}

/// Whether a read or write may simply be tried again when poll(2) says so.
fn is_passing(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// As many of `wanted` connections as the limit of open files leaves room for; at least 4.
fn affordable(wanted: usize) -> usize {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let room = limit.saturating_sub(FILES_KEPT_FREE).max(4);
    wanted.min(usize::try_from(room).unwrap_or(usize::MAX))
}
