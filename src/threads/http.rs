//! The thread `http`: answers whole, well-formed requests through tiny_http.
//!
//! tiny_http sets no timeouts, bounds no request, spawns a thread for each connection beyond
//! four, and accepts no more once accepting has failed. So it never meets a client: the gate
//! ([`super::http_gate`]) does, and passes on one request line at a time over a private socket;
//! and where it falls silent it is replaced.

pub(super) mod link;
mod private_socket;
mod server;

use std::io;
use std::mem;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use self::link::{Link, ServerLink};
use self::private_socket::PrivateSocket;
use self::server::Server;
use super::http_gate::{HttpGate, HttpStop};
use crate::config::HealthCheck;
use crate::error::{Error, Result};
use crate::http::connection::Limits;
use crate::status::Status;

/// How long to wait before a server that could not be started is tried again.
const PAUSE: Duration = Duration::from_millis(100);

/// Clients that the system keeps waiting until they are accepted, where it allows as many.
const BACKLOG: i32 = 4096;

/// The endpoints, listening but not yet answering.
pub struct Http {
    address: SocketAddr,
    gate: HttpGate,
    responder: HttpResponder,
    stop: HttpStop,
}

impl Http {
    /// Listens at the configured address. Clients that connect from here on are answered as soon
    /// as the threads run.
    ///
    /// # Errors
    /// When the address cannot be listened at; the message says what to do if it is taken.
    pub fn bind(config: &HealthCheck) -> Result<Self> {
        Self::bind_with(config, Limits::default())
    }

    /// As [`Http::bind`], with other limits for the clients.
    ///
    /// # Errors
    /// As [`Http::bind`].
    pub fn bind_with(config: &HealthCheck, limits: Limits) -> Result<Self> {
        let wanted = SocketAddr::new(config.address, config.port);
        let listener = TcpListener::bind(wanted).map_err(|cause| {
            let advice = match cause.kind() {
                io::ErrorKind::AddrInUse => {
                    "; stop what uses it, choose another port (--port N, PORT_OVERRIDE or \
                     output.health_check.port), or do without (--port off)"
                }
                io::ErrorKind::AddrNotAvailable => {
                    "; set output.health_check.address to an address of this host, or to 0.0.0.0"
                }
                io::ErrorKind::PermissionDenied => {
                    "; choose a port of 1024 or above (--port N, PORT_OVERRIDE or \
                     output.health_check.port)"
                }
                _ => "",
            };
            let kind = cause.kind();
            Error::new("listen on", wanted, format!("{cause}{advice}")).of_kind(kind)
        })?;
        // The standard library's backlog of 128 makes a crowd that comes at once wait for a second.
        rustix::net::listen(&listener, BACKLOG)
            .map_err(|cause| Error::new("listen on", wanted, cause))?;
        let prepare = |cause| Error::new("prepare the endpoints at", wanted, cause);
        let address = listener.local_addr().map_err(prepare)?;
        let (socket, private_listener) = PrivateSocket::bind().map_err(prepare)?;
        let link = Arc::new(Mutex::new(Link { socket, server: None, closed: false }));
        let (gate, stop) =
            HttpGate::new(listener, limits, ServerLink(Arc::clone(&link))).map_err(prepare)?;
        let responder = HttpResponder { listener: private_listener, link };
        Ok(Self { address, gate, responder, stop })
    }

    /// The address that is listened at, with the port that the system chose for port 0.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// The bodies of the threads `http-gate` and `http`, to be run each on its own, and the
    /// handle that ends both. Dropping the gate ends the responder.
    pub fn into_threads(self) -> (HttpGate, HttpResponder, HttpStop) {
        (self.gate, self.responder, self.stop)
    }
}

/// The body of the thread `http`.
pub struct HttpResponder {
    listener: UnixListener,
    link: Arc<Mutex<Link>>,
}

impl HttpResponder {
    /// Answers until the gate is gone. When the server fails, another takes its place.
    ///
    /// # Errors
    /// When the first server cannot be started.
    pub fn run(self, status: &Status) -> Result<()> {
        let mut server = Server::start(self.listener)
            .map_err(|cause| Error::new("start", "the HTTP server", cause))?;
        loop {
            serve(server, &self.link, status);
            match start_another(&self.link) {
                Some(other) => server = other,
                None => return Ok(()),
            }
        }
    }
}

/// Serves until the gate is gone or `server` has failed.
fn serve(server: Server, link: &Mutex<Link>, status: &Status) {
    let server = Arc::new(server);
    {
        let mut link = link.lock();
        if link.closed {
            return;
        }
        link.server = Some(Arc::clone(&server));
    }
    server.serve(status);
    link.lock().server = None;
}

/// Another server on another private socket; `None` if the gate is gone.
fn start_another(link: &Mutex<Link>) -> Option<Server> {
    let mut told = false;
    while !link.lock().closed {
        if !mem::replace(&mut told, true) {
            log::warn!("The HTTP server has failed; starting another");
        }
        let started = PrivateSocket::bind()
            .and_then(|(socket, listener)| Ok((socket, Server::start(listener)?)));
        match started {
            Ok((socket, server)) => {
                link.lock().socket = socket;
                return Some(server);
            }
            Err(cause) => {
                log::debug!("The HTTP server cannot be started, trying again: {cause}");
                std::thread::sleep(PAUSE);
            }
        }
    }
    None
}
