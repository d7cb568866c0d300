//! `--health-check` asks another run whether it is healthy. This helps where no other program can ask,
//! such as in a container without a shell.
//!
//! [`crate::http`] serves the answer where `output.health_check` says. The two modules share only a
//! path: this one understands any HTTP answer.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::config::Config;
use crate::error::{Error, Result};
use crate::probe_url::{HEALTH, ProbeUrl};
use crate::{exit_status, output};

/// How long the whole probe may take, except for looking up the name. Most callers allow three seconds.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest answer, bytes.
const LONGEST_ANSWER: usize = 64 << 10;
/// The URL of /health for a run with this configuration.
///
/// # Errors
/// Such a run does not answer requests.
pub fn url_of(config: &Config) -> Result<ProbeUrl> {
    let Some(health_check) = &config.output.health_check else {
        let cause = "output.health_check is off, so that nothing answers; turn it on";
        return Err(Error::new("ask", "the generator", cause));
    };
    let host = match health_check.address {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    Ok(ProbeUrl { host: host.to_string(), port: health_check.port, target: HEALTH.to_owned() })
}

/// Asks a run whether it is healthy. Prints its answer on standard output; the exit status says whether
/// the HTTP status was 200.
pub fn ask(url: Result<ProbeUrl>) -> ExitCode {
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

/// Requests the URL and returns the status and the body of the answer.
fn answer(url: &ProbeUrl) -> Result<(u16, String)> {
    let name = format!("http://{}{}", url.authority(), url.target);
    let answer = exchange(url).map_err(|cause| Error::new("ask", &name, cause))?;
    let Some((status, body)) = understand(&answer) else {
        return Err(Error::new("understand the answer of", name, "it is not HTTP, or not whole"));
    };
    Ok((status, format!("{}\n", String::from_utf8_lossy(body).trim_end())))
}

/// The status and the body of an answer (RFC 9112). The body is as long as the answer promises, or else
/// goes to its end.
fn understand(answer: &[u8]) -> Option<(u16, &[u8])> {
    let (head, body) = split_head(answer)?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.lines().next()?;
    let status = status.parse().ok().filter(|_| status.len() == 3)?;
    match content_length(head) {
        Some(length) => Some((status, body.get(..length)?)),
        None => Some((status, body)),
    }
}

fn split_head(answer: &[u8]) -> Option<(&str, &[u8])> {
    const END: &[u8] = b"\r\n\r\n";
    let end = answer.windows(END.len()).position(|bytes| bytes == END)?;
    Some((std::str::from_utf8(&answer[..end]).ok()?, &answer[end + END.len()..]))
}

fn content_length(head: &str) -> Option<usize> {
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("Content-Length").then(|| value.trim().parse().ok())?
    };
    head.lines().find_map(header)
}

/// Sends the request (RFC 9112) and reads the answer until it is complete or the other end closes.
fn exchange(url: &ProbeUrl) -> io::Result<Vec<u8>> {
    let deadline = Instant::now() + PATIENCE;
    let mut last = io::Error::other("the name has no address");
    for address in (url.host.as_str(), url.port).to_socket_addrs()? {
        match ask_at(address, url, deadline) {
            Ok(answer) => return Ok(answer),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn ask_at(address: SocketAddr, url: &ProbeUrl, deadline: Instant) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&address, left(deadline)?)?;
    stream.set_write_timeout(Some(left(deadline)?))?;
    let (target, host) = (&url.target, url.authority());
    stream.write_all(
        format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut answer = Vec::new();
    let mut block = [0; 4096];
    loop {
        stream.set_read_timeout(Some(left(deadline)?))?;
        let count = match stream.read(&mut block) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Err(too_late()),
            read => read?,
        };
        answer.extend_from_slice(&block[..count]);
        let promised = split_head(&answer)
            .and_then(|(head, body)| content_length(head).map(|length| body.len() >= length));
        if count == 0 || promised == Some(true) || answer.len() > LONGEST_ANSWER {
            return Ok(answer);
        }
    }
}

/// The time until the deadline.
fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(too_late()) } else { Ok(left) }
}

fn too_late() -> io::Error {
    io::Error::new(ErrorKind::TimedOut, format!("no whole answer within {} s", PATIENCE.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::HealthCheck;

    #[test]
    fn an_answer_has_three_digits_and_is_as_long_as_it_promises() {
        let whole = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc, and more";
        assert_eq!(understand(whole), Some((200, &b"abc"[..])));
        assert_eq!(understand(b"HTTP/1.0 503\r\n\r\nno"), Some((503, &b"no"[..])));
        for wrong in [
            &b"HTTP/1.1 2000 WAT\r\n\r\n"[..],
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
            b"HTTP/1.1 200 OK\r\n",
            b"220 ready\r\n\r\n",
            b"",
        ] {
            assert_eq!(understand(wrong), None, "{}", wrong.escape_ascii());
        }
    }

    #[test]
    fn a_run_on_every_interface_is_asked_on_this_host() {
        let mut config = Config::default();
        config.output.health_check = Some(HealthCheck::default());
        assert_eq!(url_of(&config).unwrap().authority(), "127.0.0.1:8080");
        let address = Ipv6Addr::UNSPECIFIED.into();
        config.output.health_check = Some(HealthCheck { address, port: 8080 });
        assert_eq!(url_of(&config).unwrap().authority(), "[::1]:8080");
        config.output.health_check = None;
        assert!(url_of(&config).unwrap_err().to_string().contains("output.health_check is off"));
    }
}
