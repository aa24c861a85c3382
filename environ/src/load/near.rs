//! Which name was probably meant: the nearest by edit distance.

/// How many pairs of names are compared letter by letter: the environment may be of any
/// size, and the result is only a hint.
const MAX_COMPARISONS: usize = 100_000;

/// Looks for names that are spelt much like one.
pub(super) struct Search<'r> {
    root: &'r str,
    comparisons: usize,
}

impl<'r> Search<'r> {
    pub(super) fn new(root: &'r str) -> Self {
        let comparisons = 0;
        Self { root, comparisons }
    }

    pub(super) fn nearest<'n>(
        &mut self,
        name: &str,
        candidates: &[Letters<'n>],
    ) -> Option<&'n str> {
        let wanted = Letters::of(name);
        let mut nearest = None;
        let mut least = max_mistakes(name, self.root) + 1;
        for candidate in candidates {
            if self.comparisons < MAX_COMPARISONS && wanted.may_be(candidate, least) {
                self.comparisons += 1;
                let distance = wanted.distance(candidate);
                if distance < least {
                    (least, nearest) = (distance, Some(candidate.text));
                }
            }
        }
        nearest
    }
}

/// A name of three letters may have one wrong, one of six two.
fn max_mistakes(name: &str, prefix: &str) -> usize {
    (name.len().saturating_sub(prefix.len() + 1) / 3).min(3)
}

/// A name, ready to be compared in any letter case.
pub(super) struct Letters<'n> {
    text: &'n str,
    folded: Vec<u8>,
    /// A bit for each letter that occurs.
    occurring: u64,
}

impl<'n> Letters<'n> {
    pub(super) fn of(name: &'n str) -> Self {
        let folded = name.to_ascii_uppercase().into_bytes();
        let occurring = folded.iter().fold(0, |bits, byte| bits | 1 << (byte % 64));
        Self {
            text: name,
            folded,
            occurring,
        }
    }

    /// Whether the distance can be below `least`. One mistake changes the
    /// length by one, and takes away and adds one letter at the most.
    fn may_be(&self, other: &Letters<'_>, least: usize) -> bool {
        let different = (self.occurring ^ other.occurring).count_ones() as usize;
        self.folded.len().abs_diff(other.folded.len()) < least && different < 2 * least
    }

    /// The number of letters to insert, remove, replace or swap with a neighbour.
    fn distance(&self, other: &Letters<'_>) -> usize {
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
