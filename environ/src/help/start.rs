//! The part of a variable in a deployment to begin with, for formats that start a process.

use super::facts::About;
use super::{example, facts, Help};
use crate::name;
use crate::redact::escape;
use crate::spec::variables::{self, Variable};

/// A variable of a deployment to begin with.
pub(super) struct Start {
    /// The facts about the variable on a single line, or an empty text.
    pub(super) remarks: String,
    pub(super) name: String,
    pub(super) text: Text,
    /// Whether the variable is set: required, or with a default. Others are comments.
    pub(super) is_set: bool,
}

/// The text of a variable.
pub(super) enum Text {
    /// An example or the default.
    Plain(String),
    /// A secret that is mounted as a file, under its key in a store.
    File { key: String },
    /// A secret that only its variable can hold.
    Secret,
}

impl Help {
    pub(super) fn starts(&self) -> Vec<Start> {
        let variables = self.variables();
        variables.iter().map(|it| self.start(it)).collect()
    }

    fn start(&self, variable: &Variable) -> Start {
        let own = example::concrete(&variable.name);
        let (name, text) = match (variable.var.secret, variable.file_name()) {
            (true, Some(_)) => {
                let path = variable.path.with_text(example::concrete(&variable.path));
                let key = variables::store_key(variable.item, variable.var, &path, &self.prefix);
                (name::of_file(&own), Text::File { key })
            }
            (true, None) => (own, Text::Secret),
            (false, _) => {
                let text = example::value_to_begin_with(variable).unwrap_or_default();
                (own, Text::Plain(text))
            }
        };
        let is_file = matches!(text, Text::File { .. });
        let is_shown = |about| match about {
            // The place of a text tells that it is a secret.
            About::Secret => false,
            About::File => !is_file,
            _ => true,
        };
        let remarks = facts::comment(variable, is_shown);
        Start {
            remarks: escape::escaped(&remarks),
            name,
            text,
            is_set: example::is_set_to_begin_with(variable),
        }
    }

    /// Returns the name of the program in files: as given for the Secret object, or else the
    /// prefix.
    pub(super) fn program(&self) -> String {
        let given = self.secret_object.clone();
        given.unwrap_or_else(|| match &*self.prefix {
            "" => "app".to_owned(),
            prefix => prefix.to_lowercase().replace('_', "-"),
        })
    }
}
