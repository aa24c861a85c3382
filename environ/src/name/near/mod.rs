//! Which name was probably meant: the nearest by edit distance.

mod pattern;

pub(crate) use pattern::Pattern;

use super::order;

/// How many pairs of names are looked at, because the environment may be of any size, and
/// the result is only a hint.
const MAX_PAIRS: usize = 5_000_000;

/// How many pairs of letters are compared, because a name may be of any length.
const MAX_CELLS: usize = 10_000_000;

/// The name that is nearest to another.
pub(crate) struct Near {
    pub(crate) name: String,
    mistakes: usize,
    /// Whether it is free: otherwise nothing is meant, rather than the next.
    is_free: bool,
}

/// Looks for names that are spelt much like one.
pub(crate) struct Search<'r> {
    root: &'r str,
    pairs: usize,
    cells: usize,
}

impl<'r> Search<'r> {
    pub(crate) fn new(root: &'r str) -> Self {
        Self {
            root,
            pairs: MAX_PAIRS,
            cells: MAX_CELLS,
        }
    }

    /// Returns the candidate with the fewest mistakes; of several, the first that `is_free`.
    pub(crate) fn nearest(
        &mut self,
        name: &str,
        candidates: &Candidates<'_>,
        is_free: &dyn Fn(&str) -> bool,
    ) -> Option<Near> {
        let wanted = Letters::of(name);
        let mut limit = max_mistakes(name, self.root) + 1;
        let mut nearest: Option<(usize, bool, usize, &str)> = None;
        for place in candidates.of_about(wanted.folded.len(), limit) {
            let candidate = &candidates.given[*place];
            if self.pairs == 0 {
                break;
            }
            self.pairs -= 1;
            if !wanted.may_be(&candidate.letters, limit) {
                continue;
            }
            let Some(mistakes) = self.distance(&wanted, &candidate.letters, limit) else {
                continue;
            };
            let text = candidate.text;
            let this = (mistakes, !is_free(text), *place, text);
            if nearest.is_none_or(|other| this < other) {
                // As many mistakes are few enough for a name that is free.
                (limit, nearest) = (mistakes + 1, Some(this));
            }
        }
        nearest.map(|(mistakes, is_set, _, name)| Near {
            name: name.to_owned(),
            mistakes,
            is_free: !is_set,
        })
    }

    /// Returns the name with the fewest mistakes that fits a pattern; of several names, a name
    /// that `is_free` first, then the name of the longest pattern.
    pub(crate) fn nearest_of_patterns(
        &mut self,
        name: &str,
        patterns: &[Pattern],
        is_free: &dyn Fn(&str) -> bool,
    ) -> Option<Near> {
        let occurring = Letters::of(name).occurring;
        let mut nearest: Option<(Near, &Pattern)> = None;
        for pattern in patterns {
            // A pattern takes a few steps for each pair of letters.
            let cells = 5 * pattern.len() * name.len();
            if cells > self.cells || !pattern.may_be(occurring) {
                continue;
            }
            self.cells -= cells;
            let Some((mistakes, name)) = pattern.nearest(name) else {
                continue;
            };
            let is_free = is_free(&name);
            let near = Near {
                name,
                mistakes,
                is_free,
            };
            let is_nearer = nearest.as_ref().is_none_or(|(other, of_other)| {
                near.is_nearer(other) || !other.is_nearer(&near) && pattern.len() > of_other.len()
            });
            if is_nearer {
                nearest = Some((near, pattern));
            }
        }
        nearest.map(|(near, _)| near)
    }

    /// Returns the number of letters to insert, remove, replace or swap with a neighbour, if
    /// it is below `limit`.
    fn distance(&mut self, one: &Letters, other: &Letters, limit: usize) -> Option<usize> {
        let cells = one.folded.len() * 2 * limit;
        if cells > self.cells {
            return None;
        }
        self.cells -= cells;
        distance(&one.folded, &other.folded, limit)
    }
}

impl Near {
    /// Returns the nearer of two, of equals the first, if it is free.
    pub(crate) fn meant(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let nearer = match (one, other) {
            (Some(one), Some(other)) if other.is_nearer(&one) => Some(other),
            (one, other) => one.or(other),
        };
        nearer.filter(|near| near.is_free)
    }

    fn is_nearer(&self, other: &Self) -> bool {
        (self.mistakes, !self.is_free) < (other.mistakes, !other.is_free)
    }
}

/// A name of three letters may have one wrong, one of six two.
fn max_mistakes(name: &str, prefix: &str) -> usize {
    (name.len().saturating_sub(prefix.len() + 1) / 3).min(3)
}

/// Names that may be meant.
pub(crate) struct Candidates<'n> {
    given: Vec<Candidate<'n>>,
    /// The places of the names, by their length.
    by_len: Vec<usize>,
}

struct Candidate<'n> {
    text: &'n str,
    letters: Letters,
}

impl<'n> Candidates<'n> {
    /// Creates candidates of names and the spellings that they are compared by.
    pub(crate) fn of(names: impl Iterator<Item = (&'n str, &'n str)>) -> Self {
        let given: Vec<Candidate<'n>> = names
            .map(|(text, spelling)| Candidate {
                text,
                letters: Letters::of(spelling),
            })
            .collect();
        let len = |place: usize| given[place].letters.folded.len();
        let by_len = order(given.len(), &|one, other| len(one).cmp(&len(other)));
        Self { given, by_len }
    }

    /// Returns the places of the names with a length that differs from `len` by less than `least`.
    fn of_about(&self, len: usize, least: usize) -> &[usize] {
        let first = |len| {
            let is_shorter = |place: &usize| self.given[*place].letters.folded.len() < len;
            self.by_len.partition_point(is_shorter)
        };
        &self.by_len[first((len + 1).saturating_sub(least))..first(len + least)]
    }
}

/// A name, ready to be compared in any letter case.
struct Letters {
    folded: Vec<u8>,
    /// A bit for each letter that occurs.
    occurring: u64,
}

impl Letters {
    fn of(name: &str) -> Self {
        let folded = name.to_ascii_uppercase().into_bytes();
        let occurring = occurring(&folded);
        Self { folded, occurring }
    }

    /// Whether the distance can be below `least`. One mistake changes the
    /// length by one, and takes away and adds one letter at the most.
    fn may_be(&self, other: &Self, least: usize) -> bool {
        let different = (self.occurring ^ other.occurring).count_ones() as usize;
        self.folded.len().abs_diff(other.folded.len()) < least && different < 2 * least
    }
}

fn occurring(letters: &[u8]) -> u64 {
    let bits = letters.iter();
    bits.fold(0, |bits, byte| bits | 1 << (byte % 64))
}

/// Returns the number of letters to insert, remove, replace or swap with a neighbour, if it
/// is below `limit`. Only places that differ by less than that are compared.
pub(crate) fn distance(one: &[u8], other: &[u8], limit: usize) -> Option<usize> {
    let width = other.len() + 1;
    let (mut before, mut above) = (vec![limit; width], vec![limit; width]);
    let mut row = vec![limit; width];
    for (j, cell) in above.iter_mut().enumerate().take(limit) {
        *cell = j;
    }
    for (i, letter) in one.iter().enumerate() {
        let (first, end) = ((i + 2).saturating_sub(limit), (i + 1 + limit).min(width));
        if first >= end {
            return None;
        }
        let mut least_of_row = limit;
        for j in first..end {
            let least = match j.checked_sub(1) {
                None => i + 1,
                Some(left) => {
                    let is_same = *letter == other[left];
                    let mut least = above[left] + usize::from(!is_same);
                    least = least.min(above[j] + 1);
                    if j > first {
                        least = least.min(row[left] + 1);
                    }
                    if i > 0 && j > 1 && *letter == other[j - 2] && one[i - 1] == other[left] {
                        least = least.min(before[j - 2] + 1);
                    }
                    least
                }
            };
            row[j] = least.min(limit);
            least_of_row = least_of_row.min(row[j]);
        }
        if end < width {
            row[end] = limit;
        }
        if let Some(outside) = first.checked_sub(1) {
            row[outside] = limit;
        }
        if least_of_row == limit {
            return None;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    Some(above[other.len()]).filter(|distance| *distance < limit)
}

#[cfg(test)]
mod tests {
    use super::{distance, Candidates, Letters, Near, Pattern, Search};

    #[test]
    fn distance_counts_inserted_removed_replaced_and_swapped_letters() {
        for (one, other, expected) in [
            ("DB_URL", "db_url", 0),
            ("DB_URL", "DB_ULR", 1),
            ("DATABASE", "DATABSE", 1),
            ("DATABASE", "DATTABASE", 1),
            ("PORT", "PART", 1),
            ("", "PORT", 4),
            ("KITTEN", "SITTING", 3),
        ] {
            let (one, other) = (Letters::of(one), Letters::of(other));
            for limit in expected + 1..10 {
                assert_eq!(distance(&one.folded, &other.folded, limit), Some(expected));
                assert_eq!(distance(&other.folded, &one.folded, limit), Some(expected));
            }
            for limit in 1..=expected {
                assert_eq!(distance(&one.folded, &other.folded, limit), None);
            }
            assert!(one.may_be(&other, expected + 1));
        }
    }

    #[test]
    fn the_first_of_the_nearest_names_that_are_free_is_meant() {
        let nearest = |name, free: &[&str]| {
            let names = ["APP_PORTS", "APP_PORT", "APP_SORT", "APP_HOST"];
            let candidates = Candidates::of(names.into_iter().map(|name| (name, name)));
            let is_free = |name: &str| free.contains(&name);
            let near = Search::new("APP").nearest(name, &candidates, &is_free);
            Near::meant(near, None).map(|near| near.name)
        };
        let all = ["APP_PORTS", "APP_PORT", "APP_SORT", "APP_HOST"];
        assert_eq!(nearest("APP_PORZ", &all).as_deref(), Some("APP_PORT"));
        assert_eq!(nearest("APP_PORTZ", &all).as_deref(), Some("APP_PORTS"));
        assert_eq!(nearest("APP_PORTZ", &all[1..]).as_deref(), Some("APP_PORT"));
        assert_eq!(nearest("APP_PORTSS", &all[1..]), None);
        assert_eq!(nearest("APP_MORT", &all).as_deref(), Some("APP_PORT"));
        assert_eq!(nearest("APP_MORT", &all[2..]).as_deref(), Some("APP_SORT"));
        assert_eq!(nearest("APP_MORT", &all[3..]), None);
    }

    #[test]
    fn the_fewest_mistakes_then_a_free_name_then_the_longest_pattern_count() {
        let nearest = |name, patterns: [&str; 2], free: &[&str]| {
            let patterns = patterns.map(Pattern::of);
            let is_free = |name: &str| free.contains(&name);
            let near = Search::new("APP").nearest_of_patterns(name, &patterns, &is_free);
            near.map(|near| near.name)
        };
        let both_ways = |name, [one, other]: [&'static str; 2], free: &[&str]| {
            let near = nearest(name, [one, other], free);
            assert_eq!(nearest(name, [other, one], free), near, "{name}");
            near
        };
        let hosts = ["APP_UA_<N>_HOSTNAME", "APP_UB_<N>_HOSTNAME"];
        let near = both_ways("APP_UA_0_HOSTNMAE", hosts, &["APP_UB_0_HOSTNAME"]);
        assert_eq!(near.as_deref(), Some("APP_UA_0_HOSTNAME"));
        let near = both_ways("APP_UC_0_HOSTNAME", hosts, &["APP_UB_0_HOSTNAME"]);
        assert_eq!(near.as_deref(), Some("APP_UB_0_HOSTNAME"));
        let lengths = ["APP_A_<N>_HOST", "APP_AB_<N>_HOSTS"];
        for free in [&["APP_A_0_HOST", "APP_AB_0_HOSTS"][..], &[]] {
            let near = both_ways("APP_AB_0_HOST", lengths, free);
            assert_eq!(near.as_deref(), Some("APP_AB_0_HOSTS"));
            let near = nearest("APP_UC_0_HOSTNAME", hosts, free);
            assert_eq!(near.as_deref(), Some("APP_UA_0_HOSTNAME"), "the first");
        }
        // The key has the letters of the rest.
        let near = nearest("APP_DB_BLUR_ULR", ["APP_DB_<KEY>_URL", "APP_X_<N>"], &[]);
        assert_eq!(near.as_deref(), Some("APP_DB_BLUR_URL"));
    }

    /// Another program may set names of any length.
    #[test]
    fn only_so_many_letters_are_compared_with_patterns() {
        let patterns = [Pattern::of("APP_A_<N>_HOST")];
        let mut search = Search::new("APP");
        let mut is_found = |digits: usize| {
            let name = format!("APP_A_{}_HOTS", "7".repeat(digits));
            let near = search.nearest_of_patterns(&name, &patterns, &|_| true);
            near.is_some()
        };
        assert!(!is_found(500_000), "more than the limit");
        assert!(is_found(100_000));
        assert!(!is_found(100_000), "more than the rest of the limit");
        assert!(is_found(1));
    }
}
