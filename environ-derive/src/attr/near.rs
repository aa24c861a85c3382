//! Finds the key that a misspelt word was meant to be.
//!
//! Written by hand: a macro cannot call `environ`, and every dependency of a derive
//! delays all builds that use the derive.

/// The number of edits up to which a word counts as misspelt.
const MAX_EDITS: usize = 2;

/// Returns the candidate that is nearest to `word`, or `None` if all are too far away.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(edits, _)| *edits <= MAX_EDITS)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Returns the number of letters to insert, remove, replace or swap with a neighbour.
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().collect();
    let to: Vec<char> = to.chars().collect();
    let mut rows = vec![vec![0; to.len() + 1]; from.len() + 1];
    for i in 0..=from.len() {
        for j in 0..=to.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = usize::from(from[i - 1] != to[j - 1]);
                let mut least = (rows[i - 1][j] + 1)
                    .min(rows[i][j - 1] + 1)
                    .min(rows[i - 1][j - 1] + replaced);
                if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn every_kind_of_edit_counts_as_a_single_edit() {
        for (from, to, edits) in [
            ("default", "default", 0),
            ("defualt", "default", 1),
            ("defalt", "default", 1),
            ("defaultt", "default", 1),
            ("defaubt", "default", 1),
            ("", "skip", 4),
            ("größe", "grosse", 3),
        ] {
            assert_eq!(distance(from, to), edits, "{from} to {to}");
            assert_eq!(distance(to, from), edits, "{to} to {from}");
        }
    }

    #[test]
    fn the_nearest_candidate_is_returned_and_the_first_of_equals() {
        let keys = || ["name", "parse", "plain"].into_iter();
        assert_eq!(nearest("parze", keys()), Some("parse"));
        assert_eq!(nearest("pla", keys()), Some("plain"));
        assert_eq!(nearest("same", ["name", "sane"].into_iter()), Some("name"));
    }

    #[test]
    fn a_word_with_three_edits_has_no_near_candidate() {
        assert_eq!(nearest("prefixes", ["prefix"].into_iter()), Some("prefix"));
        assert_eq!(nearest("prefixing", ["prefix"].into_iter()), None);
    }
}
