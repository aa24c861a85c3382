//! The name of a variable in a list or a map of groups, in which any number or any key may
//! stand.

use super::occurring;
use crate::name;

/// More than any number of mistakes that is looked for.
const NEVER: u8 = 100;

/// The name of a variable in a list or a map of groups.
pub(crate) struct Pattern {
    parts: Vec<Part>,
    /// A bit for each letter that stands in the name.
    occurring: u64,
    max_mistakes: u8,
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Letter(u8),
    /// The `_` beside a number or a key, which tells where that ends.
    Joint,
    Number,
    Key,
}

impl Pattern {
    /// Creates the pattern of a name with `<N>` or `<KEY>` in it.
    pub(crate) fn of(name: &str) -> Self {
        let parts = parts(name);
        let letters: Vec<u8> = parts.iter().filter_map(|part| part.letter()).collect();
        let after_last = parts.iter().rev().take_while(|part| !part.is_any()).count();
        let relevant = match after_last {
            0 => letters.len(),
            count => count - 1,
        };
        Self {
            occurring: occurring(&letters),
            max_mistakes: u8::try_from((relevant / 3).clamp(1, 3)).unwrap_or(1),
            parts,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.len()
    }

    /// Returns whether a name of these letters may be near enough. A mistake takes away a single
    /// letter at the most.
    pub(super) fn may_be(&self, occurring: u64) -> bool {
        (self.occurring & !occurring).count_ones() <= u32::from(self.max_mistakes)
    }

    /// Returns whether `name` is a name of this pattern.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let table = Table::of(&self.parts, name.as_bytes());
        table.at(self.parts.len(), name.len()) == 0 && table.right() == name
    }

    /// Returns the number of mistakes in `name`, and the name without mistakes, if there are
    /// mistakes and they are few.
    pub(super) fn nearest(&self, name: &str) -> Option<(usize, String)> {
        let table = Table::of(&self.parts, name.as_bytes());
        let mistakes = table.at(self.parts.len(), name.len());
        if mistakes > self.max_mistakes {
            return None;
        }
        let right = table.right();
        (right != name).then_some((usize::from(mistakes), right))
    }
}

impl Part {
    fn letter(self) -> Option<u8> {
        match self {
            Self::Letter(letter) => Some(letter),
            Self::Joint => Some(b'_'),
            Self::Number | Self::Key => None,
        }
    }

    fn is_any(&self) -> bool {
        matches!(self, Self::Number | Self::Key)
    }

    /// Returns the mistakes if this stands for a letter of the text.
    fn mistakes(self, letter: u8) -> u8 {
        match self {
            Self::Letter(own) => u8::from(!own.eq_ignore_ascii_case(&letter)),
            Self::Joint if letter == b'_' => 0,
            Self::Number if letter.is_ascii_digit() => 0,
            Self::Joint | Self::Number => NEVER,
            Self::Key => 0,
        }
    }
}

fn parts(name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = name.as_bytes();
    while let Some((letter, _)) = rest.split_first() {
        let (part, len) = if rest.starts_with(name::ANY_NUMBER.as_bytes()) {
            (Part::Number, name::ANY_NUMBER.len())
        } else if rest.starts_with(name::ANY_KEY.as_bytes()) {
            (Part::Key, name::ANY_KEY.len())
        } else {
            (Part::Letter(*letter), 1)
        };
        parts.push(part);
        rest = &rest[len..];
    }
    for at in 0..parts.len() {
        let before = at.checked_sub(1).map(|before| parts[before]);
        let mut beside = before.into_iter().chain(parts.get(at + 1).copied());
        if parts[at] == Part::Letter(b'_') && beside.any(|part| part.is_any()) {
            parts[at] = Part::Joint;
        }
    }
    parts
}

/// The fewest mistakes between each beginning of a pattern and each beginning of a text.
struct Table<'a> {
    parts: &'a [Part],
    text: &'a [u8],
    mistakes: Vec<u8>,
    width: usize,
}

impl<'a> Table<'a> {
    fn of(parts: &'a [Part], text: &'a [u8]) -> Self {
        let width = text.len() + 1;
        let mistakes = vec![NEVER; (parts.len() + 1) * width];
        let mut table = Self {
            parts,
            text,
            mistakes,
            width,
        };
        for end in 0..width {
            table.mistakes[end] = u8::try_from(end).unwrap_or(NEVER).min(NEVER);
        }
        for row in 1..=parts.len() {
            for end in 0..width {
                let all = Step::ALL.iter();
                let all = all.filter_map(|step| table.after(*step, row, end));
                let least = all.min().unwrap_or(NEVER).min(NEVER);
                table.mistakes[row * width + end] = least;
            }
        }
        table
    }

    fn at(&self, row: usize, end: usize) -> u8 {
        self.mistakes[row * self.width + end]
    }

    /// Returns the mistakes if this is the last step to a place.
    fn after(&self, step: Step, row: usize, end: usize) -> Option<u8> {
        let part = self.parts[row - 1];
        let letter = || Some(self.text[end.checked_sub(1)?]);
        let (from, mistakes) = match step {
            Step::Stands => (
                row.checked_sub(1).zip(end.checked_sub(1))?,
                part.mistakes(letter()?),
            ),
            Step::GoesOn if part.is_any() => ((row, end.checked_sub(1)?), part.mistakes(letter()?)),
            Step::IsMissing if matches!(part, Part::Letter(_)) => ((row - 1, end), 1),
            Step::IsTooMany if !part.is_any() => ((row, end.checked_sub(1)?), 1),
            Step::AreSwapped => (
                (row.checked_sub(2)?, end.checked_sub(2)?),
                self.swapped(row, end),
            ),
            Step::GoesOn | Step::IsMissing | Step::IsTooMany => return None,
        };
        Some(self.at(from.0, from.1).saturating_add(mistakes))
    }

    fn swapped(&self, row: usize, end: usize) -> u8 {
        let are_letters = |part: Part| matches!(part, Part::Letter(_));
        let (one, other) = (self.parts[row - 2], self.parts[row - 1]);
        let are_swapped = are_letters(one)
            && are_letters(other)
            && one.mistakes(self.text[end - 1]) == 0
            && other.mistakes(self.text[end - 2]) == 0;
        if are_swapped {
            1
        } else {
            NEVER
        }
    }

    /// Returns the text without its mistakes, with its own number and key.
    fn right(&self) -> String {
        let (mut row, mut end) = (self.parts.len(), self.text.len());
        let mut right = Vec::new();
        while row > 0 {
            let here = Some(self.at(row, end));
            let is_last = |step: &&Step| self.after(**step, row, end) == here;
            let own = self.parts[row - 1].letter();
            let letter = own.or_else(|| Some(self.text[end.checked_sub(1)?]));
            match Step::ALL.iter().find(is_last) {
                Some(Step::Stands) => {
                    right.extend(letter);
                    (row, end) = (row - 1, end - 1);
                }
                Some(Step::GoesOn) => {
                    right.extend(letter);
                    end -= 1;
                }
                Some(Step::IsMissing) => {
                    right.extend(letter);
                    row -= 1;
                }
                Some(Step::IsTooMany) => end -= 1,
                Some(Step::AreSwapped) => {
                    right.extend(own);
                    right.extend(self.parts[row - 2].letter());
                    (row, end) = (row - 2, end - 2);
                }
                None => break,
            }
        }
        right.reverse();
        String::from_utf8_lossy(&right).into_owned()
    }
}

/// The step from a beginning of the pattern and of the text to a longer beginning.
#[derive(Clone, Copy)]
enum Step {
    /// A part of the pattern stands for a letter, rightly or wrongly.
    Stands,
    /// A number or a key goes on.
    GoesOn,
    IsMissing,
    IsTooMany,
    AreSwapped,
}

impl Step {
    const ALL: [Self; 5] = [
        Self::Stands,
        Self::GoesOn,
        Self::IsMissing,
        Self::IsTooMany,
        Self::AreSwapped,
    ];
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_number_and_a_key_stay_where_the_rest_is_corrected() {
        for (pattern, name, right) in [
            ("APP_UP_<N>_HOST", "APP_UP_0_HOSST", Some("APP_UP_0_HOST")),
            ("APP_UP_<N>_HOST", "APP_UP_17_HSOT", Some("APP_UP_17_HOST")),
            ("APP_UP_<N>_HOST", "APP_PU_17_HOST", Some("APP_UP_17_HOST")),
            ("APP_UP_<N>_HOST", "APP_UP_17_NAME", None),
            ("APP_UP_<N>_HOST", "APP_UP_X_HOSST", None),
            ("APP_UP_<N>_HOST", "APP_UP_0_HOST", None),
            ("APP_UP_<N>_HOST", "APP_UP_0_HOXY", None),
            ("APP_UP_<N>_HOST", "APP_UP_0_HOTX", None),
            ("APP_UP_<N>_HOST", "APP_UP_0_HOXS", None),
            ("APP_UP_<N>_LEVEL", "APP_UP_0_LEVXY", None),
            (
                "APP_DB_<KEY>_URL",
                "APP_DB_MAIN_ULR",
                Some("APP_DB_MAIN_URL"),
            ),
            (
                "APP_DB_<KEY>_URL",
                "APP_DB_A_B_URLS",
                Some("APP_DB_A_B_URL"),
            ),
            ("APP_DB_<KEY>_URL", "APP_DB_MAIN", None),
            ("APP_DB_<KEY>_ID", "APP_DB_MAIN", None),
            (
                "APP_<KEY>_UP_<N>_HOST",
                "APP_A_UP_1_HOTS",
                Some("APP_A_UP_1_HOST"),
            ),
            ("APP_SINK_<N>", "APP_SNIK_3", Some("APP_SINK_3")),
        ] {
            let near = Pattern::of(pattern).nearest(name);
            assert_eq!(near.map(|(_, name)| name).as_deref(), right, "{name}");
        }
    }
}
