//! The socket between the gate and tiny_http, which no client can see.

use std::io;
use std::os::unix::net::{UnixListener, UnixStream};

use rustix::net::{AddressFamily, SocketAddrUnix, SocketType};

use crate::os;

/// The way to a private listener.
#[derive(Debug)]
pub struct PrivateSocket {
    address: SocketAddrUnix,
}

impl PrivateSocket {
    /// A new listener, and the way to it.
    pub fn bind() -> io::Result<(Self, UnixListener)> {
        // The process makes it unique on the host, the random part in a container that shares
        // the network of another.
        let name =
            format!("access-log-generator-{}-{:016x}", std::process::id(), rand::random::<u64>());
        let (address, listener) = os::bind_private(&name)?;
        Ok((Self { address }, listener))
    }

    /// Connects without ever blocking: an error says that nothing accepts.
    pub fn connect(&self) -> io::Result<UnixStream> {
        let socket = rustix::net::socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
        rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
        let stream = UnixStream::from(socket);
        stream.set_nonblocking(true)?;
        rustix::net::connect(&stream, &self.address)?;
        Ok(stream)
    }
}
