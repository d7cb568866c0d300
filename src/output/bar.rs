//! The progress bar on standard error during long work: a single line that is drawn again and again, and
//! makes room for every message. If the terminal would block, the bar is not drawn.

use std::env;
use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use parking_lot::Mutex;
use rustix::termios::tcgetwinsize;

use super::unblocked::write_unless_it_waits;

/// The bar on the screen, if there is one. The whole process shares one standard error, and so also this bar.
static SHOWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// The length of the bar in steps, more than a terminal has columns.
const STEPS: u64 = 10_000;
/// The widest line, in columns. A line wider than a narrowed window would break into pieces.
const WIDEST: u16 = 100;
/// The assumed width of a terminal that does not report one.
const USUAL_WIDTH: u16 = 80;
/// The most drawings per second, more than are requested.
const DRAWS: u8 = 100;

/// Hides the bar while `write` writes to standard error.
pub(super) fn aside<R>(write: impl FnOnce() -> R) -> R {
    match &*SHOWN.lock() {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// Whether standard error is a terminal that can and may show a bar: it is not `dumb`, and `NO_COLOR`
/// does not ask for plain text.
pub fn is_wanted() -> bool {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    io::stderr().is_terminal()
        && set("TERM").is_some_and(|term| term != "dumb")
        && set("NO_COLOR").is_none()
}

/// The progress bar. It disappears from the screen when this is dropped.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// Shows a bar. There may be at most one at a time.
    pub fn show() -> Self {
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(Screen::default()), DRAWS);
        let bar = ProgressBar::with_draw_target(Some(STEPS), target);
        *SHOWN.lock() = Some(bar.clone());
        Self { bar }
    }

    /// Draws the share (0 to 1) as a bar, if there is a share, followed by the text.
    pub fn draw(&self, share: Option<f64>, text: String) {
        let template = if share.is_some() { "[{wide_bar}] {msg}" } else { "{wide_msg}" };
        let style = ProgressStyle::with_template(template).expect("both templates are right");
        self.bar.set_style(style.progress_chars("=> "));
        self.bar.update(|bar| bar.set_pos((share.unwrap_or(0.0) * STEPS as f64) as u64));
        self.bar.set_message(text);
        self.bar.force_draw();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        let mut shown = SHOWN.lock();
        self.bar.finish_and_clear();
        *shown = None;
    }
}

/// The terminal behind standard error. Output is collected, and written as a whole or not at all.
#[derive(Debug, Default)]
struct Screen {
    drawn: Mutex<String>,
}

impl Screen {
    fn add(&self, text: &str) -> io::Result<()> {
        self.drawn.lock().push_str(text);
        Ok(())
    }

    /// Moves the cursor (ECMA-48).
    fn go(&self, steps: usize, direction: char) -> io::Result<()> {
        if steps > 0 { self.add(&format!("\x1b[{steps}{direction}")) } else { Ok(()) }
    }
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        let width = tcgetwinsize(io::stderr()).map_or(0, |size| size.ws_col);
        // After the last column, some terminals go on to the next line.
        if width == 0 { USUAL_WIDTH } else { (width - 1).min(WIDEST) }
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.go(lines, 'A')
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.go(lines, 'B')
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.go(columns, 'C')
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.go(columns, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.add(text)?;
        self.add("\r\n")
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.add(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.add("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        let drawn = std::mem::take(&mut *self.drawn.lock());
        write_unless_it_waits(drawn.as_bytes());
        Ok(())
    }
}
