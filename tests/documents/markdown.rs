//! Markdown without a parser: lines outside of code, headings and links.

/// Returns each line outside of fenced code, with its number.
pub(crate) fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut fence: Option<usize> = None;
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let ticks = trimmed.len() - trimmed.trim_start_matches('`').len();
        match fence {
            Some(open) if ticks >= open && trimmed.trim_matches('`').trim().is_empty() => {
                fence = None;
            }
            Some(_) => {}
            None if ticks >= 3 => fence = Some(ticks),
            None => lines.push((index + 1, line)),
        }
    }
    assert!(fence.is_none(), "a block of code has no end:\n{text}");
    lines
}

/// Returns each line of Rust that only rustdoc hides, with its number. A reader of the repository
/// sees such a line, and copies it.
pub(crate) fn hidden(text: &str) -> Vec<(usize, &str)> {
    let mut fence: Option<&str> = None;
    let mut hidden = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), fence) {
            (Some(_), Some(_)) => fence = None,
            (Some(language), None) => fence = Some(language),
            (None, Some("" | "rust" | "edition2024" | "compile_fail" | "no_run"))
                if line == "#" || line.starts_with("# ") =>
            {
                hidden.push((index + 1, line));
            }
            (None, _) => {}
        }
    }
    hidden
}

/// Returns a line without its code spans.
pub(crate) fn without_code(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    let even = parts.iter().step_by(2);
    even.copied().collect::<Vec<_>>().join("`")
}

/// Returns the targets of the links in a line without code spans.
pub(crate) fn targets(line: &str) -> Vec<String> {
    let definition = line
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]: "));
    let mut targets: Vec<String> = definition
        .map(|(_, target)| target.trim().to_owned())
        .into_iter()
        .collect();
    let mut rest = line;
    while let Some((_, after)) = rest.split_once("](") {
        let Some((target, after)) = after.split_once(')') else {
            break;
        };
        targets.push(target.to_owned());
        rest = after;
    }
    targets
}

/// Returns the anchors of a page, as GitHub names them: lower case, spaces as `-`, without
/// punctuation, and with a number if the heading repeats.
pub(crate) fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for (_, line) in lines(text) {
        let hashes = line.len() - line.trim_start_matches('#').len();
        if !(1..=6).contains(&hashes) || !line[hashes..].starts_with(' ') {
            continue;
        }
        let slug = slug(line[hashes..].trim());
        let again = anchors.iter().filter(|anchor| {
            let number = anchor
                .strip_prefix(&*slug)
                .and_then(|rest| rest.strip_prefix('-'));
            **anchor == slug || number.is_some_and(|number| number.parse::<u8>().is_ok())
        });
        anchors.push(match again.count() {
            0 => slug,
            times => format!("{slug}-{times}"),
        });
    }
    anchors
}

fn slug(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_'));
    let lower = kept.flat_map(char::to_lowercase);
    lower
        .map(|char| if char == ' ' { '-' } else { char })
        .collect()
}

#[test]
fn anchors_are_those_of_github() {
    let page = "# A `b` & C\n```sh\n# no heading\n```\n## Twice\n## Twice\n#tag\n";
    assert_eq!(anchors(page), ["a-b--c", "twice", "twice-1"]);
}

#[test]
fn links_are_found_outside_of_code() {
    let line = without_code("[a](b.md) `[c](d.md)` and [e](f.md#g), ![h](i.png)");
    assert_eq!(targets(&line), ["b.md", "f.md#g", "i.png"]);
    assert_eq!(targets("[a]: b.md"), ["b.md"]);
}

#[test]
fn hidden_lines_are_found() {
    let page = "# A\n```\n# use a;\n#[b]\n#\n```\n```sh\n# c\n```\n```rust\n# d\n```\n";
    assert_eq!(hidden(page), [(3, "# use a;"), (5, "#"), (11, "# d")]);
}
