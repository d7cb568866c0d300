//! Listening at the configured address, and what to do where that cannot be.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use crate::config::HealthCheck;
use crate::error::{Error, Result};

/// Clients that the system keeps waiting until they are accepted, where it allows as many.
const BACKLOG: i32 = 4096;

/// A listener that never blocks.
pub(super) fn listen(config: &HealthCheck) -> Result<TcpListener> {
    let wanted = SocketAddr::new(config.address, config.port);
    let listener = TcpListener::bind(wanted).map_err(|cause| {
        let kind = cause.kind();
        let cause = format!("{cause}{}", advice(kind));
        Error::new("listen on", wanted, cause).of_kind(kind)
    })?;
    // The standard library's backlog of 128 makes a crowd that comes at once wait for a second.
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
