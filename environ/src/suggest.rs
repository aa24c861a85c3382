//! Variables that are set, not read, and spelt much like one that is missing.

use std::collections::HashSet;

use crate::error::Problem;
use crate::name;
use crate::source::Source;
use crate::spec::{self, Item};

/// How many pairs of names are compared letter by letter, at the most: the
/// environment may be of any size, and this only adds a hint.
const MOST_COMPARISONS: usize = 100_000;

/// Adds to each missing variable the nearest one that is set but not read.
///
/// Only names under the prefix are looked at.
pub(crate) fn near_misses(
    source: &dyn Source,
    items: &'static [Item],
    prefix: &str,
    problems: &mut [Problem],
) {
    if !problems.iter().any(Problem::is_missing) {
        return;
    }
    let unread = unread(source, items, prefix);
    let mut comparisons = 0;
    for problem in problems.iter_mut().filter(|problem| problem.is_missing()) {
        let missing = Letters::of(problem.name());
        let mut nearest = None;
        let mut least = most_mistakes(problem.name(), prefix) + 1;
        for name in &unread {
            if comparisons < MOST_COMPARISONS && missing.may_be(name, least) {
                comparisons += 1;
                let distance = missing.distance(name);
                if distance < least {
                    (least, nearest) = (distance, Some(name));
                }
            }
        }
        if let Some(name) = nearest {
            problem.hint(format!("{} is set but not read; is it meant?", name.text));
        }
    }
}

/// The names under the prefix that are set and that no field reads.
fn unread(source: &dyn Source, items: &'static [Item], prefix: &str) -> Vec<Letters> {
    let variables = spec::variables(items, prefix);
    let read: HashSet<&str> = variables.iter().flat_map(spec::Variable::names).collect();
    let names = source.names().unwrap_or_default();
    names
        .iter()
        .filter_map(|name| name.to_str())
        .filter(|name| name::is_under(prefix, name) && !read.contains(name))
        .map(Letters::of)
        .collect()
}

/// A name of three letters may have one wrong, one of six two.
fn most_mistakes(name: &str, prefix: &str) -> usize {
    (name.len().saturating_sub(prefix.len() + 1) / 3).min(3)
}

/// A name, ready to be compared in any letter case.
struct Letters {
    text: String,
    folded: Vec<u8>,
    /// A bit for each letter that occurs.
    occurring: u64,
}

impl Letters {
    fn of(name: &str) -> Self {
        let folded = name.to_ascii_uppercase().into_bytes();
        let occurring = folded.iter().fold(0, |bits, byte| bits | 1 << (byte % 64));
        Self {
            text: name.to_owned(),
            folded,
            occurring,
        }
    }

    /// Whether the distance can be below `least`. One mistake changes the
    /// length by one, and takes away and adds one letter at the most.
    fn may_be(&self, other: &Self, least: usize) -> bool {
        let different = (self.occurring ^ other.occurring).count_ones() as usize;
        self.folded.len().abs_diff(other.folded.len()) < least && different < 2 * least
    }

    /// The number of letters to insert, remove, replace or swap with a neighbour.
    fn distance(&self, other: &Self) -> usize {
        let (one, other) = (&self.folded, &other.folded);
        let mut before = Vec::new();
        let mut above: Vec<usize> = (0..=other.len()).collect();
        for (i, letter) in one.iter().enumerate() {
            let mut row = vec![i + 1];
            for (j, other_letter) in other.iter().enumerate() {
                let replaced = above[j] + usize::from(letter != other_letter);
                let mut least = replaced.min(above[j + 1] + 1).min(row[j] + 1);
                if i > 0 && j > 0 && *letter == other[j - 1] && one[i - 1] == *other_letter {
                    least = least.min(before[j - 1] + 1);
                }
                row.push(least);
            }
            before = std::mem::replace(&mut above, row);
        }
        above[other.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::Letters;

    #[test]
    fn distance_counts_inserted_removed_replaced_and_swapped_letters() {
        for (one, other, distance) in [
            ("DB_URL", "db_url", 0),
            ("DB_URL", "DB_ULR", 1),
            ("DATABASE", "DATABSE", 1),
            ("DATABASE", "DATTABASE", 1),
            ("PORT", "PART", 1),
            ("", "PORT", 4),
            ("KITTEN", "SITTING", 3),
        ] {
            let (one, other) = (Letters::of(one), Letters::of(other));
            assert_eq!(one.distance(&other), distance);
            assert_eq!(other.distance(&one), distance);
            assert!(one.may_be(&other, distance + 1));
        }
    }
}
