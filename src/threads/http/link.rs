//! What the threads `http` and `http-gate` share: where the server of the moment is.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use parking_lot::Mutex;

use super::private_socket::PrivateSocket;
use super::server::Server;

/// What the two threads share.
pub(super) struct Link {
    /// Where the server of the moment listens, or is about to.
    pub socket: PrivateSocket,
    /// There while it serves.
    pub server: Option<Arc<Server>>,
    /// Whether the gate is gone.
    pub closed: bool,
}

/// The gate's end of the link. Dropping it ends the thread `http`.
pub struct ServerLink(pub(super) Arc<Mutex<Link>>);

impl ServerLink {
    /// Connects to the server without blocking; an error says that there is none.
    pub fn connect(&self) -> io::Result<UnixStream> {
        self.0.lock().socket.connect()
    }

    /// The server has not answered: let another take its place.
    pub fn replace_server(&self) {
        if let Some(server) = &self.0.lock().server {
            server.unblock();
        }
    }
}

impl Drop for ServerLink {
    fn drop(&mut self) {
        let mut link = self.0.lock();
        link.closed = true;
        if let Some(server) = &link.server {
            server.unblock();
        }
    }
}
