//! The binary under supervision: what a health check says of it.

// A failure of the test's own ground is a panic.
#![allow(clippy::unwrap_used)]

mod binary;

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use binary::generator;
use rustix::process::{Pid, Signal, kill_process};

/// No notice takes this long.
const PATIENCE: Duration = Duration::from_secs(20);

fn stop(process: &mut Child) {
    kill_process(Pid::from_child(process), Signal::TERM).unwrap();
    assert!(process.wait().unwrap().success());
}

/// What a health check says: its exit status, standard output and standard error.
fn check(directory: &Path, output: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command: Command = generator(directory, output);
    let done = command.arg("--health-check").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

#[test]
fn a_health_check_says_by_its_status_whether_a_run_is_healthy() {
    let root = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let output = format!("rate: 100, health_check: {{port: {port}}}");
    let url = format!("http://localhost:{port}/ready");

    let (status, said, complaint) = check(root.path(), &output, &[]);
    assert_eq!((status, &*said), (1, ""));
    assert!(complaint.contains(&format!("cannot ask http://127.0.0.1:{port}/health: ")));

    let mut process = generator(root.path(), &output).stderr(Stdio::null()).spawn().unwrap();
    let mut tries = 0;
    while check(root.path(), &output, &[&url]).0 != 0 {
        tries += 1;
        assert!(tries < 200, "it never became ready");
        std::thread::sleep(PATIENCE / 1000);
    }
    let (status, said, complaint) = check(root.path(), &output, &[]);
    assert_eq!((status, &*complaint), (0, ""));
    assert!(said.contains("\"status\": \"healthy\"") || said.contains("\"status\":\"healthy\""));
    let (status, said, _) = check(root.path(), &output, &[&format!("http://localhost:{port}/x")]);
    assert!(status == 1 && said.starts_with("404 "), "{status} {said}");
    stop(&mut process);

    let (status, _, complaint) = check(root.path(), "health_check: {enabled: false}", &[]);
    assert!(status == 1 && complaint.contains("output.health_check is off"), "{complaint}");
}
