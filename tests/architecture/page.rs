//! Reads the lists of rooms in `ARCHITECTURE.md`.

/// The rooms of a folder, in their order.
pub(crate) struct List {
    /// Below the root of the repository: `environ/src/load`.
    pub(crate) folder: String,
    pub(crate) rooms: Vec<String>,
}

impl List {
    /// Returns whether the list is that of a whole package.
    pub(crate) fn is_package(&self) -> bool {
        self.folder.ends_with("/src")
    }

    /// Returns the path of the folder's module below its crate.
    pub(crate) fn module(&self) -> Vec<String> {
        let folders = self.folder.split('/').skip(2);
        folders.map(str::to_owned).collect()
    }

    pub(crate) fn rank(&self, room: &str) -> Option<usize> {
        self.rooms.iter().position(|own| own == room)
    }
}

/// Returns the list below each heading that names a folder: the first words of
/// the lines in the first block of `text` after that heading.
pub(crate) fn lists(page: &str) -> Vec<List> {
    let mut lists = Vec::new();
    for section in format!("\n{page}").split("\n#").skip(1) {
        let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
        let folder = heading.trim_start_matches('#').trim().trim_matches('`');
        let Some((_, block)) = body.split_once("```text\n") else {
            continue;
        };
        if !folder.contains("/src") {
            continue;
        }
        let (block, _) = block.split_once("```").expect("the block ends");
        let words = block.lines().filter_map(|line| line.split(' ').next());
        let rooms = words.filter(|word| !word.is_empty()).map(str::to_owned);
        lists.push(List {
            folder: folder.to_owned(),
            rooms: rooms.collect(),
        });
    }
    lists
}

/// Returns the file of each step of a walk, and the function or type that the step names, if any.
pub(crate) fn steps(page: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    page.lines().filter_map(|line| {
        let (number, step) = line.split_once(". `")?;
        number.parse::<u8>().ok()?;
        let (file, says) = step.split_once("`: ")?;
        let name = says
            .strip_prefix('`')
            .and_then(|says| says.split('`').next());
        Some((file, name))
    })
}
