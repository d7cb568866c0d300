//! The socket between the gate and tiny_http, which no client can see.

use std::io;
use std::os::unix::net::{UnixListener, UnixStream};

use rustix::net::{AddressFamily, SocketAddrUnix, SocketType};

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
        let (address, listener) = bind(&name)?;
        Ok((Self { address }, listener))
    }

    /// Connects without ever blocking: an error says that nobody accepts.
    pub fn connect(&self) -> io::Result<UnixStream> {
        let socket = rustix::net::socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
        rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
        let stream = UnixStream::from(socket);
        stream.set_nonblocking(true)?;
        rustix::net::connect(&stream, &self.address)?;
        Ok(stream)
    }
}

/// On Linux an abstract address: it needs no writable directory and leaves no file behind.
#[cfg(target_os = "linux")]
fn bind(name: &str) -> io::Result<(SocketAddrUnix, UnixListener)> {
    use std::os::linux::net::SocketAddrExt;
    let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
    let listener = UnixListener::bind_addr(&address)?;
    Ok((SocketAddrUnix::new_abstract_name(name.as_bytes())?, listener))
}

/// Elsewhere a file, which tiny_http removes when it ends.
#[cfg(not(target_os = "linux"))]
fn bind(name: &str) -> io::Result<(SocketAddrUnix, UnixListener)> {
    let path = std::env::temp_dir().join(name);
    let listener = UnixListener::bind(&path)?;
    Ok((SocketAddrUnix::new(&path)?, listener))
}
