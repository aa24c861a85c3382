//! The documents show the real output of the program: the findings about a Compose file, and
//! the table of variables.

use std::fs;
use std::path::Path;

use environ::{Process, Source};

use crate::program::{Files, printed};

const GUIDE: &str = include_str!("../../environ/docs/deployment.md");

/// The table of variables, below an introduction.
const VARIABLES: &str = "demo-service/docs/variables.md";

/// Returns the first block of a language below the heading.
fn block(language: &str) -> &'static str {
    let heading = "# The mistakes of a file\n";
    let (_, section) = GUIDE.split_once(heading).unwrap();
    let (_, block) = section.split_once(&format!("```{language}\n")).unwrap();
    block.split_once("```\n").unwrap().0
}

#[test]
fn the_guide_shows_the_findings_about_its_compose_file() {
    let (command, output) = block("console").split_once('\n').unwrap();
    let arguments = command
        .strip_prefix("$ demo-service config --check ")
        .unwrap();
    let files = Files::new(&[(arguments, block("yaml"))]);
    let checked = files.check(&[arguments]);
    assert_eq!((checked.code, &*checked.stdout), (Some(78), output));
}

/// `UPDATE_VARIABLES=1` writes the table anew.
#[test]
fn the_page_of_variables_has_the_table_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(VARIABLES);
    let page = fs::read_to_string(&path).unwrap();
    let (introduction, table) = page.split_once("| variable |").unwrap();
    let printed = printed("markdown");
    if Process.get("UPDATE_VARIABLES").is_some() {
        fs::write(&path, format!("{introduction}{printed}")).unwrap();
        return;
    }
    let shown = format!("| variable |{table}");
    assert_eq!(
        shown, printed,
        "run UPDATE_VARIABLES=1 cargo test -p tests --test deployment variables"
    );
}
