//! A process that has run out of files, as one with a leak or a low limit does. Alone in its
//! binary, because the limit of open files is the process's.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "http/harness.rs"]
mod harness;

use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;

use access_log_generator::inside::http::connection::ClientLimits;
use harness::{Served, finish};
use rustix::net::{AddressFamily, SocketType};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

const REQUEST: &str = "GET /health HTTP/1.1\r\n\r\n";

#[test]
fn endpoints_outlive_a_lack_of_files() {
    // No connection ends for its time here.
    let patient = 3 * harness::FAILED;
    let served = Served::with(ClientLimits { head_time: patient, ..ClientLimits::default() });
    let answers = || served.ask(REQUEST).code == 200;

    // No newcomer can be accepted: the idle client is let go, and newcomers come in when there are files again.
    let mut idle = served.connect();
    assert!(answers());
    let socket = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    let files = use_up_all_files();
    let SocketAddr::V4(address) = served.address else { panic!("an IPv4 address") };
    rustix::net::connect(&socket, &address).unwrap();
    let mut client = TcpStream::from(socket);
    client.set_read_timeout(Some(harness::FAILED)).unwrap();
    client.write_all(REQUEST.as_bytes()).unwrap();
    let mut nothing = Vec::new();
    idle.read_to_end(&mut nothing).unwrap();
    drop(files);
    assert_eq!(finish(&mut client).code, 200);

    // An answer takes no file: a client that was let in gets its answer although there is none left.
    for path in ["/health", "/metrics", "/"] {
        let mut client = served.connect();
        assert!(answers(), "clients are accepted in the order of their coming");
        let _files = use_up_all_files();
        write!(client, "GET {path} HTTP/1.1\r\n\r\n").unwrap();
        assert_eq!(finish(&mut client).code, 200, "{path}");
    }
}

fn use_up_all_files() -> Vec<OwnedFd> {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: Some(256), ..limit }).unwrap();
    let null = File::open("/dev/null").unwrap();
    let mut files = Vec::new();
    while let Ok(file) = null.try_clone() {
        files.push(OwnedFd::from(file));
    }
    assert!(files.len() > 16, "the limit is too low to tell anything");
    files
}
