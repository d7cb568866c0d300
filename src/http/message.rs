//! The bytes of an answer, written by tiny_http.

use tiny_http::{HTTPVersion, Header, Method, Response};

use super::answer::Answer;
use super::head::RequestLine;

/// The whole message, for a connection that ends with it. `request` is `None` if it was not well-formed.
///
/// A client of HTTP/1.0 gets HTTP/1.0. An answer to HEAD has the headers of the body but not the body.
pub fn message(answer: Answer, request: Option<&RequestLine>) -> Vec<u8> {
    let version = request.map_or(HTTPVersion(1, 1), |request| request.version.clone());
    let head_only = request.is_some_and(|request| request.method == Method::Head);
    let mut bytes = Vec::new();
    response(answer)
        .raw_print(&mut bytes, version, &[], head_only, None)
        .expect("memory takes all that is written to it");
    with_connection_close(bytes)
}

fn response(answer: Answer) -> Response<impl std::io::Read> {
    let headers = answer.headers();
    // tiny_http would send a page as long as ours in chunks, which clients of HTTP/1.0 do not know.
    let mut response = Response::from_data(answer.body)
        .with_status_code(answer.code)
        .with_chunked_threshold(usize::MAX);
    for (name, value) in headers {
        let header = Header::from_bytes(name, value).expect("names and values are ASCII constants");
        response.add_header(header);
    }
    response
}

/// Inserts `Connection: close` as the first header of a message. tiny_http does not let an answer set
/// this header, and without it a client that keeps connections would try to use this one again.
fn with_connection_close(mut message: Vec<u8>) -> Vec<u8> {
    let end_of_line = message.windows(2).position(|pair| pair == b"\r\n");
    let after = end_of_line.expect("a message begins with a line") + 2;
    message.splice(after..after, *b"Connection: close\r\n");
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::answer::Content;

    fn text(answer: Answer, request: Option<&RequestLine>) -> String {
        String::from_utf8(message(answer, request)).unwrap()
    }

    fn request(method: Method, version: HTTPVersion) -> RequestLine {
        RequestLine { method, target: "/".to_owned(), version }
    }

    #[test]
    fn a_refusal_is_a_whole_message_in_json() {
        let text = text(Answer::error(408, "too \"late\""), None);
        let without_date: Vec<&str> =
            text.split_inclusive('\n').filter(|line| !line.starts_with("Date: ")).collect();
        assert_eq!(
            without_date.concat(),
            "HTTP/1.1 408 Request Timeout\r\n\
             Connection: close\r\n\
             Content-Type: application/json\r\n\
             Cache-Control: no-store\r\n\
             Server: access-log-generator\r\n\
             X-Content-Type-Options: nosniff\r\n\
             Content-Length: 25\r\n\
             \r\n\
             {\"error\":\"too \\\"late\\\"\"}\n"
        );
        assert!(text.contains("\r\nDate: "), "{text}");
    }

    #[test]
    fn an_answer_to_head_keeps_the_length_and_drops_the_body() {
        let head = request(Method::Head, HTTPVersion(1, 1));
        let text = text(Answer::error(503, "no"), Some(&head));
        assert!(text.contains("Content-Length: 15\r\n") && text.ends_with("\r\n\r\n"), "{text}");
    }

    #[test]
    fn a_client_of_http_1_0_is_answered_in_http_1_0() {
        let old = request(Method::Get, HTTPVersion(1, 0));
        let text = text(Answer::error(404, "no"), Some(&old));
        assert!(text.starts_with("HTTP/1.0 404 Not Found\r\n"), "{text}");
    }

    #[test]
    fn a_long_body_is_sent_whole_and_not_in_chunks() {
        let get = request(Method::Get, HTTPVersion(1, 1));
        let body = "x".repeat(1 << 20);
        let text = text(Answer::text(Content::Page, body.clone()), Some(&get));
        assert!(text.contains("Content-Length: 1048576\r\n") && text.ends_with(&body));
        assert!(!text.contains("Transfer-Encoding"));
    }
}
