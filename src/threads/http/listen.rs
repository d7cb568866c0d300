//! Listens at the configured address, and explains why if that fails.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use crate::config::HealthCheck;
use crate::error::{Error, Result};

/// How many clients the system queues until they are accepted, if it allows that many.
const BACKLOG: i32 = 4096;

/// A listener that never blocks.
pub(super) fn listen(config: &HealthCheck) -> Result<TcpListener> {
    let wanted = SocketAddr::new(config.address, config.port);
    let listener = TcpListener::bind(wanted).map_err(|cause| {
        let kind = cause.kind();
        let cause = format!("{cause}{}", advice(kind));
        Error::new("listen on", wanted, cause).of_kind(kind)
    })?;
    // With the standard library's backlog of 128, clients that connect all at once would wait for a second.
    rustix::net::listen(&listener, BACKLOG)
        .map_err(|cause| Error::new("listen on", wanted, cause))?;
    listener
        .set_nonblocking(true)
        .map_err(|cause| Error::new("prepare the endpoints at", wanted, cause))?;
    Ok(listener)
}

fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::AddrInUse => {
            "; stop what uses it, choose another port (--port N, PORT_OVERRIDE or \
             output.health_check.port), or do without (--port off)"
        }
        ErrorKind::AddrNotAvailable => {
            "; set output.health_check.address to an address of this host, or to 0.0.0.0"
        }
        ErrorKind::PermissionDenied => {
            "; choose a port of 1024 or above (--port N, PORT_OVERRIDE or \
             output.health_check.port)"
        }
        _ => "",
    }
}
