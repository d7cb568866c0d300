//! The binary under supervision: what it tells the service manager that started it, and what a health
//! check says of it.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::binary::generator;
use rustix::process::{Pid, Signal, kill_process};

/// No notice takes this long.
const PATIENCE: Duration = Duration::from_secs(20);

fn stop(process: &mut Child) {
    kill_process(Pid::from_child(process), Signal::TERM).unwrap();
    assert!(process.wait().unwrap().success());
}

/// The next notice that has this in it.
fn notice_with(socket: &UnixDatagram, wanted: &str) -> String {
    let mut text = [0; 4096];
    loop {
        // A call with a timeout is not begun anew behind a signal (signal(7)).
        let length = match socket.recv(&mut text) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            received => received.unwrap(),
        };
        let notice = String::from_utf8_lossy(&text[..length]).into_owned();
        if notice.contains(wanted) {
            return notice;
        }
    }
}

#[test]
fn a_service_manager_hears_that_a_run_is_ready_that_it_lives_and_that_it_stops() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut process = generator(root.path(), "rate: 100, pre_warm: 1h")
        .env("NOTIFY_SOCKET", &path)
        .env("WATCHDOG_USEC", "300000")
        .arg("-q")
        .spawn()
        .unwrap();
    let ready = notice_with(&socket, "READY=1\n");
    assert!(ready.starts_with("STATUS=Running: "), "{ready}");
    assert!(notice_with(&socket, "WATCHDOG=1\n").contains(" lines\n"));
    stop(&mut process);
    assert_eq!(notice_with(&socket, "STOPPING"), "STOPPING=1\n");
}

#[test]
fn a_service_manager_that_is_not_there_is_a_warning_and_no_reason_to_end() {
    let root = tempfile::tempdir().unwrap();
    let output = generator(root.path(), "rate: 100")
        .env("NOTIFY_SOCKET", "/no/such/socket")
        .args(["--lines", "10", "--no-wait"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.matches("cannot tell the service manager").count(), 1, "{said}");
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
    let health: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(health["status"], "healthy");
    assert!(health["disk_free_bytes"].as_u64().unwrap() > 0, "{health}");
    let (status, said, _) = check(root.path(), &output, &[&format!("http://localhost:{port}/x")]);
    assert!(status == 1 && said.starts_with("404 "), "{status} {said}");
    let elsewhere = "health_check: {port: 1}";
    let (status, said, _) = check(root.path(), elsewhere, &["--port", &port.to_string()]);
    assert!(status == 0 && said.contains("healthy"), "{status} {said}");
    let mut by_variable = generator(root.path(), elsewhere);
    by_variable.env("PORT_OVERRIDE", port.to_string()).arg("--health-check").stdout(Stdio::null());
    assert!(by_variable.status().unwrap().success());
    stop(&mut process);

    let (status, _, complaint) = check(root.path(), "health_check: {enabled: false}", &[]);
    assert!(status == 1 && complaint.contains("output.health_check is off"), "{complaint}");
}
