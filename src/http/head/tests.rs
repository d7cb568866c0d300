//! Heads as browsers, probes, careless users and attackers send them.

use super::*;
use proptest::prelude::*;

fn judge(head: &[u8]) -> Option<Result<RequestLine, Answer>> {
    Head::new(8192).push(head)
}

fn refused_with(head: &[u8]) -> (u16, String) {
    let answer = judge(head).expect("the head is judged").expect_err("the head is refused");
    (answer.code, String::from_utf8(answer.body).unwrap())
}

#[test]
fn only_the_request_line_goes_on() {
    let head = b"POST /health?a=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\
                 Expect: 100-continue\r\nConnection: keep-alive\r\n\r\nthe body";
    let line = judge(head).unwrap().unwrap();
    let target = "/health?a=1".to_owned();
    assert_eq!(line, RequestLine { method: Method::Post, target, version: HTTPVersion(1, 1) });
}

#[test]
fn a_head_may_have_no_header_old_line_ends_or_empty_lines_before_it() {
    for head in [
        "GET /health HTTP/1.1\r\n\r\n",
        "GET /health HTTP/1.1\n\n",
        "GET /health HTTP/1.1\nHost: h\n\n",
        "GET /health HTTP/1.1\nHost:\r\n\r\n",
        "\r\n\r\nGET /health HTTP/1.1\r\n\r\n",
        "GET /health HTTP/1.1\r\nX: caf\u{e9}\t!\r\n\r\n",
    ] {
        let line = judge(head.as_bytes()).unwrap().unwrap();
        assert!(line.asks_health(), "{head:?}");
    }
}

#[test]
fn the_method_and_the_version_are_those_of_the_client() {
    let line = judge(b"health / HTTP/1.0\r\n\r\n").unwrap().unwrap();
    assert_eq!((line.method.as_str(), line.version), ("health", HTTPVersion(1, 0)));
}

#[test]
fn only_a_get_of_health_counts_as_asking_for_it() {
    for head in ["HEAD /health HTTP/1.1\n\n", "GET /ready HTTP/1.1\n\n", "GET / HTTP/1.1\n\n"] {
        assert!(!judge(head.as_bytes()).unwrap().unwrap().asks_health(), "{head:?}");
    }
}

#[test]
fn what_is_no_request_is_refused_at_once() {
    for head in [
        "GET /health\r\n\r\n",
        "GET  /health HTTP/1.1\r\n\r\n",
        "GET /he alth HTTP/1.1\r\n\r\n",
        "GET /h\u{e9}alth HTTP/1.1\r\n\r\n",
        "GET /health HTTP/1.1 \r\n\r\n",
        "GET /health http/1.1\r\n\r\n",
        "G\u{1}T /health HTTP/1.1\r\n\r\n",
    ] {
        let (code, body) = refused_with(head.as_bytes());
        assert!(code == 400 && body.contains("`GET /health HTTP/1.1`"), "{head:?}: {body}");
    }
}

#[test]
fn a_malformed_header_is_named_by_its_number() {
    for header in ["no colon", ": no name", "Space : x", " folded: x", "X: a\0b", "X: a\rb"] {
        let head = format!("GET /health HTTP/1.1\r\nHost: h\r\n{header}\r\n\r\n");
        let (code, body) = refused_with(head.as_bytes());
        assert!(code == 400 && body.contains("header 2 is not"), "{header:?}: {body}");
    }
}

#[test]
fn tls_is_recognized_by_its_first_byte() {
    let (code, body) = refused_with(&[0x16]);
    assert!(code == 400 && body.contains("use http://"), "{body}");
}

#[test]
fn another_version_is_refused_by_its_name() {
    let (code, body) = refused_with(b"PRI * HTTP/2.0\r\n\r\n");
    assert!(code == 505 && body.contains("HTTP/2.0 is not spoken here"), "{body}");
}

#[test]
fn a_head_may_fill_the_limit_but_not_pass_it() {
    let request = b"GET / HTTP/1.1\r\n\r\n";
    assert!(matches!(Head::new(request.len()).push(request), Some(Ok(_))));
    let Some(Err(answer)) = Head::new(request.len() - 1).push(request) else { panic!("accepted") };
    assert_eq!(answer.code, 431);

    let mut head = Head::new(100);
    assert_eq!(head.push(&[b'a'; 99]), None);
    assert!(matches!(head.push(b"a"), Some(Err(answer)) if answer.code == 431));
}

proptest! {
    #[test]
    fn how_the_bytes_are_split_does_not_matter(
        cuts in prop::collection::vec(1_usize..12, 0..40),
        ends in prop::bool::ANY,
    ) {
        let line_end = if ends { "\r\n" } else { "\n" };
        let whole = format!("GET /health HTTP/1.1{line_end}Host: h{line_end}A: b{line_end}{line_end}");
        let expected = judge(whole.as_bytes());
        let mut head = Head::new(8192);
        let mut rest = whole.as_bytes();
        let mut result = None;
        for cut in cuts.into_iter().chain([usize::MAX]) {
            prop_assert!(result.is_none() || rest.is_empty());
            let (now, later) = rest.split_at(cut.min(rest.len()));
            if !now.is_empty() {
                result = head.push(now);
            }
            rest = later;
        }
        prop_assert_eq!(result, expected);
    }

    #[test]
    fn no_bytes_make_it_panic_or_pass_a_control_character(
        bytes in prop::collection::vec(prop::num::u8::ANY, 0..200),
        text in "(GET|PUT) [ -~]{0,9} HTTP/1.[01]\r\n([!-~ ]{0,9}\r?\n){0,3}\r?\n",
    ) {
        for input in [bytes, text.into_bytes()] {
            if let Some(Ok(line)) = judge(&input) {
                let plain = format!("{}{}", line.method, line.target);
                prop_assert!(plain.bytes().all(|byte| byte.is_ascii_graphic()));
            }
        }
    }
}
