//! The thread `http` meets the clients of /health, /metrics and the status page, and answers them.
//!
//! It never blocks on a client, and holds a bounded number of them. It sleeps in poll(2) until a socket
//! or a deadline wakes it; with no connection open it does not wake at all.
//!
//! [`crate::http`] decides what a client may get away with, and makes every answer. All other clients
//! wait while an answer is made, so nothing that waits for a disk or for another thread may enter there.
//! src/decisions/http-gate.md says why one thread does it all and does not run a server of tiny_http.

mod clients;
mod listen;

use std::io::{self, ErrorKind, PipeReader, PipeWriter};
use std::net::{SocketAddr, TcpListener};
use std::thread::sleep;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use self::clients::Clients;
use self::listen::listen;
use crate::config::HealthCheck;
use crate::error::{Error, Result};
use crate::http::closing::Closing;
use crate::http::connection::ClientLimits;
use crate::http::routes;
use crate::status::Status;

/// How many new clients are accepted before the others get their turn.
const ACCEPTED_AT_ONCE: usize = 16;

/// How long to wait after the system refused to accept or to poll.
const PAUSE: Duration = Duration::from_millis(100);

/// The endpoints: listening, but not answering yet.
pub struct Http {
    address: SocketAddr,
    thread: HttpThread,
    stop: HttpStop,
}

impl Http {
    /// Listens at the configured address. A client that connects from now on is answered as soon as the
    /// thread runs.
    ///
    /// # Errors
    /// The program cannot listen at the address. If another process has it, the message says what to do.
    pub fn bind(config: &HealthCheck) -> Result<Self> {
        Self::bind_with(config, ClientLimits::default())
    }

    /// As [`Http::bind`], with other limits on the clients.
    ///
    /// # Errors
    /// As [`Http::bind`].
    pub fn bind_with(config: &HealthCheck, limits: ClientLimits) -> Result<Self> {
        let listener = listen(config)?;
        let prepare = |cause| Error::new("prepare", "the endpoints", cause);
        let address = listener.local_addr().map_err(prepare)?;
        let (stopped, wake) = io::pipe().map_err(prepare)?;
        let thread = HttpThread {
            listener,
            stopped,
            clients: Clients::new(limits),
            accept_after: None,
            last_health: None,
            closing: None,
        };
        Ok(Self { address, thread, stop: HttpStop { _wake: wake } })
    }

    /// The address of the listener, with the port that the system chose for port 0.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Returns the body of the thread, and the handle that ends it.
    pub fn into_thread(self) -> (HttpThread, HttpStop) {
        (self.thread, self.stop)
    }
}

/// Ends the thread when dropped. The thread first finishes the answers under way, and gives one more if
/// a client is polling /health, which takes at most 250 ms. All counts should be final by then.
#[derive(Debug)]
#[must_use = "dropping it stops the thread"]
pub struct HttpStop {
    _wake: PipeWriter,
}

/// The body of the thread `http`.
pub struct HttpThread {
    listener: TcpListener,
    stopped: PipeReader,
    clients: Clients,
    /// Accept no client before this instant.
    accept_after: Option<Instant>,
    last_health: Option<Instant>,
    closing: Option<Closing>,
}

/// What became ready in poll(2).
#[derive(Clone, Copy)]
enum Event {
    Client(usize),
    Listener,
    Stop,
}

impl HttpThread {
    /// Serves until the [`HttpStop`] is dropped. No client and no error of the system ends it earlier.
    pub fn run(mut self, status: &Status) {
        loop {
            let now = Instant::now();
            self.accept_after = self.accept_after.filter(|after| *after > now);
            self.clients.expire(now);
            let busy = self.clients.any_answering();
            if self.closing.is_some_and(|closing| closing.is_over(now, busy)) {
                return;
            }
            let awake = self.wait(now);
            let now = Instant::now();
            for source in awake {
                match source {
                    Event::Client(index) => self.serve(index, status, now),
                    Event::Listener => self.accept(status, now),
                    Event::Stop => self.closing = Some(Closing::begin(now, self.last_health)),
                }
            }
            self.clients.remove_closed();
        }
    }

    /// Sleeps until a file is ready or a deadline has come. Returns what is ready, in the order in which
    /// to serve it. Clients come before new clients, who may push one out. The stop comes last, so that
    /// what was answered before it counts as answered.
    fn wait(&self, now: Instant) -> Vec<Event> {
        let (mut sources, mut polled) = (Vec::new(), Vec::new());
        for (index, (stream, events)) in self.clients.polled().enumerate() {
            sources.push(Event::Client(index));
            polled.push(PollFd::new(stream, events));
        }
        if self.may_accept(now) {
            sources.push(Event::Listener);
            polled.push(PollFd::new(&self.listener, PollFlags::IN));
        }
        if self.closing.is_none() {
            sources.push(Event::Stop);
            polled.push(PollFd::new(&self.stopped, PollFlags::IN));
        }
        let timeout = self.next_deadline(now).map(|next| next.saturating_duration_since(now));
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        match poll(&mut polled, timeout.as_ref()) {
            Ok(_) => {}
            Err(Errno::INTR) => return Vec::new(),
            Err(cause) => {
                log::warn!("Cannot poll the HTTP connections, trying again: {cause}");
                sleep(PAUSE);
                return Vec::new();
            }
        }
        let ready = polled.iter().map(|file| !file.revents().is_empty());
        sources
            .into_iter()
            .zip(ready)
            .filter_map(|(source, ready)| ready.then_some(source))
            .collect()
    }

    fn next_deadline(&self, now: Instant) -> Option<Instant> {
        let closing = self.closing.map(|closing| closing.deadline());
        let room = self.clients.room_from().filter(|from| *from > now);
        let deadlines = [self.clients.next_deadline(), closing, self.accept_after, room];
        deadlines.into_iter().flatten().min()
    }

    /// Whether to accept new clients: only while there is room or a client that can be closed. Otherwise
    /// they wait in the system's queue.
    fn may_accept(&self, now: Instant) -> bool {
        self.closing.is_none_or(|closing| closing.awaits_health())
            && self.accept_after.is_none_or(|after| after <= now)
            && self.clients.room_from().is_none_or(|from| from <= now)
    }

    fn accept(&mut self, status: &Status, now: Instant) {
        for _ in 0..ACCEPTED_AT_ONCE {
            if !self.may_accept(now) {
                return;
            }
            match self.listener.accept() {
                Ok((stream, _)) => {
                    // Most clients have sent their request by now.
                    if let Some(index) = self.clients.admit(stream, now) {
                        self.serve(index, status, now);
                    }
                }
                Err(cause) => match cause.kind() {
                    ErrorKind::WouldBlock => return,
                    ErrorKind::ConnectionAborted | ErrorKind::Interrupted => {}
                    // The process is out of files or memory, most likely: make room, and wait a little.
                    _ => {
                        self.clients.let_go_one();
                        self.accept_after = Some(now + PAUSE);
                        return;
                    }
                },
            }
        }
    }

    fn serve(&mut self, index: usize, status: &Status, now: Instant) {
        let asked = self.clients.serve(index, now, |request| {
            let (method, target) = (request.method.as_str(), request.target.as_str());
            routes::answer(method, target, status, Instant::now(), Timestamp::now())
        });
        if let Some(asked) = asked {
            self.last_health = Some(now);
            if let Some(closing) = &mut self.closing {
                closing.health_answered(asked);
            }
        }
    }
}
