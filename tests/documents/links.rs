//! Every relative link in every Markdown file leads to a file, and to an anchor of that file.

use std::fs;
use std::path::Path;

use crate::files::{files, read, root};
use crate::markdown::{anchors, lines, targets, without_code};

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

/// Follows a link of a page. Addresses, and links of rustdoc to items, are not followed:
/// rustdoc checks its own.
fn follow(page: &Path, target: &str) -> Result<(), &'static str> {
    let is_of_rustdoc = target.contains("::") || target.starts_with("crate#");
    if is_of_rustdoc || target.contains("://") || target.starts_with("mailto:") {
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
