//! The formats of error.log.

use super::element::Element;
use super::escape::Escape;
use super::template::{self, FieldStyle};

const STYLE: FieldStyle = FieldStyle::new(Escape::Apache, "-");

/// The parts of a line such as `2024-10-10 13:55:36 - ERROR - Failed to connect to database ...`, without its line feed. It
/// says what failed, for whom and where.
pub fn plain() -> Vec<Element> {
    template::elements(
        "${time:%Y-%m-%d %H:%M:%S} - $level - $failure: $method $target for $remote_host$(user  (user $user)$) answered \
         $status",
        &STYLE,
    )
}
