//! Variables that are set and that nobody reads: typing errors, mostly.

use crate::load::{Pass, Unknown};
use crate::lookup::kubernetes;
use crate::lookup::listed::Names;
use crate::lookup::Env;
use crate::name;
use crate::report::Warning;
use crate::report::{Problem, What};
use crate::spec::{Item, Kind};

/// How many pairs of names are compared letter by letter, at the most: the
/// environment may be of any size, and this only adds a hint.
const MOST_COMPARISONS: usize = 100_000;

const CODE: &str = "unknown";

/// Adds to each missing variable the nearest one that is set but not read.
///
/// Those that are set but not read are problems or warnings as well, if the rules
/// say so, unless they are named as a near miss already: both halves of a typing error
/// are one. Only names under the prefix are looked at.
pub(crate) fn unread(pass: &mut Pass<'_>, items: &'static [Item]) {
    let Pass {
        env,
        problems,
        notes,
        rules,
        ..
    } = pass;
    if rules.unknown == Unknown::Ignored && !problems.iter().any(Problem::is_missing) {
        return;
    }
    let variables = env.variables(items, env.root);
    let mut known = Vec::new();
    for variable in &variables {
        known.append(&mut variable.all_names());
        known.append(&mut env.store_vars(variable));
    }
    let unread = unread_names(env, &Names::new(known));
    let mut search = Search {
        root: env.root,
        comparisons: 0,
    };
    let candidates: Vec<Letters<'_>> = unread.iter().map(|name| Letters::of(name)).collect();
    let mut explained = Vec::new();
    for problem in problems.iter_mut().filter(|problem| problem.is_missing()) {
        if let Some(name) = search.nearest(problem.name(), &candidates) {
            problem.hint(format!("{name} is set but not read; is it meant?"));
            explained.push(name);
        }
    }
    if rules.unknown == Unknown::Ignored {
        return;
    }
    if env.names().is_none() && rules.unknown == Unknown::Problem {
        let name = name::join(env.root, "*");
        let why = "the source cannot list its variables, so strict mode cannot check them";
        problems.push(unknown(name, why.to_owned()));
    }
    let mut read = Vec::new();
    for variable in &variables {
        read.append(&mut variable.names_in_use());
    }
    let read: Vec<Letters<'_>> = read.iter().map(|name| Letters::of(name)).collect();
    for name in unread.iter().map(String::as_str) {
        if explained.contains(&name) || !is_claimed(env.root, items, name) {
            continue;
        }
        let why = match search.nearest(name, &read) {
            Some(near) => format!("set, but no field reads it; is {near} meant?"),
            None => "set, but no field reads it; remove it".to_owned(),
        };
        match (rules.unknown, &mut *notes) {
            (Unknown::Problem, _) => problems.push(unknown(name.to_owned(), why)),
            (_, Some(notes)) => notes.warnings.push(Warning::new(name, CODE, why)),
            (_, None) => {}
        }
    }
}

/// Whether a name is under a prefix of the config. Without a prefix, only the
/// groups have one: the rest of the environment is not the config's business.
fn is_claimed(root: &str, items: &[Item], name: &str) -> bool {
    !root.is_empty()
        || items.iter().any(|item| {
            !matches!(item.kind, Kind::Var(_))
                && !item.segment().is_empty()
                && name::is_under(item.segment(), name)
        })
}

fn unknown(name: String, why: String) -> Problem {
    Problem::new(name, What::Wrong { code: CODE, why }, "")
}

/// The names under the prefix that are set, and that neither a field nor a store
/// nor Kubernetes explains.
fn unread_names(env: &Env<'_>, known: &Names) -> Vec<String> {
    let Some(names) = env.names() else {
        return Vec::new();
    };
    names
        .iter()
        .filter(|name| name::is_under(env.root, name) && !known.contains(name))
        .filter(|name| !env.stores.iter().any(|store| store.reads(name)))
        .filter(|name| !kubernetes::is_service_link(env, name))
        .map(str::to_owned)
        .collect()
}

/// Looks for names that are spelt much like one.
struct Search<'r> {
    root: &'r str,
    comparisons: usize,
}

impl Search<'_> {
    fn nearest<'n>(&mut self, name: &str, candidates: &[Letters<'n>]) -> Option<&'n str> {
        let wanted = Letters::of(name);
        let mut nearest = None;
        let mut least = most_mistakes(name, self.root) + 1;
        for candidate in candidates {
            if self.comparisons < MOST_COMPARISONS && wanted.may_be(candidate, least) {
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
fn most_mistakes(name: &str, prefix: &str) -> usize {
    (name.len().saturating_sub(prefix.len() + 1) / 3).min(3)
}

/// A name, ready to be compared in any letter case.
struct Letters<'n> {
    text: &'n str,
    folded: Vec<u8>,
    /// A bit for each letter that occurs.
    occurring: u64,
}

impl<'n> Letters<'n> {
    fn of(name: &'n str) -> Self {
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
