//! The variables that a command sets before its program: `A=1 app` in a shell, and
//! `env A=1 app` everywhere.

use std::iter::Peekable;
use std::str::CharIndices;

/// A script in a script in a script; deeper nests are hostile.
const MAX_DEPTH: usize = 3;

/// A word of a command that is an assignment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Assignment {
    /// The word of the command, by index, or the byte of the text.
    pub(super) at: usize,
    pub(super) name: String,
    /// `None` if something replaces a part of it.
    pub(super) text: Option<String>,
}

/// Returns the assignments of a text that a shell reads, with quotes removed: those before the
/// command, those of `env`, and those of `export` before another command.
pub(super) fn of_shell(command: &str) -> Vec<Assignment> {
    let mut letters = command.char_indices().peekable();
    let words = std::iter::from_fn(|| next_word(&mut letters));
    assignments(words, true, MAX_DEPTH)
}

/// Returns the assignments of a list of words; the first word is the program.
pub(super) fn of_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Vec<Assignment> {
    let words = words.into_iter().enumerate();
    assignments(
        words.map(|(at, word)| (at, word.to_owned())),
        false,
        MAX_DEPTH,
    )
}

/// Returns the words of a text that is no script, with quotes removed.
pub(super) fn words(command: &str) -> Vec<String> {
    let mut letters = command.char_indices().peekable();
    let words = std::iter::from_fn(|| next_word(&mut letters));
    words.map(|(_, word)| word).collect()
}

fn assignments(
    words: impl Iterator<Item = (usize, String)>,
    is_shell: bool,
    depth: usize,
) -> Vec<Assignment> {
    let mut assignments = Vec::new();
    // `-u` of `env` takes a word.
    let (mut is_of_env, mut takes_word) = (false, false);
    let mut words = words.peekable();
    while let Some((at, word)) = words.next() {
        let (word, ends) = match word.strip_suffix(';').filter(|_| is_shell) {
            Some(word) => (word.to_owned(), true),
            None => (word, false),
        };
        if std::mem::take(&mut takes_word) {
            continue;
        }
        let program = word.rsplit('/').next().unwrap_or_default();
        match word.split_once('=') {
            Some((name, text)) if is_name(name) && (is_shell || is_of_env) => {
                assignments.push(Assignment {
                    at,
                    name: name.to_owned(),
                    text: (!text.contains(['$', '`'])).then(|| text.to_owned()),
                });
            }
            _ if is_of_env && word.starts_with('-') => takes_word = word == "-u",
            _ if program == "env" => is_of_env = true,
            _ if is_shell && matches!(&*word, "exec" | "export" | "&&" | "") => is_of_env = false,
            _ if matches!(program, "sh" | "bash" | "dash" | "ash" | "zsh") && depth > 0 => {
                assignments.extend(of_script(words, depth - 1));
                return assignments;
            }
            _ => return assignments,
        }
        if ends {
            is_of_env = false;
        }
    }
    assignments
}

/// Returns the assignments of the script after the options of a shell: `-c 'A=1 app'`.
fn of_script(words: impl Iterator<Item = (usize, String)>, depth: usize) -> Vec<Assignment> {
    let mut is_script = false;
    for (at, word) in words {
        if is_script {
            let mut letters = word.char_indices().peekable();
            let words = std::iter::from_fn(|| Some((at, next_word(&mut letters)?.1)));
            return boxed(Box::new(words), depth);
        }
        match word.strip_prefix('-') {
            Some(options) => is_script = options.ends_with('c'),
            None => return Vec::new(),
        }
    }
    Vec::new()
}

/// Ends the recursion of types.
fn boxed(words: Box<dyn Iterator<Item = (usize, String)> + '_>, depth: usize) -> Vec<Assignment> {
    assignments(words, true, depth)
}

fn is_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && name.bytes().all(is_part)
}

/// Returns the next word of a command, without quotes, and the place of the word.
fn next_word(letters: &mut Peekable<CharIndices<'_>>) -> Option<(usize, String)> {
    while letters
        .next_if(|(_, letter)| letter.is_whitespace())
        .is_some()
    {}
    let (at, _) = letters.peek().copied()?;
    let mut word = String::new();
    let mut quote = None;
    while let Some((_, letter)) = letters.next_if(|(_, it)| quote.is_some() || !it.is_whitespace())
    {
        match quote {
            Some(open) if open == letter => quote = None,
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None if letter == '\\' => word.extend(letters.next().map(|(_, next)| next)),
            _ => word.push(letter),
        }
    }
    Some((at, word))
}

#[cfg(test)]
mod tests {
    use super::{of_shell, of_words, Assignment};

    fn shown(found: &[Assignment]) -> Vec<String> {
        let text = |it: &Assignment| it.text.clone().unwrap_or_else(|| "?".to_owned());
        let shown = found.iter().map(|it| format!("{}={}", it.name, text(it)));
        shown.collect()
    }

    #[test]
    fn assignments_are_found_before_the_program() {
        for (command, wanted) in [
            ("A=1 B='x y' app C=2", &["A=1", "B=x y"][..]),
            ("exec env -i -u Q A=1 app", &["A=1"]),
            ("/usr/bin/env A=1 app", &["A=1"]),
            ("export A=1; app B=2", &["A=1"]),
            ("export A=1 B=2 && exec app", &["A=1", "B=2"]),
            ("A=$PORT B=`date` app", &["A=?", "B=?"]),
            ("bash -lc 'A=1 exec app' B=2", &["A=1"]),
            ("C=0 sh -c \"sh -c 'A=1 app'\"", &["C=0", "A=1"]),
            ("sh run.sh A=1", &[]),
            ("sh -c", &[]),
            ("app --env A=1", &[]),
            ("-u A=1", &[]),
            ("app -c 'A=1 app'", &[]),
            ("=1 A=1 app", &[]),
            ("A-B=1 A=1 app", &[]),
            ("A\\ B=1 app", &[]),
            ("A=a\\ b\"c d\"'e' app", &["A=a bc de"]),
            ("A=1 && B=2 app", &["A=1", "B=2"]),
            ("env A=1; B=2 app; C=3", &["A=1", "B=2"]),
            ("dash -ec 'A=1 app'", &["A=1"]),
            ("zsh -e A=1", &[]),
        ] {
            assert_eq!(shown(&of_shell(command)), wanted, "{command}");
        }
    }

    #[test]
    fn a_list_of_words_needs_env_or_a_shell() {
        for (words, wanted) in [
            (&["env", "A=x y", "app", "B=2"][..], &["A=x y"][..]),
            (&["/usr/bin/env", "-S", "A=1", "app"], &["A=1"]),
            (&["/bin/sh", "-c", "A=1 exec app"], &["A=1"]),
            (&["ash", "-c", "sh -c \"bash -c 'A=1'\""], &["A=1"]),
            (&["ash", "-c", "sh -c \"bash -c 'sh -c A=1'\""], &[]),
            (&["env", "-u", "A=1", "B=2", "app"], &["B=2"]),
            (&["env", "A=1;", "B=2", "app"], &["A=1;", "B=2"]),
            (&["A=1", "app"], &[]),
            (&["app", "env", "A=1"], &[]),
            (&[], &[]),
        ] {
            let found = of_words(words.iter().copied());
            assert_eq!(shown(&found), wanted, "{words:?}");
        }
    }
}
