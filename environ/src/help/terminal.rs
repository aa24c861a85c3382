//! Help for a terminal: a section a group, names aligned, lines wrapped.

use std::fmt::{self, Write as _};

use super::facts::About;
use super::section::Titled;
use super::{facts, Help};
use crate::redact::escape;
use crate::spec::variables::Variable;

/// The columns of a line if nobody says how many there are.
pub(super) const DEFAULT_WIDTH: usize = 100;

/// The columns that a line needs at least.
const MIN_WIDTH: usize = 40;

/// The widest column of names. A longer name has a line of its own.
const MAX_NAMES: usize = 30;

const INDENT: usize = 2;

/// The style of a text at a terminal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    /// Of a section.
    Heading,
    /// Of a variable.
    Name,
    /// Of a property in brackets.
    Tag,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Heading | Self::Name => "\u{1b}[1m",
            Self::Tag => "\u{1b}[2m",
        }
    }
}

impl Help {
    /// Sets the number of columns that [`Display`](fmt::Display) wraps lines at, 100 unless
    /// set and at least 40. A letter counts as a column.
    ///
    /// The crate does not ask for the size of the terminal: a program that wants that passes
    /// it on, or `COLUMNS`.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::EnvConfig;
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only its help is asked for")]
    /// struct AppConfig {
    ///     /// Address to listen on: an interface of the host, or all of them.
    ///     #[env(default = "127.0.0.1")]
    ///     host: String,
    ///     /// Port to listen on.
    ///     port: u16,
    /// }
    ///
    /// assert_eq!(
    ///     AppConfig::help().width(60).to_string(),
    ///     "  APP_HOST  Address to listen on: an interface of the host,\n\
    ///     \x20           or all of them. [default: 127.0.0.1]\n\
    ///     \x20 APP_PORT  Port to listen on. [required]"
    /// );
    /// ```
    #[must_use]
    pub fn width(mut self, columns: usize) -> Self {
        self.width = columns.max(MIN_WIDTH);
        self
    }

    /// Sets whether [`Display`](fmt::Display) uses bold and dim letters, by ANSI escape
    /// sequences. It does not unless set.
    #[must_use]
    pub fn styled(mut self, styled: bool) -> Self {
        self.styled = styled;
        self
    }

    /// Returns a text in a style, if there are styles.
    pub(super) fn in_style(&self, text: &str, style: Style) -> String {
        if self.styled && style != Style::Plain {
            format!("{}{text}\u{1b}[0m", style.code())
        } else {
            text.to_owned()
        }
    }

    /// Adds words to a page whose last line has `start` letters, in lines that begin there.
    pub(super) fn wrap(&self, page: &mut String, words: &[Word], start: usize) {
        let mut column = start;
        let mut run = String::new();
        for (index, word) in words.iter().enumerate() {
            let length = word.text.chars().count();
            let before = index.checked_sub(1).map(|before| words[before].style);
            let is_new_line = before.is_some() && column + 1 + length > self.width;
            if let Some(before) = before.filter(|before| is_new_line || *before != word.style) {
                page.push_str(&self.in_style(&run, before));
                run.clear();
            }
            if is_new_line {
                let _ = write!(page, "\n{:start$}", "");
                column = start;
            } else if before.is_some() {
                let text = if run.is_empty() { &mut *page } else { &mut run };
                text.push(' ');
                column += 1;
            }
            run.push_str(&word.text);
            column += length;
        }
        if let Some(last) = words.last() {
            page.push_str(&self.in_style(&run, last.style));
        }
    }
}

/// A word, which is in a single line.
pub(super) struct Word {
    text: String,
    style: Style,
}

impl Word {
    /// Returns the words of a text, with everything escaped that is not seen.
    pub(super) fn of(text: &str, style: Style) -> Vec<Self> {
        let escaped = escape::escaped(text);
        let words = escaped.split(' ').map(|word| Self {
            text: word.to_owned(),
            style,
        });
        // An empty text is no word.
        words.filter(|_| !text.is_empty()).collect()
    }

    /// Returns the words of a property in brackets; `[default: 80]` is a single word.
    fn of_tag(tag: &str) -> Vec<Self> {
        if tag.matches(' ').count() > 1 {
            return Self::of(tag, Style::Tag);
        }
        let text = escape::escaped(tag);
        vec![Self {
            text,
            style: Style::Tag,
        }]
    }
}

/// A section for each group, under its documentation.
impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variables = self.variables();
        let removed = self.removed();
        let names = variables.iter().map(|variable| &*variable.name);
        let names = names.chain(removed.iter().map(|(name, _)| *name));
        let lengths = names.map(|name| name.chars().count());
        let longest = MAX_NAMES.min(self.width / 3);
        let names = lengths
            .filter(|length| *length <= longest)
            .max()
            .unwrap_or(2);
        let mut page = String::new();
        for section in self.sections(&variables) {
            self.add_section(&mut page, &section, names);
        }
        if !removed.is_empty() {
            self.add_heading(&mut page, "Removed");
            for (name, remedy) in removed {
                self.add_entry(&mut page, name, &Word::of(remedy, Style::Plain), names);
            }
        }
        f.write_str(page.trim_end_matches('\n'))
    }
}

impl Help {
    fn add_section(&self, page: &mut String, section: &Titled<'_>, names: usize) {
        let is_told = section.is_condition_told();
        if let Some(title) = &section.title {
            self.add_heading(page, &title.text_with_condition());
        }
        for variable in &section.variables {
            // "Whether" says which words a switch has.
            let is_switch = facts::is_switch(variable);
            let is_shown = |about| match about {
                About::Words => !is_switch,
                // A tag says so.
                About::Secret => false,
                About::When => !is_told,
                _ => true,
            };
            let remarks = facts::joined(&facts::sentences(variable, is_shown));
            let mut words = Word::of(&remarks, Style::Plain);
            words.append(&mut tags(variable, is_told));
            self.add_entry(page, &variable.name, &words, names);
        }
    }

    fn add_heading(&self, page: &mut String, heading: &str) {
        if !page.is_empty() {
            page.push('\n');
        }
        self.wrap(page, &Word::of(heading, Style::Heading), 0);
        page.push('\n');
    }

    fn add_entry(&self, page: &mut String, name: &str, words: &[Word], names: usize) {
        let start = INDENT + names + 2;
        let name = escape::escaped(name);
        let length = name.chars().count();
        let _ = write!(page, "{:INDENT$}{}", "", self.in_style(&name, Style::Name));
        if !words.is_empty() {
            if length > names {
                let _ = write!(page, "\n{:start$}", "");
            } else {
                let _ = write!(page, "{:gap$}", "", gap = start - INDENT - length);
            }
            self.wrap(page, words, start);
        }
        page.push('\n');
    }
}

/// Returns the properties that stand in brackets.
fn tags(variable: &Variable, is_condition_told: bool) -> Vec<Word> {
    let mut tags = Vec::new();
    match (&variable.when, variable.is_required()) {
        (Some(when), true) if !is_condition_told => tags.push(format!("[required if {when}]")),
        (_, true) => tags.push("[required]".to_owned()),
        (_, false) => {}
    }
    let default = facts::default(variable);
    tags.extend(default.map(|text| format!("[default: {text}]")));
    if variable.var.secret {
        tags.push("[secret]".to_owned());
    }
    tags.iter().flat_map(|tag| Word::of_tag(tag)).collect()
}
