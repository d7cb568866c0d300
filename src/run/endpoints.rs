//! The HTTP endpoints at the start of a run: listens, says where the status page is, or goes on without them.

use std::io::ErrorKind;
use std::net::SocketAddr;

use log::{info, warn};

use crate::config::HealthCheck;
use crate::error::Result;
use crate::threads::http::Http;

/// Listens where `health_check` says, and logs where the status page is. Returns `None` if the endpoints
/// are off. If the port is taken and not `needed`, logs a warning and returns `None` too.
///
/// # Errors
/// The program cannot listen at the address. A port that is taken is an error only if it is `needed`.
pub fn listen(health_check: Option<&HealthCheck>, needed: bool) -> Result<Option<Http>> {
    let Some(health_check) = health_check else { return Ok(None) };
    match Http::bind(health_check) {
        Ok(http) => {
            let address = http.local_addr();
            info!("Health check server started on port {}", address.port());
            info!("Status page: {}", page(address));
            Ok(Some(http))
        }
        Err(error) if error.kind() == ErrorKind::AddrInUse && !needed => {
            warn!("{error}. This run goes on without /health, /metrics and the status page");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The URL of the status page, for a browser on this host.
fn page(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://localhost:{}/", address.port())
    } else {
        format!("http://{address}/")
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn the_url_of_the_page_is_one_that_a_browser_opens() {
        for (address, url) in [
            ("0.0.0.0:8080", "http://localhost:8080/"),
            ("[::]:8080", "http://localhost:8080/"),
            ("127.0.0.1:9", "http://127.0.0.1:9/"),
            ("[::1]:80", "http://[::1]:80/"),
        ] {
            assert_eq!(page(address.parse().unwrap()), url);
        }
    }

    #[test]
    fn a_taken_port_ends_only_a_run_that_needs_it() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let health_check = HealthCheck { address: address.ip(), port: address.port() };
        assert!(listen(Some(&health_check), false).unwrap().is_none());
        let error = listen(Some(&health_check), true).map(drop).unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot listen on {address}: ")), "{error}");
        assert!(error.contains("--port N") && error.contains("--port off"), "{error}");
    }

    #[test]
    fn an_address_that_is_not_there_ends_every_run() {
        let elsewhere = HealthCheck { address: "192.0.2.1".parse().unwrap(), port: 8080 };
        assert!(listen(Some(&elsewhere), false).is_err());
        assert!(listen(None, true).unwrap().is_none());
    }
}
