//! The place of a problem in a file.

use super::Case;
use crate::deployment::place::Place;
use crate::deployment::workload::Setting;
use crate::report::Problem;

impl Case<'_> {
    /// Returns the place of a problem: of the text, or of the name that is wrong, or of the
    /// variable that makes a missing variable required.
    pub(super) fn place(&self, name: &str, problem: &Problem) -> Place {
        let env = &self.workload.env;
        if let Some(setting) = env.get(name) {
            let is_about_the_name = problem.code() == "unknown";
            return if is_about_the_name {
                setting.name_at.clone()
            } else {
                setting.text_at.clone()
            };
        }
        let message = problem.message();
        let mut mentioned: Vec<_> = message
            .split_whitespace()
            .filter_map(|word| word.trim_end_matches([':', ',', ';']).split('=').next())
            .filter_map(|word| Some((self.mentioned(word)?, word)))
            .collect();
        // `APP_DB_ULR is set but not read` is the place of the mistake.
        mentioned
            .sort_by_key(|(_, word)| !message.contains(&format!("{word} is set but not read")));
        if let Some((setting, _)) = mentioned.first() {
            return setting.name_at.clone();
        }
        let setting = self.mentioned(name);
        setting
            .map_or(&self.workload.place, |setting| &setting.name_at)
            .clone()
    }

    /// Returns the variable of this name, or the first below `APP_DB_*`.
    fn mentioned(&self, word: &str) -> Option<&Setting> {
        let env = &self.workload.env;
        match word.strip_suffix('*').filter(|path| path.ends_with('_')) {
            Some(path) => {
                let (below, setting) = env.settings.range(path.to_owned()..).next()?;
                below.starts_with(path).then_some(setting)
            }
            None => env.get(word),
        }
    }
}
