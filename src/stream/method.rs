//! The methods of requests.

/// The method of a request (RFC 9110, section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `HEAD`
    Head,
    /// `OPTIONS`
    Options,
    /// `PUT`
    Put,
    /// `PATCH` (RFC 5789)
    Patch,
    /// `DELETE`
    Delete,
    /// The server could not read the request line, which is the target as a whole.
    Unread,
}

impl Method {
    /// All methods, in the order of their discriminants.
    pub const ALL: [Self; 8] = [
        Self::Get,
        Self::Post,
        Self::Head,
        Self::Options,
        Self::Put,
        Self::Patch,
        Self::Delete,
        Self::Unread,
    ];

    /// The method as HTTP spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Unread => "-",
        }
    }
}
