//! The word that was probably meant.

/// Returns the candidate with the fewest mistakes, if those are at most a third of its
/// letters.
pub(super) fn near<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let word: Vec<char> = word.to_lowercase().chars().take(MAX_LETTERS).collect();
    let nearest = candidates
        .into_iter()
        .filter(|candidate| !candidate.is_empty())
        .map(|candidate| (distance(&word, candidate), candidate))
        .min_by_key(|(mistakes, _)| *mistakes)?;
    let (mistakes, candidate) = nearest;
    (mistakes * 3 <= candidate.len()).then_some(candidate)
}

/// Longer words are no word with a mistake.
const MAX_LETTERS: usize = 64;

/// Returns the number of letters to insert, remove, replace or swap with a neighbour.
fn distance(one: &[char], other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for (i, letter) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, wanted) in other.iter().enumerate() {
            let mut least = rows[i][j] + usize::from(letter != wanted);
            least = least.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == other[j - 1] && one[i - 1] == *wanted {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn a_word_with_few_mistakes_is_recognised() {
        let words = ["check", "config", "doctor", "help"];
        for (word, meant) in [
            ("chekc", Some("check")),
            ("cnofig", Some("config")),
            ("DOCTER", Some("doctor")),
            ("hlep", Some("help")),
            ("serve", None),
            ("", None),
        ] {
            assert_eq!(near(word, words), meant, "{word}");
        }
        assert_eq!(near(&"x".repeat(100_000), words), None);
        assert_eq!(near("", ["", "check"]), None);
    }
}
