//! The bar on standard error while long work goes on: one line, drawn over and over, which makes
//! room for every message. What would have to wait for the terminal is not drawn.

use std::env;
use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use parking_lot::Mutex;
use rustix::termios::tcgetwinsize;

use super::write_unless_it_waits;

/// The bar that is on the screen, if there is one. Standard error is one for the whole process, and
/// so is this.
static SHOWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// The bar's length in steps: more than there are columns.
const STEPS: u64 = 10_000;
/// The widest line. A window that is made narrower than a line breaks it into pieces.
const WIDEST: u16 = 100;
/// The width of a terminal that does not tell.
const USUAL_WIDTH: u16 = 80;
/// Draws that are let through in a second: more than are asked for.
const DRAWS: u8 = 100;

/// Writes to standard error with the bar out of the way.
pub(super) fn aside<R>(write: impl FnOnce() -> R) -> R {
    match &*SHOWN.lock() {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// Whether standard error is a terminal on which a line can be drawn over, and may be: one that is
/// not `dumb`, where `NO_COLOR` does not ask for plain text.
pub fn is_wanted() -> bool {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    io::stderr().is_terminal()
        && set("TERM").is_some_and(|term| term != "dumb")
        && set("NO_COLOR").is_none()
}

/// The bar. It is gone from the screen when this is dropped.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// Shows it. There is at most one at a time.
    pub fn show() -> Self {
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(Screen::default()), DRAWS);
        let bar = ProgressBar::with_draw_target(Some(STEPS), target);
        *SHOWN.lock() = Some(bar.clone());
        Self { bar }
    }

    /// Draws it: the share (0 to 1) as a bar, where there is one, and the text behind it.
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

/// The terminal behind standard error. What is drawn is collected, and goes there as a whole or
/// not at all.
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
        // In the last column some terminals go on to the next line.
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
