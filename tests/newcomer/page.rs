//! A page of Markdown: its blocks of code, and the commands of its console blocks.

/// A command of a console block, and the output below it.
pub(crate) struct Step {
    pub(crate) command: String,
    pub(crate) output: String,
}

/// Returns the blocks of a language, in their order.
pub(crate) fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("\n```{language}\n");
    let blocks = page.split(&*fence).skip(1);
    let blocks = blocks.map(|rest| rest.split_once("```").unwrap().0.to_owned());
    blocks.collect()
}

/// Returns the commands of all console blocks, in their order.
pub(crate) fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in blocks(page, "console").iter().flat_map(|it| it.lines()) {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step {
                command: command.to_owned(),
                output: String::new(),
            }),
            (None, Some(step)) => {
                step.output.push_str(line);
                step.output.push('\n');
            }
            (None, None) => panic!("output without a command: {line}"),
        }
    }
    steps
}
