//! Every variable of the table, with its full name and its place: groups are opened,
//! and lists and maps are filled with the groups that the caller names.

use std::fmt;
use std::rc::Rc;

use super::composed;
use super::rule::{self, Placed, Reach, Role};
use super::{Item, Kind, Name, Presence, Spec, Var};
use crate::name::{self, Path};
use crate::value::EnvValue;

/// A variable in its place.
pub(crate) struct Variable {
    /// Its own name.
    pub(crate) name: String,
    /// The path of its group.
    pub(crate) path: Path<'static>,
    /// The fields that lead to it: `db.url`.
    pub(crate) field: String,
    pub(crate) item: &'static Item,
    pub(crate) var: &'static Var,
    pub(crate) when: Option<When>,
    /// The fields that lead to the group around it that may be absent, if any.
    pub(super) optional: String,
    /// Whether its group is there only if it is set, so that it is never missing.
    pub(crate) is_switch: bool,
    /// The rules that concern it, a clause each.
    pub(crate) rules: Vec<String>,
    /// How an example shows it.
    pub(crate) role: Role,
    /// The default, if it has the texts of other variables in it.
    pub(crate) default_from: Option<String>,
    /// Its section in documentation.
    pub(crate) section: Rc<Section>,
}

/// A group as a section of documentation. A group without documentation and without a part of
/// the name belongs to the section of its outer group.
#[derive(Debug, PartialEq)]
pub(crate) struct Section {
    /// The documentation of the group, or of its type.
    pub(crate) doc: &'static str,
    /// The path of the group: all names begin so.
    pub(crate) path: String,
    /// The text for all names in the group: `APP_DB_*`.
    pub(crate) any: String,
    /// The fields that lead to it, to tell sections apart.
    field: String,
    /// Whether it is an optional group that needs no variable, so that it is never absent.
    pub(crate) is_never_absent: bool,
}

/// When a variable is read at all, or is required.
#[derive(Clone)]
pub(crate) enum When {
    /// If a variable of this group is set.
    AnySet(Rc<Switch>),
    /// If any of these variables of this group is set.
    AnyOf(Vec<String>),
    /// If the variable with these names is set, and not if another variable of this group is.
    IfSet(Vec<String>),
    /// If this variable is any of these words.
    Chosen(String, Vec<&'static str>),
}

/// A group that is there if a variable of it is set.
#[derive(PartialEq)]
pub(crate) struct Switch {
    /// The path of the group: all names begin so.
    pub(crate) path: Path<'static>,
    /// The fields that lead to it.
    field: String,
    /// Whether the group adds nothing to the path, so that the path is not its own.
    is_flat: bool,
}

impl Variable {
    /// The names that the text itself may stand under, its own first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let others = self
            .var
            .details
            .aliases
            .iter()
            .chain(self.var.details.deprecated)
            .copied();
        [self.name.as_str()].into_iter().chain(others)
    }

    /// Returns whether the variable is in the group to which these fields lead.
    pub(crate) fn is_in(&self, group: &str) -> bool {
        let rest = self.field.strip_prefix(group);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    }

    /// Whether it chooses the variant of a one-of group.
    pub(crate) fn is_selector(&self) -> bool {
        self.item.field.is_empty()
    }

    /// Returns whether the variable switches the group beside it on.
    pub(crate) fn is_beside_group(&self) -> bool {
        self.is_selector() && self.var.form() == <bool as EnvValue>::FORM
    }

    /// All names that are asked for, those of files included.
    pub(crate) fn all_names(&self) -> Vec<String> {
        self.with_files(usize::MAX)
    }

    /// Returns the names that are not deprecated, its own first.
    fn names_without_files(&self) -> impl Iterator<Item = &str> {
        self.names().take(1 + self.var.details.aliases.len())
    }

    /// Returns the names that are asked for and not deprecated, those of files included.
    pub(crate) fn names_in_use(&self) -> Vec<String> {
        self.with_files(1 + self.var.details.aliases.len())
    }

    /// So many of the names, and those of files for them.
    fn with_files(&self, most: usize) -> Vec<String> {
        let mut names: Vec<String> = self.names().take(most).map(str::to_owned).collect();
        if self.var.file {
            let mut twins = names.iter().map(|name| name::of_file(name)).collect();
            names.append(&mut twins);
        }
        names
    }

    /// Returns whether the variable must be set, if its group is there.
    pub(crate) fn is_required(&self) -> bool {
        matches!(self.item.presence, Presence::Required) && !self.is_switch
    }

    /// Returns whether a group that is set needs the variable.
    pub(crate) fn is_needed(&self) -> bool {
        self.is_required() || self.is_switch
    }

    /// Returns the condition without which nothing reads the variable. A variable of an optional
    /// group is its own condition.
    pub(crate) fn read_only_if(&self) -> Option<&When> {
        let is_of_others = |when: &&When| match when {
            When::Chosen(..) => true,
            When::IfSet(_) => !self.is_switch,
            When::AnySet(_) | When::AnyOf(_) => false,
        };
        self.when.as_ref().filter(is_of_others)
    }

    /// Returns the text that is read if the variable is not set, but for a secret. The names of
    /// variables may stand in it: `$APP_DATA_FOLDER/tmp`.
    pub(crate) fn shown_default(&self) -> Option<&str> {
        let composed = self.default_from.as_deref().filter(|_| !self.var.secret);
        self.literal_default().or(composed)
    }

    /// Returns the text that is read if the variable is not set, if that is a literal, but for a
    /// secret.
    pub(crate) fn literal_default(&self) -> Option<&'static str> {
        match self.item.presence {
            Presence::Default(text) if !self.var.secret => Some(text),
            _ => None,
        }
    }

    /// Returns the name of the variable that may name a file instead.
    pub(crate) fn file_name(&self) -> Option<String> {
        self.var.file.then(|| name::of_file(&self.name))
    }

    /// Returns all names that its id may stand under, if it is a secret.
    #[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
    pub(crate) fn secret_ids(&self) -> impl Iterator<Item = String> + '_ {
        let is_secret = self.var.secret;
        let names = self.names().filter(move |_| is_secret);
        names.map(name::of_secret_id)
    }

    /// Returns all names that its ciphertext may stand under, or the file with the ciphertext, if
    /// it is a secret.
    #[cfg(feature = "gcp")]
    pub(crate) fn ciphertexts(&self) -> impl Iterator<Item = String> + '_ {
        let is_secret = self.var.secret;
        let names = self.names().filter(move |_| is_secret);
        names.flat_map(|name| [name::KMS, name::KMS_FILE].map(|end| format!("{name}{end}")))
    }
}

impl When {
    /// Creates the condition of a group that is there if the variable with this index is set,
    /// under any of its names: those of files too, if `with_files`.
    pub(super) fn if_set(
        spec: &Spec,
        index: usize,
        path: &Path<'static>,
        with_files: bool,
    ) -> Self {
        let item = &spec.items[index];
        let mut names = vec![item.full_name(path)];
        if let Kind::Var(var) = &item.kind {
            names.extend(var.details.aliases.iter().map(|alias| (*alias).to_owned()));
            if with_files {
                names.extend(var.details.deprecated.iter().map(|name| (*name).to_owned()));
                let files = names.iter().filter(|_| var.file);
                let mut files: Vec<String> = files.map(|name| name::of_file(name)).collect();
                names.append(&mut files);
            }
        }
        Self::IfSet(names)
    }

    /// Creates the condition of a group. If the group `is_flat`, the path is not its own.
    pub(super) fn any_set(path: &Path<'static>, field: &str, is_flat: bool) -> Self {
        Self::AnySet(Rc::new(Switch {
            path: path.clone(),
            field: field.to_owned(),
            is_flat,
        }))
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnySet(switch) => write!(f, "any {} is set", switch.path.any()),
            Self::AnyOf(names) | Self::IfSet(names) => match &names[..] {
                [name] => write!(f, "{name} is set"),
                names => write!(f, "any of {} is set", names.join(", ")),
            },
            Self::Chosen(name, words) => {
                let mut joint = "";
                for word in words {
                    write!(f, "{joint}{name}={word}")?;
                    joint = " or ";
                }
                Ok(())
            }
        }
    }
}

/// Where several groups are, the segments that tell them apart.
pub(crate) type Instances<'a> = &'a dyn Fn(&Kind, &Path<'_>) -> Vec<String>;

/// One of each, for documentation.
pub(crate) fn placeholders(kind: &Kind, _: &Path<'_>) -> Vec<String> {
    match kind {
        Kind::List(_) => vec![name::ANY_NUMBER.to_owned()],
        Kind::Map(_) => vec![name::ANY_KEY.to_owned()],
        Kind::Var(_) | Kind::Group(_) | Kind::Rule(_) | Kind::Removed(_) => Vec::new(),
    }
}

/// Returns all variables of `items` and of the groups in them, in the order of the table.
pub(crate) fn of(
    items: &'static [Item],
    path: &Path<'_>,
    instances: Instances<'_>,
) -> Vec<Variable> {
    collected(items, path, instances).all
}

fn collected<'a>(
    items: &'static [Item],
    path: &Path<'_>,
    instances: Instances<'a>,
) -> Collector<'a> {
    let mut collector = Collector {
        instances,
        all: Vec::new(),
        rules: Vec::new(),
    };
    let root = Section {
        doc: "",
        path: path.to_string(),
        any: path.any(),
        field: String::new(),
        is_never_absent: false,
    };
    collector.items(items, path, "", Surroundings::of(&Rc::new(root)));
    collector
}

/// Returns the variables for documentation, and the rules between them.
pub(crate) fn with_rules(items: &'static [Item], path: &Path<'_>) -> (Vec<Variable>, Vec<Placed>) {
    let Collector { mut all, rules, .. } = collected(items, path, &placeholders);
    for rule in &rules {
        rule.document(&mut all);
    }
    rule::assign(&rules, &mut all, Reach::GroupsInUse);
    (all, rules)
}

/// Returns all variables, with a single group for each list and map, for documentation. If a
/// path begins names outside of its group too, the variables that switch the group on are named.
///
/// A variable that several variants read alike is there once.
pub(crate) fn documented(items: &'static [Item], path: &Path<'_>) -> Vec<Variable> {
    let mut all = unmerged(items, path);
    merge_variants(&mut all);
    all
}

/// Returns the variables as [`documented`] does, and one for each variant that reads it.
pub(crate) fn unmerged(items: &'static [Item], path: &Path<'_>) -> Vec<Variable> {
    let mut all = with_rules(items, path).0;
    let mut switches: Vec<(Rc<Switch>, Option<Vec<usize>>)> = Vec::new();
    for variable in &all {
        if let Some(When::AnySet(switch)) = &variable.when {
            if !switches.iter().any(|(other, _)| other == switch) {
                switches.push((Rc::clone(switch), switch.members_to_name(&all)));
            }
        }
    }
    for (switch, members) in switches {
        let Some(members) = members else {
            continue;
        };
        for index in 0..all.len() {
            if matches!(&all[index].when, Some(When::AnySet(other)) if *other == switch) {
                let others = members.iter().filter(|member| **member != index);
                let names = others.flat_map(|member| all[*member].names_without_files());
                let names: Vec<String> = names.map(str::to_owned).collect();
                if !names.is_empty() {
                    all[index].when = Some(When::AnyOf(names));
                }
            }
        }
    }
    all
}

/// Keeps one of the variables that several variants of an enum read alike.
fn merge_variants(all: &mut Vec<Variable>) {
    let mut index = 0;
    while index < all.len() {
        let (before, rest) = all.split_at_mut(index);
        let variable = &rest[0];
        let same = before.iter_mut().find(|other| other.is_like(variable));
        let Some((When::Chosen(_, words), When::Chosen(_, more))) =
            same.and_then(|same| same.when.as_mut().zip(variable.when.as_ref()))
        else {
            index += 1;
            continue;
        };
        words.extend(more);
        all.remove(index);
    }
}

impl Variable {
    /// Returns whether another variant of the same enum reads the same variable alike.
    fn is_like(&self, other: &Self) -> bool {
        let is_same_enum = match (&self.when, &other.when) {
            (Some(When::Chosen(one, _)), Some(When::Chosen(other, _))) => one == other,
            _ => false,
        };
        is_same_enum
            && self.names().eq(other.names())
            && self.var.form() == other.var.form()
            && self.item.doc == other.item.doc
            && self.is_required() == other.is_required()
            && self.shown_default() == other.shown_default()
    }
}

impl Switch {
    /// Returns the variables of the group, if the path does not tell which they are.
    fn members_to_name(&self, all: &[Variable]) -> Option<Vec<usize>> {
        let is_member = |variable: &Variable| variable.is_in(&self.field);
        let is_below = |variable: &Variable| {
            let mut names = variable.names();
            names.any(|name| self.path.is_above(name))
        };
        let mut others = all.iter().filter(|variable| !is_member(variable));
        if !self.is_flat && !others.any(is_below) {
            return None;
        }
        let members = all.iter().enumerate();
        let members = members.filter(|(_, variable)| is_member(variable));
        Some(members.map(|(index, _)| index).collect())
    }
}

/// The group around items.
#[derive(Clone, Copy)]
struct Surroundings<'a> {
    section: &'a Rc<Section>,
    when: Option<&'a When>,
    /// The fields that lead to the group that may be absent, if any.
    optional: &'a str,
    /// The index of the item that switches the group on.
    switch: Option<usize>,
}

impl<'a> Surroundings<'a> {
    fn of(section: &'a Rc<Section>) -> Self {
        Self {
            section,
            when: None,
            optional: "",
            switch: None,
        }
    }
}

struct Collector<'a> {
    instances: Instances<'a>,
    all: Vec<Variable>,
    rules: Vec<Placed>,
}

impl Collector<'_> {
    fn items(
        &mut self,
        items: &'static [Item],
        path: &Path<'_>,
        outer: &str,
        around: Surroundings<'_>,
    ) {
        let Surroundings { when, switch, .. } = around;
        let mut starts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            starts.push(self.all.len());
            let own = item.path(path);
            let field = match (outer, item.field) {
                (outer, "") => outer.to_owned(),
                ("", field) => field.to_owned(),
                (outer, field) => format!("{outer}.{field}"),
            };
            match &item.kind {
                Kind::Var(var) => self.all.push(Variable {
                    name: own.to_string(),
                    path: path.with_text(path.to_string()),
                    field,
                    item,
                    var,
                    when: when.cloned(),
                    optional: around.optional.to_owned(),
                    is_switch: switch == Some(index),
                    rules: Vec::new(),
                    role: Role::Usual,
                    default_from: match item.presence {
                        Presence::From(parts) => Some(composed::documented(parts, items, path)),
                        _ => None,
                    },
                    section: Rc::clone(around.section),
                }),
                Kind::Group(spec) => {
                    let inner = match item.presence {
                        Presence::Optional => {
                            let is_flat = item.segment().is_empty();
                            Some(When::any_set(&own, &field, is_flat))
                        }
                        Presence::Variant(word) => {
                            Some(When::Chosen(items[0].full_name(path), vec![word]))
                        }
                        Presence::When(index) => Some(When::if_set(spec, index, &own, false)),
                        Presence::Required | Presence::Default(_) | Presence::From(_) => {
                            when.cloned()
                        }
                    };
                    let switch = match item.presence {
                        Presence::When(index) => Some(index),
                        _ => None,
                    };
                    let is_optional = match item.presence {
                        Presence::Optional | Presence::When(_) => true,
                        Presence::Variant(word) => items[0].word_of_example() != Some(word),
                        Presence::Required | Presence::Default(_) | Presence::From(_) => false,
                    };
                    let around = Surroundings {
                        section: &around.section.inner(item, &own, &field),
                        when: inner.as_ref(),
                        optional: if is_optional { &field } else { around.optional },
                        switch,
                    };
                    self.items(spec.items, &own, &field, around);
                }
                Kind::List(spec) | Kind::Map(spec) => {
                    for segment in (self.instances)(&item.kind, &own) {
                        self.instance(spec, item.doc, (&own, &field), &segment);
                    }
                }
                Kind::Rule(rule) => {
                    let rule = Placed::new(*rule, items, path, &starts);
                    self.rules.push(rule.within(around.optional));
                }
                Kind::Removed(_) => {}
            }
        }
    }

    fn instance(
        &mut self,
        spec: &'static Spec,
        doc: &'static str,
        (path, field): (&Path<'_>, &str),
        segment: &str,
    ) {
        let path = path.join(segment);
        let field = format!("{field}[{segment}]");
        let when = When::any_set(&path, &field, false);
        let section = Rc::new(Section {
            doc,
            path: path.to_string(),
            any: path.any(),
            field: field.clone(),
            is_never_absent: false,
        });
        let around = Surroundings {
            when: Some(&when),
            optional: &field,
            ..Surroundings::of(&section)
        };
        self.items(spec.items, &path, &field, around);
    }
}

impl Section {
    /// Returns the section of a group in this section.
    fn inner(self: &Rc<Self>, item: &Item, path: &Path<'_>, field: &str) -> Rc<Self> {
        if item.doc.is_empty() && path.to_string() == self.path {
            return Rc::clone(self);
        }
        Rc::new(Self {
            doc: item.doc,
            path: path.to_string(),
            any: path.any(),
            field: field.to_owned(),
            is_never_absent: match (&item.kind, item.presence) {
                (Kind::Group(spec), Presence::Optional) => !spec.is_anything_required(),
                _ => false,
            },
        })
    }
}

/// Returns the key of a variable in stores: its name below the prefix, in lower case.
pub(crate) fn store_key(item: &Item, var: &Var, path: &Path<'_>, root: &str) -> String {
    if let Some(key) = var.details.key {
        return key.to_owned();
    }
    let below = path
        .strip_prefix(root)
        .unwrap_or(path)
        .trim_start_matches('_');
    let segment = match item.name {
        Name::Segment(segment) => segment,
        Name::Full(_) => item.field,
    };
    path.with_text(below.to_owned())
        .name(segment)
        .to_lowercase()
}
