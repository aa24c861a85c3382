//! Secrets in plain text, and messages that would show a text of a Secret.

use super::Case;
use crate::deployment::finding::Finding;
use crate::deployment::workload::{Carrier, Format, Setting};
use crate::lookup::UNKNOWN;
use crate::name;
use crate::spec::variables::Variable;

/// A shorter text of a Secret occurs in messages by chance.
const MIN_QUOTED: usize = 4;

impl Case<'_> {
    /// Returns the message about a text from a Secret.
    pub(super) fn without_value(&self, name: &str) -> String {
        let names = |variable: &&Variable| variable.all_names().iter().any(|own| own == name);
        let form = self
            .variables
            .iter()
            .find(names)
            .map(|variable| variable.var.form());
        match form {
            Some(form) if !form.is_any_text() => {
                format!("the text in the Secret is refused, and not shown; it must be {form}")
            }
            _ => "the text in the Secret is refused, and not shown; correct it".to_owned(),
        }
    }

    pub(super) fn plaintext(&self, name: &str, setting: &Setting) -> Option<Finding> {
        let text = setting.text.as_deref().filter(|text| !text.is_empty())?;
        if !self.secrets.iter().any(|secret| secret == name) || text == UNKNOWN {
            return None;
        }
        let place = setting.text_at.clone();
        match setting.carrier {
            Carrier::Manifest => {
                let file = name::of_file(name);
                let remedy = match self.workload.format {
                    Format::Kubernetes => {
                        "take it from a Secret with `valueFrom.secretKeyRef`, or mount one"
                            .to_owned()
                    }
                    Format::Compose => format!("list it in `secrets`, and name the file in {file}"),
                    Format::Systemd => format!("use LoadCredential=, and set {file}=%d/..."),
                    Format::Quadlet => format!("use Secret=NAME,type=env,target={name}"),
                    Format::AppJson => "remove the value, and set it in the platform".to_owned(),
                    _ => format!("set it where the service starts, or name a file in {file}"),
                };
                let message =
                    format!("a secret in plain text, for everybody who has this file; {remedy}");
                Some(Finding::error(place, name, "plaintext", message))
            }
            Carrier::EnvFile => {
                let message = format!(
                    "a secret in plain text; keep the file out of the repository, or name a file \
                     in {}",
                    name::of_file(name)
                );
                Some(Finding::warning(place, name, "plaintext", message))
            }
            Carrier::Secret | Carrier::Link => None,
        }
    }

    /// Removes the message of a finding that quotes a text of a Secret.
    pub(super) fn withhold(&self, finding: &mut Finding) {
        let settings = self.workload.env.settings.values();
        let mut texts = settings
            .filter(|setting| setting.carrier == Carrier::Secret)
            .filter_map(|setting| setting.text.as_deref())
            .filter(|text| text.len() >= MIN_QUOTED);
        if texts.any(|text| finding.message.contains(text)) {
            let message = "refused; the reason is not shown, because it quotes a Secret";
            message.clone_into(&mut finding.message);
        }
    }
}
