//! The clients of the moment: their sockets, and who goes when there are too many.
//!
//! No call here blocks. What a client may get away with is up to its [`Connection`].

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Instant;

use rustix::event::PollFlags;
use rustix::process::{Resource, getrlimit};

use crate::http::answer::Answer;
use crate::http::connection::{ClientLimits, Connection};
use crate::http::head::RequestLine;

/// Files that stay free for the rest of the process, out of its limit of open files.
const FILES_KEPT_FREE: u64 = 64;

/// Bytes that are read from a client at a time.
const BLOCK: usize = 16 << 10;

/// The clients, in the order of their coming.
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

    /// What poll(2) is to wait for, client by client.
    pub(super) fn polled(&self) -> impl Iterator<Item = (&TcpStream, PollFlags)> {
        self.clients.iter().map(|client| {
            let answering = client.connection.is_answering();
            (&client.stream, if answering { PollFlags::OUT } else { PollFlags::IN })
        })
    }

    /// Whether some client is owed an answer.
    pub(super) fn any_answering(&self) -> bool {
        self.connections().any(Connection::is_answering)
    }

    /// When [`Clients::expire`] is due.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.connections().map(Connection::deadline).min()
    }

    /// Does what is due by `now`.
    pub(super) fn expire(&mut self, now: Instant) {
        for client in &mut self.clients {
            if client.connection.deadline() <= now {
                client.connection.expire(now);
            }
        }
        self.remove_closed();
    }

    /// Those whose connections are over go, which renumbers the others.
    pub(super) fn remove_closed(&mut self) {
        self.clients.retain(|client| !client.connection.is_closed());
    }

    /// When there is room for another client; `None` if there is.
    pub(super) fn room_from(&self) -> Option<Instant> {
        if self.clients.len() < self.limits.connections {
            return None;
        }
        let dispensable = self.connections().filter_map(Connection::dispensable_from).min();
        // With all of them owed an answer, giving one makes room, at its deadline at the latest.
        dispensable.or_else(|| self.next_deadline())
    }

    /// Lets a newcomer in, and returns its number; `None` if the system does not let it.
    pub(super) fn admit(&mut self, stream: TcpStream, now: Instant) -> Option<usize> {
        stream.set_nonblocking(true).ok()?;
        if self.clients.len() >= self.limits.connections {
            self.let_go_one();
        }
        self.clients.push(Client { stream, connection: Connection::new(self.limits, now) });
        Some(self.clients.len() - 1)
    }

    /// Makes room: the one that has been waiting longest without being owed an answer goes.
    pub(super) fn let_go_one(&mut self) {
        let waiting = self.connections().enumerate().filter_map(|(index, connection)| {
            connection.dispensable_from().map(|from| (from, index))
        });
        if let Some((_, index)) = waiting.min() {
            self.clients.remove(index);
        }
    }

    /// Reads from or writes to a client, whichever it waits for. Where that ends an answer of /health,
    /// returns when it was asked.
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
        // It fails only if the client is gone, which the next read will say.
        let _ = stream.shutdown(Shutdown::Write);
        connection.health_asked()
    }

    fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.clients.iter().map(|client| &client.connection)
    }
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
