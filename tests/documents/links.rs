//! Every relative link in every Markdown file leads to a file, and to an anchor of that file; every
//! link to the manual on docs.rs leads to a guide, or to an item of the public API.

use std::fs;
use std::path::Path;

use crate::files::{files, read, root};
use crate::markdown::{anchors, lines, targets, without_code};

/// The manual on docs.rs.
const MANUAL: &str = "https://docs.rs/environ-config/latest/environ/";

#[test]
fn relative_links_lead_to_files_and_anchors() {
    let pages = files("", "md");
    assert!(pages.len() > 15, "{pages:?}");
    let mut links = 0;
    let mut broken = Vec::new();
    for page in pages {
        let text = read(&page);
        for (number, line) in lines(&text) {
            for target in targets(&without_code(line)) {
                links += 1;
                if let Err(why) = follow(&page, &target) {
                    broken.push(format!("{}:{number}: {target}: {why}", page.display()));
                }
            }
        }
    }
    assert!(links > 60, "{links}");
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn broken_links_are_found() {
    let readme = Path::new("README.md");
    for target in [
        "LICENSE-MIT",
        "environ/docs",
        "CONTRIBUTING.md#tests",
        "#features",
    ] {
        assert_eq!(follow(readme, target), Ok(()), "{target}");
    }
    assert_eq!(follow(readme, "crate::Loader"), Err("no such file"));
    for (target, result) in [
        ("index.html#groups", Ok(())),
        ("index.html#no-heading", Err("no such heading")),
        ("guide/testing/index.html", Ok(())),
        ("guide/attributes/index.html#live", Ok(())),
        ("guide/attributes/index.html#death", Err("no such heading")),
        ("guide/cooking/index.html", Err("no such guide")),
        ("derive.EnvValue.html", Ok(())),
        ("struct.Loader.html#method.layer", Ok(())),
        ("struct.Loader.html#method.cake", Err("no such item")),
        ("struct.Load.html", Err("no such item")),
        ("fn.Loader.html", Err("no such item")),
    ] {
        let target = format!("{MANUAL}{target}");
        assert_eq!(follow(readme, &target), result, "{target}");
    }
    assert_eq!(follow(readme, "LICENCE"), Err("no such file"));
    assert_eq!(follow(readme, "#no-heading"), Err("no such heading"));
    assert_eq!(
        follow(readme, "CONTRIBUTING.md#no-heading"),
        Err("no such heading")
    );
    assert_eq!(
        follow(Path::new("environ/README.md"), "CONTRIBUTING.md"),
        Err("no such file")
    );
}

/// Follows a link of a page. A path of rustdoc, such as `crate::Loader`, is no file: such a link
/// leads nowhere for a reader of the repository. Addresses of others are not followed.
fn follow(page: &Path, target: &str) -> Result<(), &'static str> {
    if let Some(target) = target.strip_prefix(MANUAL) {
        return follow_manual(target);
    }
    if target.contains("://") || target.starts_with("mailto:") {
        return Ok(());
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() {
        root().join(page)
    } else {
        root().join(page).parent().unwrap().join(file)
    };
    if !path.exists() {
        return Err("no such file");
    }
    if anchor.is_empty() {
        return Ok(());
    }
    let text = fs::read_to_string(path).map_err(|_| "an anchor of a folder")?;
    let is_known = anchors(&text).iter().any(|known| known == anchor);
    is_known.then_some(()).ok_or("no such heading")
}

/// Follows a link of the manual: to the front page, a guide, a macro or an item of the lists in
/// `environ/api`.
fn follow_manual(target: &str) -> Result<(), &'static str> {
    let (page, anchor) = target.split_once('#').unwrap_or((target, ""));
    let has_heading = |text: &str| {
        let is_known = anchor.is_empty() || anchors(text).iter().any(|known| known == anchor);
        is_known.then_some(()).ok_or("no such heading")
    };
    let front = read(Path::new("environ/src/lib.rs"));
    if page == "index.html" {
        let lines = front.lines().filter_map(|line| line.strip_prefix("//! "));
        return has_heading(&lines.collect::<Vec<_>>().join("\n"));
    }
    if let Some(guide) = page.strip_prefix("guide/") {
        let name = guide.trim_end_matches("/index.html");
        let file = root().join(format!("environ/docs/{name}.md"));
        return has_heading(&fs::read_to_string(file).map_err(|_| "no such guide")?);
    }
    let (module, file) = page.rsplit_once('/').unwrap_or(("", page));
    let [kind, name, _] = *file.split('.').collect::<Vec<_>>() else {
        return Err("no page of an item");
    };
    if kind == "derive" {
        let is_known = front.contains(&format!("pub use environ_derive::{name};"));
        return is_known.then_some(()).ok_or("no such item");
    }
    let parts = ["environ", module, name].into_iter();
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    let item = parts.join("::");
    let (prefix, method) = match anchor.split_once('.') {
        Some((_, method)) => (format!("pub fn {item}"), format!("::{method}(")),
        None => (format!("pub {kind} {item}"), String::new()),
    };
    let is_item = |line: &str| {
        let rest = line.strip_prefix(&*prefix);
        rest.is_some_and(|rest| {
            !rest.starts_with(|char: char| char.is_alphanumeric() || char == '_')
                && rest.contains(&*method)
                // A line of a method has `::` between its type and its arguments.
                && (kind != "fn" || rest.starts_with('(') || rest.contains(">("))
        })
    };
    let lists = files("environ/api", "txt");
    let is_known = lists.iter().any(|list| read(list).lines().any(is_item));
    is_known.then_some(()).ok_or("no such item")
}
