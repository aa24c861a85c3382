//! All about a single variable.

use std::fmt;

use super::facts::{About, Fact};
use super::terminal::{Style, Word};
use super::{example, facts, Help};
use crate::name;
use crate::name::near::{Candidates, Near, Search};
use crate::redact::{display, escape};
use crate::spec::variables::{self, Variable};

impl Help {
    /// Explains one variable: meaning, type, default, conditions, names and files and stores in
    /// the order of preference, an example.
    ///
    /// `name` is any name of the variable, in any letter case. [`width`](Help::width) and
    /// [`styled`](Help::styled) count.
    ///
    /// # Errors
    ///
    /// If no variable has the name. The error says which variable was probably meant.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::EnvConfig;
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only its help is asked for")]
    /// struct AppConfig {
    ///     /// Port to listen on.
    ///     #[env(default = 8000, alias = "PORT", range = 1..)]
    ///     port: u16,
    /// }
    ///
    /// assert_eq!(
    ///     AppConfig::help().explain("PORT").unwrap(),
    ///     "\
    /// APP_PORT
    ///   Port to listen on.
    ///
    ///   Type      u16, at least 1
    ///   Default   8000
    ///   Names     APP_PORT, or else PORT
    ///   Example   APP_PORT=8000"
    /// );
    /// assert_eq!(
    ///     AppConfig::help().explain("APP_PROT").unwrap_err().to_string(),
    ///     "no variable is called \"APP_PROT\"; is APP_PORT meant?"
    /// );
    /// ```
    pub fn explain(&self, name: &str) -> Result<String, UnknownVariable> {
        let variables = self.variables();
        // A name that a pattern may be, too, is its own.
        let called = |is: fn(&str, &str) -> bool| {
            let has_name = |it: &&Variable| it.all_names().iter().any(|own| is(own, name));
            variables.iter().find(has_name)
        };
        let variable = called(str::eq_ignore_ascii_case).or_else(|| called(is_of));
        let mut removed = self.removed().into_iter();
        let removed = removed.find(|(own, _)| own.eq_ignore_ascii_case(name));
        match (variable, removed) {
            (Some(variable), _) => Ok(self.explanation(variable)),
            (None, Some(removed)) => Ok(self.explanation_of_removed(removed)),
            (None, None) => Err(UnknownVariable {
                name: name.to_owned(),
                near: near(name, &variables, &self.prefix),
            }),
        }
    }

    fn explanation_of_removed(&self, (name, remedy): (&str, &str)) -> String {
        let name = self.in_style(&escape::escaped(name), Style::Name);
        let removed = facts::of_removed(remedy);
        format!("{name}\n  {}", escape::escaped(&removed))
    }

    fn explanation(&self, variable: &Variable) -> String {
        let mut page = self.in_style(&escape::escaped(&variable.name), Style::Name);
        let doc = Word::of(&variable.item.doc.replace('\n', " "), Style::Plain);
        if !doc.is_empty() {
            page.push_str("\n  ");
            self.wrap(&mut page, &doc, 2);
        }
        page.push('\n');
        for (label, text) in self.facts(variable) {
            page.push_str("\n  ");
            page.push_str(&self.in_style(label, Style::Tag));
            page.push_str(&" ".repeat(10 - label.len()));
            self.wrap(&mut page, &Word::of(&text, Style::Plain), 12);
        }
        page
    }

    /// Returns the properties of a variable, each with its label of at most 9 letters.
    fn facts(&self, variable: &Variable) -> Vec<(&'static str, String)> {
        let mut facts = vec![("Type", type_of(variable))];
        let conditional = |presence: &str| match &variable.when {
            Some(when) => format!("{presence}, if {when}"),
            None => presence.to_owned(),
        };
        facts.push(match facts::default(variable) {
            _ if variable.is_required() => ("Required", conditional("yes")),
            Some(text) => ("Default", conditional(&text)),
            None => ("Required", unless_required(variable)),
        });
        if variable.var.secret {
            facts.push(("Secret", "yes, its value is never shown".to_owned()));
        }
        if variable.var.live {
            facts.push(("Live", "yes, a change needs no restart".to_owned()));
        }
        facts.push(("Names", self.names(variable)));
        let rules = facts::of(variable).into_iter();
        let rules = rules.filter(|fact| fact.about == About::Rule);
        facts.extend(rules.map(|fact| ("Rule", fact.sentence())));
        if let Some(value) = example::value_to_begin_with(variable) {
            let name = example::concrete(&variable.name);
            facts.push(("Example", format!("{name}={value}")));
        }
        facts
    }

    /// Returns the places of the text in the order of preference.
    fn names(&self, variable: &Variable) -> String {
        let var = variable.var;
        let mut places = Vec::new();
        if var.secret {
            let key = variables::store_key(variable.item, var, &variable.path, &self.prefix);
            places.push(format!("`{key}` in a store of secrets"));
        }
        let deprecated = var.details.deprecated;
        for name in variable.names() {
            let is_deprecated = deprecated.contains(&name);
            if var.file {
                let deprecated = if is_deprecated { "deprecated, " } else { "" };
                let file = name::of_file(name);
                places.push(format!("{file} ({deprecated}the path of a file)"));
            }
            let deprecated = if is_deprecated { " (deprecated)" } else { "" };
            places.push(format!("{name}{deprecated}"));
        }
        places.join(", or else ")
    }
}

fn unless_required(variable: &Variable) -> String {
    match variable.read_only_if() {
        Some(when) => format!("no, and read only if {when}"),
        None => "no".to_owned(),
    }
}

/// Returns the type with all facts about the text.
fn type_of(variable: &Variable) -> String {
    let mut ty = variable.var.form().column();
    for Fact { about, clause } in facts::of(variable) {
        let is_of_text = match about {
            // The column may be the list of words.
            About::Words => !clause
                .rsplit(": ")
                .next()
                .is_some_and(|words| ty.contains(words)),
            About::Range | About::Length | About::Separator | About::Empty => true,
            // The column has the form.
            About::Form
            | About::Doc
            | About::Secret
            | About::Name
            | About::File
            | About::Rule
            | About::Live
            | About::When => false,
        };
        if is_of_text {
            ty = format!("{ty}, {clause}");
        }
    }
    ty
}

/// Returns whether a name is of a pattern: `APP_PEERS_0_URL` of `APP_PEERS_<N>_URL`.
fn is_of(pattern: &str, name: &str) -> bool {
    let (Some(first), Some(last)) = (pattern.find('<'), pattern.rfind('>')) else {
        return false;
    };
    let name = name.to_ascii_uppercase();
    let rest = name.strip_prefix(&pattern[..first]);
    let rest = rest.and_then(|rest| rest.strip_suffix(&pattern[last + 1..]));
    rest.is_some_and(|rest| !rest.is_empty())
}

fn near(name: &str, variables: &[Variable], root: &str) -> Option<String> {
    let names: Vec<String> = variables.iter().flat_map(Variable::names_in_use).collect();
    let is_pattern = |name: &&String| name.contains(['<', '>']);
    let plain = names.iter().filter(|name| !is_pattern(name));
    let candidates = Candidates::of(plain.map(|name| (&**name, &**name)));
    let nearest = Search::new(root).nearest(name, &candidates, &|_| true);
    Near::meant(nearest, None).map(|near| near.name)
}

/// There is no variable with a name; returned by [`Help::explain`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownVariable {
    name: String,
    near: Option<String>,
}

impl UnknownVariable {
    /// Returns the name that was probably meant.
    #[must_use]
    pub fn near(&self) -> Option<&str> {
        self.near.as_deref()
    }
}

impl fmt::Display for UnknownVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no variable is called {}",
            display::quoted(self.name.as_ref())
        )?;
        match &self.near {
            Some(near) => write!(f, "; is {} meant?", escape::escaped(near)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownVariable {}
