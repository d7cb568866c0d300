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
use std::time::Duration;

use access_log_generator::http::connection::Limits;
use harness::{Served, finish};
use rustix::net::{AddressFamily, SocketType};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

const REQUEST: &str = "GET /health HTTP/1.1\r\n\r\n";

#[test]
fn endpoints_outlive_a_lack_of_files() {
    let answer_time = Duration::from_millis(500);
    let served = Served::with(Limits { answer_time, ..Limits::default() });
    let answers = || served.ask(REQUEST).code == 200;

    // The gate cannot accept: it lets the idle one go, and accepts when there are files again.
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
    // 503 if tiny_http has met the lack too, in the moment before.
    let code = finish(&mut client).code;
    assert!(code == 200 || code == 503, "{code}");
    harness::until(answers);

    // tiny_http cannot accept, which it does not survive: another takes its place. Files that an
    // earlier answer gives back may save it, so this may take more than one try.
    harness::until(|| {
        let mut client = served.connect();
        assert!(answers());
        let mut files = use_up_all_files();
        files.pop();
        client.write_all(REQUEST.as_bytes()).unwrap();
        finish(&mut client).code == 503
    });
    harness::until(answers);
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
