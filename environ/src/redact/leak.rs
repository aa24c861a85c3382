//! Whether a reason gives away a hidden text: a validator, a parser or a store has seen
//! it and may quote a part.

use crate::name::order;

/// A shorter text is in many a reason by chance.
const MIN_CHARS: usize = 4;

/// So many characters in a row of a hidden text give it away.
const RUN: usize = 8;

/// A reason in which hidden texts are looked for.
pub(crate) struct Reason {
    lower: String,
    /// Where each run of the reason begins and ends, in the order of their texts.
    runs: Vec<(usize, usize)>,
    /// Whether a run begins with these two bytes: most places of a long hidden text are
    /// passed over by this alone.
    starts: Vec<bool>,
}

impl Reason {
    /// Takes the reason as it would be shown.
    pub(crate) fn of(shown: &str) -> Self {
        let lower = shown.to_lowercase();
        let mut runs = Vec::new();
        each_run(&lower, &mut |start, end| {
            runs.push((start, end));
            false
        });
        let run = |place: usize| &lower[runs[place].0..runs[place].1];
        let order = order(runs.len(), &|one, other| run(one).cmp(run(other)));
        let runs: Vec<(usize, usize)> = order.into_iter().map(|place| runs[place]).collect();
        let mut starts = vec![false; 1 << 16];
        for (start, _) in &runs {
            starts[two_bytes(&lower.as_bytes()[*start..])] = true;
        }
        Self {
            lower,
            runs,
            starts,
        }
    }

    /// Returns whether the reason has the hidden text, or a run of it, in any letter
    /// case: as it is, as `{:?}` has it, or with the escapes of a URL decoded.
    pub(crate) fn quotes(&self, hidden: &str) -> bool {
        self.has(hidden) || variants(hidden).iter().any(|variant| self.has(variant))
    }

    /// Returns whether the reason has the hidden text as a whole.
    pub(crate) fn quotes_whole(&self, hidden: &str) -> bool {
        let has = |hidden: &str| self.has_whole(hidden.to_lowercase().trim());
        has(hidden) || variants(hidden).iter().any(|variant| has(variant))
    }

    fn has(&self, hidden: &str) -> bool {
        let hidden = hidden.to_lowercase();
        self.has_whole(hidden.trim())
            || each_run(&hidden, &mut |start, end| {
                self.starts[two_bytes(&hidden.as_bytes()[start..])]
                    && self.has_run(&hidden[start..end])
            })
    }

    fn has_whole(&self, hidden: &str) -> bool {
        hidden.len() <= self.lower.len()
            && hidden.chars().nth(MIN_CHARS - 1).is_some()
            && self.lower.contains(hidden)
    }

    fn has_run(&self, run: &str) -> bool {
        let found = self
            .runs
            .binary_search_by(|(start, end)| self.lower[*start..*end].cmp(run));
        found.is_ok()
    }
}

/// Calls `found` with the start and end of each run, until it returns true.
fn each_run(text: &str, found: &mut dyn FnMut(usize, usize) -> bool) -> bool {
    let starts = text.char_indices().map(|(at, _)| at);
    let ends = starts.clone().chain([text.len()]).skip(RUN);
    starts.zip(ends).any(|(start, end)| found(start, end))
}

fn two_bytes(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

/// Returns the other ways to write a text, where there are such ways.
fn variants(text: &str) -> Vec<String> {
    let mut variants = Vec::new();
    let escaped = format!("{text:?}");
    let escaped = &escaped[1..escaped.len() - 1];
    if escaped != text {
        variants.push(escaped.to_owned());
    }
    if text.contains('%') {
        variants.push(decoded(text));
    }
    variants
}

/// Returns the text with each `%40` as the character that it stands for.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[test]
    fn a_whole_text_or_a_run_of_it_is_found() {
        let pem = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQ\n-----END KEY-----";
        for (reason, hidden, quotes) in [
            ("no hunter2 here", "hunter2", true),
            ("no HUNTER2 here", "hunter2", true),
            ("no abc here", "abc", false),
            ("no abcd here", "abcd", true),
            ("user:correct is short", "user:correcthorse", true),
            ("correcthorse", "xx:correctHorsebattery", true),
            ("correct", "correcthorse", false),
            ("line MIIEvQIBADANBgkq is odd", pem, true),
            ("line HKIG9W0B is odd", pem, true),
            ("the key is odd", pem, false),
            ("hun\\\"ter2 is short", "hun\"ter2", true),
            ("p@ss/wor is odd", "postgres://me:p%40ss%2Fword@db", true),
            ("пароль12 is short", "мой_пароль12", true),
            ("", "hunter2", false),
            ("hunter2", "", false),
        ] {
            assert_eq!(
                Reason::of(reason).quotes(hidden),
                quotes,
                "{reason}: {hidden}"
            );
        }
    }

    #[test]
    fn a_run_of_a_text_is_not_the_whole_text() {
        for (reason, hidden, quotes) in [
            ("no HUNTER2 here", "hunter2", true),
            ("no hunter2 here", " hunter2 ", true),
            ("hun\\\"ter2 is short", "hun\"ter2", true),
            ("p@ss is odd", "p%40ss", true),
            ("user:correct is short", "user:correcthorse", false),
            ("no abc here", "abc", false),
            ("abcd", "abcd", true),
        ] {
            assert_eq!(
                Reason::of(reason).quotes_whole(hidden),
                quotes,
                "{reason}: {hidden}"
            );
        }
    }
}
