//! The connected clients: their sockets, and which of them to close when there are too many.
//!
//! No call here blocks. A client's [`Connection`] decides what it may get away with.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Instant;

use rustix::event::PollFlags;
use rustix::process::{Resource, getrlimit};

use crate::http::answer::Answer;
use crate::http::connection::{ClientLimits, Connection};
use crate::http::head::RequestLine;

/// How many of the process's open files stay free for its other threads.
const FILES_KEPT_FREE: u64 = 64;

/// How many bytes are read from a client at a time.
const BLOCK: usize = 16 << 10;

/// The clients, in the order in which they connected.
pub(super) struct Clients {
    limits: ClientLimits,
    clients: Vec<Client>,
    buffer: Box<[u8]>,
}

struct Client {
    stream: TcpStream,
    connection: Connection,
}

impl Clients {
    pub(super) fn new(limits: ClientLimits) -> Self {
        let limits = ClientLimits { connections: affordable(limits.connections), ..limits };
        Self { limits, clients: Vec::new(), buffer: vec![0; BLOCK].into_boxed_slice() }
    }

    /// For each client, what poll(2) should wait for.
    pub(super) fn polled(&self) -> impl Iterator<Item = (&TcpStream, PollFlags)> {
        self.clients.iter().map(|client| {
            let answering = client.connection.is_answering();
            (&client.stream, if answering { PollFlags::OUT } else { PollFlags::IN })
        })
    }

    /// Whether any client is still owed an answer.
    pub(super) fn any_answering(&self) -> bool {
        self.connections().any(Connection::is_answering)
    }

    /// When [`Clients::expire`] must be called next.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.connections().map(Connection::deadline).min()
    }

    /// Applies the deadlines that have passed by `now`.
    pub(super) fn expire(&mut self, now: Instant) {
        for client in &mut self.clients {
            if client.connection.deadline() <= now {
                client.connection.expire(now);
            }
        }
        self.remove_closed();
    }

    /// Removes the clients whose connections are over. This renumbers the others.
    pub(super) fn remove_closed(&mut self) {
        self.clients.retain(|client| !client.connection.is_closed());
    }

    /// When there will be room for another client; `None` if there is room now.
    pub(super) fn room_from(&self) -> Option<Instant> {
        if self.clients.len() < self.limits.connections {
            return None;
        }
        let dispensable = self.connections().filter_map(Connection::dispensable_from).min();
        // If all clients are owed an answer, there is room once one has its answer, or at its deadline.
        dispensable.or_else(|| self.next_deadline())
    }

    /// Admits a new client and returns its number; `None` if the system refuses.
    pub(super) fn admit(&mut self, stream: TcpStream, now: Instant) -> Option<usize> {
        stream.set_nonblocking(true).ok()?;
        if self.clients.len() >= self.limits.connections {
            self.let_go_one();
        }
        self.clients.push(Client { stream, connection: Connection::new(self.limits, now) });
        Some(self.clients.len() - 1)
    }

    /// Makes room: closes the client that has waited longest without being owed an answer.
    pub(super) fn let_go_one(&mut self) {
        let waiting = self.connections().enumerate().filter_map(|(index, connection)| {
            connection.dispensable_from().map(|from| (from, index))
        });
        if let Some((_, index)) = waiting.min() {
            self.clients.remove(index);
        }
    }

    /// Reads from a client or writes to it, whichever it waits for. If that completes an answer of
    /// /health, returns when the client asked.
    pub(super) fn serve(
        &mut self,
        index: usize,
        now: Instant,
        answer: impl FnOnce(&RequestLine) -> Answer,
    ) -> Option<Instant> {
        let Client { stream, connection } = &mut self.clients[index];
        if !connection.is_answering() {
            match stream.read(&mut self.buffer) {
                Ok(0) => connection.input_ended(now),
                Ok(count) => connection.received(&self.buffer[..count], now, answer),
                Err(cause) if is_passing(&cause) => {}
                Err(_) => connection.close(),
            }
        }
        if !connection.is_answering() {
            return None;
        }
        match stream.write(connection.unsent()) {
            Ok(count) => connection.sent(count, now),
            Err(cause) if is_passing(&cause) => {}
            Err(_) => connection.close(),
        }
        if !connection.is_draining() {
            return None;
        }
        // This fails only if the client is gone, which the next read will report.
        let _ = stream.shutdown(Shutdown::Write);
        connection.health_asked()
    }

    fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.clients.iter().map(|client| &client.connection)
    }
}

/// Whether to try the read or write again when poll(2) says so.
fn is_passing(cause: &io::Error) -> bool {
    matches!(cause.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// How many of the `wanted` connections fit into the limit of open files; at least 4.
fn affordable(wanted: usize) -> usize {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let room = limit.saturating_sub(FILES_KEPT_FREE).max(4);
    wanted.min(usize::try_from(room).unwrap_or(usize::MAX))
}
