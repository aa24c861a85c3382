//! The `env:` of a container.

use std::fmt::Write as _;

use super::facts::About;
use super::yaml::{double_quoted, plain};
use super::{example, facts, Help};
use crate::redact::escape;
use crate::spec::variables::{self, Variable};

impl Help {
    /// Returns the `env:` of a container in Kubernetes, with each secret taken by its key
    /// from the [`secret_object`](Help::secret_object).
    ///
    /// A required variable is set to an example, and a variable with a default to that;
    /// each other variable is a comment. A pod that uses it needs
    /// `enableServiceLinks: false` where a Service is called like the prefix.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::{EnvConfig, Secret};
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only its help is asked for")]
    /// struct Db {
    ///     url: Secret<String>,
    ///     #[env(default = 8)]
    ///     connections: u8,
    ///     timeout: Option<std::time::Duration>,
    /// }
    ///
    /// assert_eq!(
    ///     Db::help().secret_object("my-app").to_kubernetes(),
    ///     r#"env:
    ///   ## Or a file: APP_URL_FILE.
    ///   - name: APP_URL
    ///     valueFrom:
    ///       secretKeyRef:
    ///         name: my-app
    ///         key: url
    ///   - name: APP_CONNECTIONS
    ///     value: "8"
    ///   ## - name: APP_TIMEOUT
    ///   ##   value: "30s"
    /// "#
    /// );
    /// ```
    #[must_use]
    pub fn to_kubernetes(&self) -> String {
        let secret = self.program();
        let mut env = String::from("env:\n");
        for variable in self.variables() {
            // The reference to a Secret tells that.
            let remarks = facts::comment(&variable, |about| about != About::Secret);
            let remarks = escape::escaped(&remarks);
            if !remarks.is_empty() {
                let _ = writeln!(env, "  # {remarks}");
            }
            let is_set = example::is_set_to_begin_with(&variable);
            let comment = if is_set { "" } else { "# " };
            for line in self.entry(&variable, &secret).lines() {
                let _ = writeln!(env, "  {comment}{line}");
            }
        }
        env
    }

    fn entry(&self, variable: &Variable, secret: &str) -> String {
        let name = plain(&example::concrete(&variable.name));
        if variable.var.secret {
            let path = variable.path.with_text(example::concrete(&variable.path));
            let key = variables::store_key(variable.item, variable.var, &path, &self.prefix);
            let (secret, key) = (plain(secret), plain(&key));
            return format!(
                "- name: {name}\n  valueFrom:\n    secretKeyRef:\n      name: {secret}\n      key: {key}\n"
            );
        }
        let value = example::value_to_begin_with(variable).unwrap_or_default();
        let quoted = double_quoted(&unexpanded(&value));
        format!("- name: {name}\n  value: {quoted}\n")
    }
}

/// Doubles every `$`: Kubernetes takes `$(NAME)` for another variable, and `$$` for one
/// `$`, wherever they stand.
fn unexpanded(value: &str) -> String {
    value.replace('$', "$$")
}

#[cfg(test)]
mod tests {
    use crate::help::expansion::expand;
    use crate::help::Help;
    use crate::spec::{Item, Spec};
    use crate::value::Form;

    /// The text of a default, written by `Help::to_kubernetes` and read by Kubernetes.
    fn round_trip(text: &str) -> String {
        let text: &'static str = String::leak(text.to_owned());
        let item = Item::var("a", "A", const { &Form::text() }, false, "String").default(text);
        let items: &'static [Item] = Vec::leak(vec![item]);
        let spec: &'static Spec = Box::leak(Box::new(Spec::new("Cfg", items)));
        let env = Help::of(spec).to_kubernetes();
        let value = env.trim_end().rsplit_once("value: \"").unwrap().1;
        let value = value.strip_suffix('"').unwrap();
        let expanded = expand(value, &|name| (name == "A").then(|| Some("set".to_owned())));
        expanded.text.unwrap()
    }

    #[test]
    fn every_text_survives_the_expansion() {
        let mut texts = vec![String::new()];
        let mut longest = texts.clone();
        for _ in 0..6 {
            longest = longest
                .iter()
                .flat_map(|text| "$()A".chars().map(move |letter| format!("{text}{letter}")))
                .collect();
            texts.extend(longest.iter().cloned());
        }
        assert_eq!(texts.len(), 5_461);
        for text in texts {
            assert_eq!(round_trip(&text), text);
        }
    }
}
