//! The formats of error.log. A line is the one that the server would log for that failure, so its message depends on what
//! failed; time, client and path are those of the line in access.log.

use super::element::{Condition, Element};
use super::escape::Escape;
use super::piece::{self, FormatColumn, Piece};
use super::template::{self, FieldStyle};
use crate::server_failure::ServerFailure;

/// A format of error.log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorFormat {
    /// The deployment guide's: `2024-10-10 13:55:36 - ERROR - Failed to connect to database ...`.
    #[default]
    Plain,
    /// Apache 2.4's default ErrorLogFormat.
    Apache,
    /// nginx's error_log.
    Nginx,
    /// A flat JSON object.
    Json,
}

const PLAIN: FieldStyle = FieldStyle::new(Escape::Apache, "-");
const JSON: FieldStyle = FieldStyle::new(Escape::Json, "");
/// nginx escapes nothing in its error log. What would break a line cannot be in a request.
const NGINX: FieldStyle = FieldStyle::new(Escape::None, "-");

/// What the servers say about a failure of the application. It is written in PHP, and both servers pass on its last words.
const APPLICATION: [(ServerFailure, &str); 6] = [
    (
        ServerFailure::DatabaseDown,
        "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in \
         /var/www/html/lib/database.php:42",
    ),
    (
        ServerFailure::Exception,
        "PHP Fatal error:  Uncaught RuntimeException: Unhandled exception in request handler in \
         /var/www/html/index.php:17",
    ),
    (
        ServerFailure::QueryTimeout,
        "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000]: General error: 3024 Query execution was interrupted, \
         maximum statement execution time exceeded in /var/www/html/lib/database.php:118",
    ),
    (
        ServerFailure::PoolExhausted,
        "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [1040] Too many connections in \
         /var/www/html/lib/database.php:42",
    ),
    (
        ServerFailure::SessionLocked,
        "PHP Fatal error:  Uncaught RuntimeException: Failed to acquire lock on session store in \
         /var/www/html/lib/session.php:64",
    ),
    (
        ServerFailure::DiskFull,
        "PHP Warning:  file_put_contents(): Write of 8192 bytes failed with errno=28 No space left on device in \
         /var/www/html/lib/storage.php:31",
    ),
];

/// What the application says if a service that it asks does not answer.
const UPSTREAM_TIMEOUT: &str = "PHP Fatal error:  Uncaught RuntimeException: Upstream timed out while reading the response in \
                                /var/www/html/lib/client.php:57";

impl ErrorFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Apache, Self::Nginx, Self::Json];

    /// The name of the format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Apache => "apache",
            Self::Nginx => "nginx",
            Self::Json => "json",
        }
    }

    /// The format with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The parts of a line, without its line feed.
    pub fn elements(self) -> Vec<Element> {
        piece::elements(&self.pieces())
    }

    /// The columns of a line, and the text between them.
    pub fn pieces(self) -> Vec<Piece> {
        match self {
            Self::Plain => template::pieces(
                "${time:%Y-%m-%d %H:%M:%S} - $level - $failure: $method $target for $remote_host$(user  (user \
                 $user)$) answered $status",
                &PLAIN,
            ),
            Self::Json => template::pieces(
                r#"{"time":"${time:%FT%T}.${milliseconds}${time:%:z}","level":"$level","message":"$failure","remote_host":"$remote_host","user":$(user "$user"$|null$),"method":"$method","path":"$path","query":$(query "$query"$|null$),"status":$status,"host":"$host","request_id":"$request_id"}"#,
                &JSON,
            ),
            Self::Apache => apache(),
            Self::Nginx => nginx(),
        }
    }
}

/// `[time] [module:level] [pid P:tid T] [client A:PORT] message, referer: R`
/// (httpd.apache.org/docs/2.4/mod/core.html#errorlogformat), with the messages of mod_auth_basic, mod_authz_core and
/// mod_proxy_fcgi.
fn apache() -> Vec<Piece> {
    let text = |text: &str| template::elements(text, &PLAIN);
    let module = by_failure(
        text("auth_basic"),
        text("authz_core"),
        &ServersOwn { timeout: "proxy_fcgi", refused: "proxy_fcgi", none_is_up: "proxy_balancer" },
        |_| "proxy_fcgi".to_owned(),
        &PLAIN,
    );
    let system = ServersOwn {
        timeout: "(70007)The timeout specified has expired: ",
        refused: "(111)Connection refused: ",
        none_is_up: "",
    };
    let system = by_failure(Vec::new(), Vec::new(), &system, |_| String::new(), &PLAIN);
    let message = by_failure(
        text(
            "$(user AH01617: user $user: authentication failure for \"$decoded_path\": Password Mismatch$|AH01614: \
             client used wrong authentication scheme: $decoded_path$)",
        ),
        text("AH01630: client denied by server configuration: /var/www/html$decoded_path"),
        &ServersOwn {
            timeout: "AH01075: Error dispatching request to : (polling)",
            refused: "AH01079: failed to make connection to backend: $upstream_address",
            none_is_up: "AH01167: balancer://application: All workers are in error state for route ()",
        },
        |message| format!("AH01071: Got error 'PHP message: {message}'"),
        &PLAIN,
    );
    let around = |text| template::pieces(text, &PLAIN);
    let line = [
        around("[$[time ${time:%a %b %d %T}.$microseconds ${time:%Y}$]] ["),
        vec![column("module", "the module that reports it", module)],
        around(":$[level error$]] [pid $process_id:tid $thread_id] "),
        vec![column("system_error", "the error of the system, if there was one", system)],
        around("[client $remote_host:$remote_port] "),
        vec![column("message", MESSAGE, message)],
        around("$(referrer , referer: $referrer$)"),
    ];
    piece::merged(line.concat())
}

/// What the column says that has the server's words.
const MESSAGE: &str = "what failed";

fn column(name: &str, about: &str, element: Element) -> Piece {
    let column = FormatColumn::named(name, vec![element]);
    Piece::Column(FormatColumn { about: about.to_owned(), ..column })
}

/// `time [level] pid#tid: *connection message, client: A, server: S, request: "R", upstream: "U", host: "H"`
/// (nginx.org, src/http/ngx_http_request.c: `ngx_http_log_error_handler`).
fn nginx() -> Vec<Piece> {
    // A first request without a password is no error to nginx.
    let level = Element::Choice {
        condition: Condition::StatusIs(vec![401]),
        then: template::elements("$(user error$|info$)", &NGINX),
        otherwise: vec!["error".into()],
    };
    let message = by_failure(
        template::elements(
            "$(user user \"$user\": password mismatch$|no user/password was provided for basic authentication$)",
            &NGINX,
        ),
        template::elements("access forbidden by rule", &NGINX),
        &ServersOwn {
            timeout: "upstream timed out (110: Connection timed out) while reading response header from upstream",
            refused: "connect() failed (111: Connection refused) while connecting to upstream",
            none_is_up: "no live upstreams while connecting to upstream",
        },
        |message| {
            format!(
                "FastCGI sent in stderr: \"PHP message: {message}\" while reading response header from upstream"
            )
        },
        &NGINX,
    );
    let around = |text| template::pieces(text, &NGINX);
    let line = [
        around("${time:%Y/%m/%d %T} ["),
        vec![column("level", "how severe it is", level)],
        around("] $process_id#$[thread_id $process_id$]: *$connection "),
        vec![column("message", MESSAGE, message)],
        around(
            ", client: $remote_host, server: $server_name, request: \"$method $target $protocol\"$(upstream_address , \
             upstream: \"fastcgi://$upstream_address\"$), host: \"$host\"$(referrer , referrer: \"$referrer\"$)",
        ),
    ];
    piece::merged(line.concat())
}

/// What the server says of what it has seen itself.
struct ServersOwn {
    /// The application did not answer in time.
    timeout: &'static str,
    /// It did not take the connection.
    refused: &'static str,
    /// None of them is known to be up.
    none_is_up: &'static str,
}

/// The part of a line that depends on what failed.
fn by_failure(
    unauthorized: Vec<Element>,
    forbidden: Vec<Element>,
    own: &ServersOwn,
    said: impl Fn(&str) -> String,
    style: &FieldStyle,
) -> Element {
    // A server that gives up on the application answers 504; with another status, the application has said it.
    let upstream = Element::Choice {
        condition: Condition::StatusIs(vec![504]),
        then: template::elements(own.timeout, style),
        otherwise: template::elements(&said(UPSTREAM_TIMEOUT), style),
    };
    let of_application = APPLICATION.iter().map(|(kind, message)| (*kind, said(message)));
    let of_server = [
        (ServerFailure::ConnectionRefused, own.refused.to_owned()),
        (ServerFailure::NoneIsUp, own.none_is_up.to_owned()),
    ];
    let failed = of_application.chain(of_server).fold(vec![upstream], |others, (kind, message)| {
        vec![Element::Choice {
            condition: Condition::FailedAs(kind),
            then: template::elements(&message, style),
            otherwise: others,
        }]
    });
    let is_forbidden = Condition::StatusIs(vec![403]);
    let others = Element::Choice { condition: is_forbidden, then: forbidden, otherwise: failed };
    Element::Choice {
        condition: Condition::StatusIs(vec![401]),
        then: unauthorized,
        otherwise: vec![others],
    }
}
