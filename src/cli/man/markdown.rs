//! Converts Markdown to the language of man(7), so that configs/README.md becomes a manual page. A table
//! becomes a list, because a terminal has no room for five columns: the first column is the name, the
//! second is its meaning, and the others follow with their headings. Anything without a rule here is
//! copied as it is.

use std::mem;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::roff::{Roff, bold, escaped, verbatim};

/// Adds `markdown` to `page`, without its title.
pub fn render(markdown: &str, page: &mut Roff) {
    let mut renderer = Renderer::new(page);
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        renderer.take(event);
    }
}

struct Renderer<'a> {
    page: &'a mut Roff,
    /// The text being read, escaped.
    line: String,
    /// The lines of a code block, as written.
    code: Option<String>,
    /// The number of the next item of each open list; `None` for a list without numbers.
    lists: Vec<Option<u64>>,
    /// Whether an item has begun and has no text yet.
    begins_item: bool,
    /// The target of a link, if it will be printed.
    link: Option<String>,
    headlines: Vec<String>,
    cells: Vec<String>,
}

impl<'a> Renderer<'a> {
    fn new(page: &'a mut Roff) -> Self {
        Self {
            page,
            line: String::new(),
            code: None,
            lists: Vec::new(),
            begins_item: false,
            link: None,
            headlines: Vec::new(),
            cells: Vec::new(),
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Code(text) => self.line += &bold(&text),
            Event::SoftBreak | Event::HardBreak => self.line.push(' '),
            Event::Text(text) => match &mut self.code {
                Some(code) => *code += &text,
                None => self.line += &escaped(&text),
            },
            Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.line += &verbatim(&text),
            Event::Rule | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.begin_paragraph(),
            Tag::CodeBlock(_) => self.code = Some(String::new()),
            Tag::List(first) => {
                // The item around this one may have text that is not written yet.
                self.write();
                if !self.lists.is_empty() {
                    self.page.request("RS");
                }
                self.lists.push(first);
            }
            Tag::Item => {
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("IP {}. 4", *number - 1)
                    }
                    _ => "IP \\(bu 4".to_owned(),
                };
                self.page.request(&mark);
                self.begins_item = true;
            }
            Tag::Emphasis => self.line += "\\fI",
            Tag::Strong => self.line += "\\fB",
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                // Paths are left out: they would lead nowhere from a manual page.
                self.link = dest_url.contains("://").then(|| dest_url.into_string());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.page.example(&code);
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if !self.lists.is_empty() {
                    self.page.request("RE");
                }
            }
            TagEnd::Emphasis | TagEnd::Strong => self.line += "\\fR",
            TagEnd::Link | TagEnd::Image => {
                if let Some(link) =
                    self.link.take().filter(|link| !self.line.ends_with(&*escaped(link)))
                {
                    self.line += &format!(" <{}>", escaped(&link));
                }
            }
            TagEnd::TableCell => self.cells.push(mem::take(&mut self.line)),
            TagEnd::TableHead => self.headlines = mem::take(&mut self.cells),
            TagEnd::TableRow => self.row(),
            TagEnd::Paragraph | TagEnd::Item | TagEnd::HtmlBlock => self.write(),
            _ => {}
        }
    }

    /// Begins a paragraph. The first one of an item follows the item's mark on its line.
    fn begin_paragraph(&mut self) {
        if !mem::take(&mut self.begins_item) {
            self.page.request(if self.lists.is_empty() { "PP" } else { "IP" });
        }
    }

    fn write(&mut self) {
        self.begins_item = false;
        let line = mem::take(&mut self.line);
        if !line.trim().is_empty() {
            self.page.rendered(&line);
        }
    }

    /// Adds a heading. Sections are in capitals as on every page, except where they are keys, because a
    /// key is typed.
    fn heading(&mut self, level: HeadingLevel) {
        let title = mem::take(&mut self.line);
        match level {
            HeadingLevel::H1 => {}
            HeadingLevel::H2 if title.contains(char::is_uppercase) => {
                self.page.section(&title.to_uppercase())
            }
            HeadingLevel::H2 => self.page.section(&title),
            _ => self.page.request(&format!("SS {title}")),
        }
    }

    fn row(&mut self) {
        let cells = mem::take(&mut self.cells);
        let mut cells = cells.iter().zip(&self.headlines);
        let Some((name, _)) = cells.next() else { return };
        self.page.request("TP");
        self.page.rendered(name);
        let sentences = cells.filter(|(cell, _)| !cell.is_empty()).enumerate().map(
            |(index, (cell, headline))| {
                let full_stop = if cell.ends_with('.') { "" } else { "." };
                match index {
                    0 => format!("{}{full_stop}", capitalised(cell)),
                    _ => format!("{}: {cell}{full_stop}", capitalised(headline)),
                }
            },
        );
        self.page.rendered(&sentences.collect::<Vec<_>>().join(" "));
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(markdown: &str) -> String {
        let mut page = Roff::default();
        render(markdown, &mut page);
        page.into_text()
    }

    #[test]
    fn a_row_of_a_table_is_a_name_and_sentences() {
        let table = "| key | meaning | range | also |\n|---|---|---|---|\n\
                     | `a.b` | how much; it's `x\\|y` | 0 to 1 | |\n| `a.c` | ends. | | `d` |\n";
        assert_eq!(
            rendered(table),
            ".TP\n\\fBa.b\\fR\nHow much; it's \\fBx|y\\fR. Range: 0 to 1.\n\
             .TP\n\\fBa.c\\fR\nEnds. Also: \\fBd\\fR.\n"
        );
    }

    #[test]
    fn a_heading_that_is_a_key_keeps_its_letters_and_the_title_is_left_out() {
        let text = "# Title\n\n## Where from\n\n## error_rates\n\n### output.log_rotation\n";
        assert_eq!(rendered(text), ".SH WHERE FROM\n.SH error_rates\n.SS output.log_rotation\n");
    }

    #[test]
    fn lists_are_numbered_or_marked_and_may_be_nested() {
        assert_eq!(rendered("3. a\n4. b\n"), ".IP 3. 4\na\n.IP 4. 4\nb\n");
        assert_eq!(
            rendered("- a\n  - b\n\n- c\n\n  d\n"),
            ".IP \\(bu 4\na\n.RS\n.IP \\(bu 4\nb\n.RE\n.IP \\(bu 4\nc\n.IP\nd\n"
        );
    }

    #[test]
    fn code_stays_as_it_is_typed_and_a_path_leads_nowhere() {
        assert_eq!(
            rendered("`'--x'` *a* **b**\n"),
            ".PP\n\\fB\\(aq\\-\\-x\\(aq\\fR \\fIa\\fR \\fBb\\fR\n"
        );
        assert_eq!(
            rendered("```yaml\na: 'b'\n\n.c\n```\n"),
            ".PP\n.nf\n    a: \\(aqb\\(aq\n    \n    .c\n.fi\n"
        );
        let links = "[a](https://b.org/c) [d](../e.md) <https://f.org>\n";
        assert_eq!(rendered(links), ".PP\na <https://b.org/c> d https://f.org\n");
    }

    #[test]
    fn no_line_of_text_is_taken_for_a_request() {
        assert_eq!(
            rendered(".a\n\n'b'\n\n~^\\\\-\n"),
            ".PP\n\\&.a\n.PP\n\\&'b'\n.PP\n\\(ti\\(ha\\e\\-\n"
        );
    }
}
