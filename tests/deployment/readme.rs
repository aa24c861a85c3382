//! The README's deployment file, and the findings about it.

use crate::program::Files;

const README: &str = include_str!("../../README.md");

/// Returns the first block of a language below the heading.
fn block(language: &str) -> &'static str {
    let heading = "## Deployment files, checked before they are rolled out\n";
    let (_, section) = README.split_once(heading).unwrap();
    let (_, block) = section.split_once(&format!("```{language}\n")).unwrap();
    block.split_once("```\n").unwrap().0
}

#[test]
fn the_readme_shows_the_findings_about_its_compose_file() {
    let (command, output) = block("console").split_once('\n').unwrap();
    let arguments = command
        .strip_prefix("$ demo-service config --check ")
        .unwrap();
    let files = Files::new(&[(arguments, block("yaml"))]);
    let checked = files.check(&[arguments]);
    assert_eq!((checked.code, &*checked.stdout), (Some(78), output));
}
