//! The HTTP endpoints over real sockets: what clients get, and what they cannot do. Time limits
//! are bounds for failure only; no test waits for time to pass, except for limits set to 50 ms.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "http/harness.rs"]
mod harness;

use std::io::{Read, Write};
use std::net::Shutdown;
use std::time::Duration;

use access_log_generator::LogId;
use access_log_generator::inside::config::HealthCheck;
use access_log_generator::inside::error::Error;
use access_log_generator::inside::http::connection::ClientLimits;
use access_log_generator::inside::threads::http::Http;
use harness::{Served, finish, localhost, new_status};

const SHORT: Duration = Duration::from_millis(50);

#[test]
fn health_and_ready_are_answered_in_json() {
    let served = Served::new();
    served.status.wrote(LogId::ACCESS, 36_000, 1);
    let health = served.ask("GET /health HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(health.code, 200);
    assert_eq!(health.header("content-type"), Some("application/json"));
    assert_eq!(health.header("cache-control"), Some("no-store"));
    assert_eq!(health.header("connection"), Some("close"));
    assert_eq!(health.json()["total_logs_generated"], 36_000);

    assert_eq!(served.ask("GET /ready HTTP/1.1\r\n\r\n").code, 503);
    served.status.set_ready();
    let ready = served.ask("GET /ready?verbose=1 HTTP/1.0\r\n\r\n");
    assert_eq!((ready.code, ready.body.as_str()), (200, "{\"status\":\"ready\"}\n"));

    served.status.write_failed(&Error::new("write to", "access.log", "No space left on device"));
    let health = served.ask("GET /health HTTP/1.1\r\n\r\n");
    assert_eq!((health.code, &health.json()["status"]), (503, &"unhealthy".into()));
}

#[test]
fn head_has_the_length_of_the_body_and_no_body() {
    let served = Served::new();
    served.status.set_ready();
    let head = served.ask("HEAD /ready HTTP/1.1\r\n\r\n");
    assert_eq!(
        (head.code, head.header("content-length"), head.body.as_str()),
        (200, Some("19"), "")
    );
}

#[test]
fn other_methods_and_paths_are_refused_in_json() {
    let served = Served::new();
    let method = served.ask("DELETE /health HTTP/1.1\r\n\r\n");
    assert_eq!((method.code, method.header("allow")), (405, Some("GET, HEAD")));
    assert!(method.json()["error"].is_string());
    let path = served.ask("GET /health/ HTTP/1.1\r\n\r\n");
    assert_eq!(path.code, 404);
    assert!(path.json()["error"].is_string());
}

#[test]
fn nonsense_is_refused_and_the_next_client_is_answered() {
    let served = Served::new();
    let nonsense: [&[u8]; 6] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /health\r\n\r\n",
        b"\xff\xfe\xfd\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /health HTTP/1.1\r\nX: \x00\r\n\r\n",
    ];
    for input in nonsense {
        let answer = served.ask(input);
        assert_eq!(answer.code, 400, "{input:?}");
        assert!(answer.json()["error"].is_string());
        assert_eq!(served.ask("GET /health HTTP/1.1\r\n\r\n").code, 200);
    }
    assert_eq!(served.ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").code, 505);
}

#[test]
fn headers_that_ask_for_a_body_or_an_encoding_change_nothing() {
    let served = Served::new();
    for header in [
        "Content-Length: 100",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked",
        "TE: chunked",
        "Expect: something",
        "Connection: upgrade",
        "Connection: keep-alive",
    ] {
        let answer = served.ask(format!("GET /health HTTP/1.1\r\n{header}\r\n\r\n"));
        assert_eq!(answer.code, 200, "{header}");
        assert!(answer.header("transfer-encoding").is_none(), "{header}");
        assert_eq!(answer.json()["status"], "healthy");
    }
}

#[test]
fn a_head_of_a_megabyte_is_too_long() {
    let served = Served::new();
    let head = format!("GET /health HTTP/1.1\r\nX: {}\r\n\r\n", "a".repeat(1 << 20));
    assert_eq!(served.ask(head).code, 431);
}

#[test]
fn a_head_that_dribbles_in_is_cut_off_at_the_deadline() {
    let served = Served::with(ClientLimits { head_time: SHORT, ..ClientLimits::default() });
    let mut client = served.connect();
    client.write_all(b"GET /health HT").unwrap();
    let mut dribbling = client.try_clone().unwrap();
    let dribble = std::thread::spawn(move || {
        while dribbling.write_all(b"x").is_ok() {
            std::thread::yield_now();
        }
    });
    let answer = finish(&mut client);
    // As fast as this the dribble may also reach the length limit; a byte a second would not.
    assert!(matches!(answer.code, 408 | 431), "{}", answer.code);
    client.shutdown(Shutdown::Both).ok();
    dribble.join().unwrap();

    let mut client = served.connect();
    client.write_all(b"GET /health HT").unwrap();
    assert_eq!(finish(&mut client).code, 408);
}

#[test]
fn a_connection_without_a_word_is_closed_without_a_word() {
    let served = Served::with(ClientLimits { head_time: SHORT, ..ClientLimits::default() });
    let mut input = Vec::new();
    served.connect().read_to_end(&mut input).unwrap();
    assert_eq!(input, b"");
}

#[test]
fn more_idle_connections_than_are_held_keep_no_client_out() {
    let served = Served::new();
    let mut idle: Vec<_> = (0..300).map(|_| served.connect()).collect();
    for client in &mut idle[250..] {
        client.write_all(b"GET /hea").unwrap();
    }
    for _ in 0..20 {
        assert_eq!(served.ask("GET /health HTTP/1.1\r\n\r\n").code, 200);
    }
    let mut input = Vec::new();
    idle[0].read_to_end(&mut input).unwrap();
    assert_eq!(input, b"", "the one waiting longest was let go");
    idle[299].write_all(b"lth HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(finish(&mut idle[299]).code, 200, "the newest kept their place");
}

#[test]
fn of_a_burst_of_requests_none_is_let_go() {
    let limits = ClientLimits { connections: 8, grace: harness::FAILED, ..ClientLimits::default() };
    let served = Served::with(limits);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..100)
            .map(|_| scope.spawn(|| served.ask("GET /health HTTP/1.1\r\n\r\n").code))
            .collect();
        for client in clients {
            assert_eq!(client.join().unwrap(), 200);
        }
    });
}

#[test]
fn a_post_with_a_large_body_sees_its_refusal() {
    let served = Served::new();
    let mut client = served.connect();
    let size = 4 << 20;
    write!(client, "POST /health HTTP/1.1\r\nContent-Length: {size}\r\n\r\n").unwrap();
    client.write_all(&vec![b'x'; size]).unwrap();
    assert_eq!(finish(&mut client).code, 405);
}

#[test]
fn a_second_request_on_the_connection_is_not_answered() {
    let served = Served::new();
    let answer = served.ask("GET /ready HTTP/1.1\r\n\r\nGET /health HTTP/1.1\r\n\r\n");
    assert_eq!(answer.code, 503);
    assert_eq!(answer.body.matches("status").count(), 1, "{}", answer.body);
}

#[cfg(target_os = "linux")]
#[test]
fn requests_and_idle_connections_grow_no_threads() {
    // A thread without a name of its own has that of the thread that made it.
    let served = Served::named("http-counted", ClientLimits::default());
    let _idle: Vec<_> = (0..50).map(|_| served.connect()).collect();
    let mut most = 0;
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    for _ in 0..50 {
                        assert_eq!(served.ask("GET /health HTTP/1.1\r\n\r\n").code, 200);
                    }
                })
            })
            .collect();
        while !clients.iter().all(|client| client.is_finished()) {
            most = most.max(harness::threads_named("http-counted"));
        }
    });
    assert_eq!(most, 1);
}

#[cfg(target_os = "linux")]
#[test]
fn after_the_stop_no_thread_is_left() {
    let mut served = Served::named("http-ending", ClientLimits::default());
    assert_eq!(served.ask("GET /ready HTTP/1.1\r\n\r\n").code, 503);
    assert!(harness::threads_named("http-ending") > 0);
    served.stop();
    harness::until(|| harness::threads_named("http-ending") == 0);
}

#[test]
fn a_client_that_polls_health_gets_the_final_count() {
    for _ in 0..10 {
        let mut served = Served::new();
        let address = served.address;
        let (first, answered) = std::sync::mpsc::channel();
        let poller = std::thread::spawn(move || {
            let mut last = 0;
            while let Some(answer) = harness::try_ask(address, "GET /health HTTP/1.1\r\n\r\n") {
                last = answer.json()["total_logs_generated"].as_u64().unwrap();
                first.send(()).ok();
            }
            last
        });
        answered.recv().unwrap();
        served.status.wrote(LogId::ACCESS, 12_345, 1);
        served.stop();
        assert_eq!(poller.join().unwrap(), 12_345);
    }
}

#[test]
fn a_stop_before_the_run_ends_it_at_once_and_a_client_is_let_down() {
    let http = Http::bind(&localhost(0)).unwrap();
    let mut client = harness::connect(http.local_addr()).unwrap();
    let (thread, stop) = http.into_thread();
    drop(stop);
    thread.run(&new_status());
    let mut answer = Vec::new();
    // The connection was never accepted: it is reset, or closed.
    let _ = client.read_to_end(&mut answer);
    assert_eq!(answer, b"");
}

#[test]
fn an_address_that_cannot_be_had_is_explained() {
    let holder = Http::bind(&localhost(0)).unwrap();
    let taken = holder.local_addr();
    let error = Http::bind(&localhost(taken.port())).map(drop).unwrap_err().to_string();
    assert_eq!(
        error,
        format!(
            "cannot listen on {taken}: Address already in use (os error 98); \
             stop what uses it, choose another port (--port N, PORT_OVERRIDE or \
             output.health_check.port), or do without (--port off)"
        )
    );

    let elsewhere = HealthCheck { address: "192.0.2.1".parse().unwrap(), port: 8080 };
    let error = Http::bind(&elsewhere).map(drop).unwrap_err().to_string();
    assert!(error.starts_with("cannot listen on 192.0.2.1:8080: "), "{error}");
    assert!(error.contains("set output.health_check.address"), "{error}");
}
