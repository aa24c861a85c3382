//! The sections of documentation: a section a group.

use super::Help;
use crate::spec::variables::{Section, Variable, When};

/// The variables of a group.
pub(super) struct Titled<'a> {
    /// `None` for the variables outside of groups.
    pub(super) title: Option<Title<'a>>,
    /// At least one variable.
    pub(super) variables: Vec<&'a Variable>,
}

/// The heading of a section. Nothing in it is escaped.
pub(super) struct Title<'a> {
    /// The documentation of the field, or else of the type, without its full stop. May be empty.
    pub(super) doc: String,
    /// The text for all names of the group, unless the documentation says enough.
    pub(super) names: Option<&'a str>,
    /// When the variables are read, if that is so for all of them.
    pub(super) condition: Option<Condition<'a>>,
}

/// The condition that all variables of a section share.
pub(super) enum Condition<'a> {
    /// If any variable of the section is set.
    AnyOfThem,
    If(&'a When),
}

impl Help {
    /// Returns the sections of the variables, in the order of the first variable of each. The
    /// section without a title is the first: below another, it would seem to belong there.
    pub(super) fn sections<'a>(&self, variables: &'a [Variable]) -> Vec<Titled<'a>> {
        let mut sections: Vec<Vec<&Variable>> = Vec::new();
        for variable in variables {
            let is_same = |section: &&mut Vec<&Variable>| section[0].section == variable.section;
            match sections.iter_mut().find(is_same) {
                Some(section) => section.push(variable),
                None => sections.push(vec![variable]),
            }
        }
        let titled = sections.into_iter().map(|variables| Titled {
            title: title(&variables, &self.prefix),
            variables,
        });
        let (mut sections, titled): (Vec<_>, Vec<_>) =
            titled.partition(|section| section.title.is_none());
        sections.extend(titled);
        sections
    }
}

impl Titled<'_> {
    /// Returns whether the heading says when the variables are read.
    pub(super) fn is_condition_told(&self) -> bool {
        let title = self.title.as_ref();
        title.is_some_and(|title| title.condition.is_some())
    }
}

/// Returns the heading of the variables of a group.
fn title<'a>(variables: &[&'a Variable], root: &str) -> Option<Title<'a>> {
    let section = &*variables[0].section;
    let doc = section.doc.replace('\n', " ");
    let doc = doc.trim_end_matches('.').to_owned();
    // Types of lists and maps may be used for several of them.
    let is_named = doc.is_empty() || section.path.contains('<');
    if doc.is_empty() && section.path == root {
        return None;
    }
    Some(Title {
        doc,
        names: is_named.then_some(&*section.any),
        condition: condition(variables, section),
    })
}

fn condition<'a>(variables: &[&'a Variable], section: &Section) -> Option<Condition<'a>> {
    let of = |variable: &Variable| variable.when.as_ref().map(ToString::to_string);
    let first = of(variables[0]).filter(|_| !section.is_never_absent)?;
    if variables.iter().any(|it| of(it).as_ref() != Some(&first)) {
        return None;
    }
    if first == format!("any {} is set", section.any) {
        return Some(Condition::AnyOfThem);
    }
    variables[0].when.as_ref().map(Condition::If)
}

impl Title<'_> {
    /// Returns the heading as plain text, without its condition.
    pub(super) fn text(&self) -> String {
        match (&*self.doc, self.names) {
            (doc, None) => doc.to_owned(),
            ("", Some(names)) => names.to_owned(),
            (doc, Some(names)) => format!("{doc}: {names}"),
        }
    }

    /// Returns the heading as plain text.
    pub(super) fn text_with_condition(&self) -> String {
        let text = self.text();
        match self.condition {
            Some(Condition::AnyOfThem) => text + " (if any of them is set)",
            Some(Condition::If(when)) => format!("{text} (if {when})"),
            None => text,
        }
    }
}
