//! `--health-check`: asks a run whether it is healthy, for those who have no other program to ask it
//! with, such as a container without a shell.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::time::Duration;

use crate::config::Config;
use crate::error::{Error, Result};
use crate::http::routes::HEALTH;
use crate::{exit_status, output};

/// How long each step may take: together less than the three seconds that most give it.
const PATIENCE: Duration = Duration::from_millis(1_000);
/// No answer is longer, bytes.
const LONGEST_ANSWER: u64 = 64 << 10;
/// How a URL is written, for those who wrote it otherwise.
pub const URL_FORM: &str = "write a URL such as http://localhost:8080/health";

/// Whom to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// The run of this configuration on this host.
    Configured,
    /// Who answers there.
    Url(Url),
}

/// An `http` URL, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    host: String,
    port: u16,
    target: String,
}

impl Probe {
    /// The probe of a URL: `http://HOST`, with a port and a path or without. None if it is none.
    pub fn url(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("http://")?;
        let (authority, target) = match rest.find('/') {
            Some(slash) => rest.split_at(slash),
            None => (rest, HEALTH),
        };
        // Without brackets a colon is before the port; an IPv6 address has them.
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
                (host, port.parse().ok()?)
            }
            _ => (authority, 80),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let is_name = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic());
        let is_plain = target.bytes().all(|byte| byte.is_ascii_graphic());
        (is_name && is_plain)
            .then(|| Self::Url(Url { host: host.to_owned(), port, target: target.to_owned() }))
    }
}

impl Url {
    /// That of /health of a run with this configuration.
    ///
    /// # Errors
    /// It does not answer requests.
    pub fn of(config: &Config) -> Result<Self> {
        let Some(health_check) = &config.output.health_check else {
            let cause = "output.health_check is off, so that nothing answers; turn it on";
            return Err(Error::new("ask", "the generator", cause));
        };
        let host = match health_check.address {
            IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            address => address,
        };
        Ok(Self { host: host.to_string(), port: health_check.port, target: HEALTH.to_owned() })
    }

    fn authority(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }
}

/// Asks, and says whether all is well: on standard output what was answered, by the exit status
/// whether that was 200.
pub fn ask(url: Result<Url>) -> ExitCode {
    match url.and_then(|url| answer(&url)) {
        Ok((200, body)) => output::print(body),
        Ok((status, body)) => {
            output::print(format_args!("{status} {body}"));
            ExitCode::from(exit_status::FAILED)
        }
        Err(error) => {
            output::complain(error);
            ExitCode::from(exit_status::FAILED)
        }
    }
}

/// The status and the body of the answer.
fn answer(url: &Url) -> Result<(u16, String)> {
    let name = format!("http://{}{}", url.authority(), url.target);
    let answer = exchange(url).map_err(|cause| Error::new("ask", &name, cause))?;
    let status = answer.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)?.parse().ok());
    let Some(status) = status else {
        return Err(Error::new("understand the answer of", name, "it is not HTTP"));
    };
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body).trim_end();
    Ok((status, format!("{body}\n")))
}

/// Sends the request (RFC 9112) and takes all that comes until the other end closes.
fn exchange(url: &Url) -> std::io::Result<String> {
    let mut last = std::io::Error::other("the name has no address");
    for address in (url.host.as_str(), url.port).to_socket_addrs()? {
        match connect(address) {
            Ok(mut stream) => {
                let mut request = String::new();
                let _ = write!(
                    request,
                    "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                    url.target,
                    url.authority()
                );
                stream.write_all(request.as_bytes())?;
                let mut answer = Vec::new();
                stream.take(LONGEST_ANSWER).read_to_end(&mut answer)?;
                return Ok(String::from_utf8_lossy(&answer).into_owned());
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::HealthCheck;

    fn url(text: &str) -> Option<(String, u16, String)> {
        match Probe::url(text)? {
            Probe::Url(Url { host, port, target }) => Some((host, port, target)),
            Probe::Configured => None,
        }
    }

    #[test]
    fn a_url_has_a_host_and_may_have_a_port_and_a_path() {
        let parts =
            |host: &str, port, target: &str| Some((host.to_owned(), port, target.to_owned()));
        assert_eq!(url("http://localhost:8080/ready"), parts("localhost", 8080, "/ready"));
        assert_eq!(url("http://10.0.0.1"), parts("10.0.0.1", 80, "/health"));
        assert_eq!(url("http://[::1]:8080"), parts("::1", 8080, "/health"));
        for wrong in
            ["", "localhost", "https://localhost", "http://", "http://a:port", "http://a b"]
        {
            assert_eq!(url(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_run_on_every_interface_is_asked_on_this_host() {
        let mut config = Config::default();
        config.output.health_check = Some(HealthCheck::default());
        assert_eq!(Url::of(&config).unwrap().authority(), "127.0.0.1:8080");
        let address = Ipv6Addr::UNSPECIFIED.into();
        config.output.health_check = Some(HealthCheck { address, port: 8080 });
        assert_eq!(Url::of(&config).unwrap().authority(), "[::1]:8080");
        config.output.health_check = None;
        assert!(Url::of(&config).unwrap_err().to_string().contains("output.health_check is off"));
    }
}
