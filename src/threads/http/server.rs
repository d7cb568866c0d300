//! tiny_http, kept on a short lead. No other file names it.

use std::io;
use std::mem;
use std::os::unix::net::UnixListener;
use std::panic;
use std::time::Instant;

use jiff::Timestamp;
use rustix::net::{Shutdown, shutdown};
use tiny_http::{Header, Request, Response};

use crate::http::answer::Answer;
use crate::http::routes;
use crate::os;
use crate::status::Status;

/// A server on a private socket.
pub struct Server {
    /// There until the drop.
    inner: Option<tiny_http::Server>,
    listener: UnixListener,
}

impl Server {
    /// Starts the threads of tiny_http.
    pub fn start(listener: UnixListener) -> io::Result<Self> {
        let handle = listener.try_clone()?;
        // tiny_http panics where the system gives it no thread.
        let inner = panic::catch_unwind(|| tiny_http::Server::from_listener(listener, None))
            .map_err(|_| io::Error::other("the system gives no thread"))?
            .map_err(io::Error::other)?;
        Ok(Self { inner: Some(inner), listener: handle })
    }

    /// Answers until [`Server::unblock`], or until accepting fails.
    pub fn serve(&self, status: &Status) {
        let Some(inner) = &self.inner else { return };
        while let Ok(request) = inner.recv() {
            respond(request, status);
        }
    }

    /// Ends [`Server::serve`].
    pub fn unblock(&self) {
        if let Some(inner) = &self.inner {
            inner.unblock();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // tiny_http's own drop connects to its address to end its accept thread, and panics if
        // the address is an abstract one. There, shutting the listener down ends the thread.
        if !os::PRIVATE_SOCKETS_ARE_FILES {
            let _ = shutdown(&self.listener, Shutdown::Both);
            mem::forget(self.inner.take());
        }
    }
}

fn respond(request: Request, status: &Status) {
    let (method, target) = (request.method().as_str(), request.url());
    let answer = routes::answer(method, target, status, Instant::now(), Timestamp::now());
    if let Err(cause) = request.respond(response(answer)) {
        log::debug!("An answer could not be handed over: {cause}");
    }
}

fn response(answer: Answer) -> Response<io::Cursor<Vec<u8>>> {
    let headers = answer.headers();
    // A page as long as ours would be sent in chunks, which clients of HTTP/1.0 do not know.
    let mut response = Response::from_data(answer.body)
        .with_status_code(answer.code)
        .with_chunked_threshold(usize::MAX);
    for (name, value) in headers {
        let header = Header::from_bytes(name, value).expect("names and values are ASCII constants");
        response.add_header(header);
    }
    response
}
