//! A table as Markdown.

use std::fmt;

/// A table; the first column is text, the others are numbers.
pub struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    #[must_use]
    pub fn new(heads: Vec<String>) -> Self {
        let rows = Vec::new();
        Self { heads, rows }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| {} |", self.heads.join(" | "))?;
        writeln!(f, "|---{}|", "|--:".repeat(self.heads.len() - 1))?;
        self.rows
            .iter()
            .try_for_each(|row| writeln!(f, "| {} |", row.join(" | ")))
    }
}

/// A whole number, its thousands apart.
#[must_use]
pub fn number(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How many times as much.
#[must_use]
pub fn ratio(ratio: f64) -> String {
    format!("{ratio:.2}")
}
