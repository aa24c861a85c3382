//! The table of a group as a field uses it: another name of the selector, a switch, a
//! variable that the presence of the group depends on.

use super::{Item, Kind, Name, Presence, Spec};
use crate::name::{is_same, stop, ConstStr, Hash};
use crate::value::{EnvValue, Form};

/// The word of a switch that is on.
pub(crate) const ON: &str = "true";

/// The word of a switch that is off.
pub(crate) const OFF: &str = "false";

/// The items of a group, to be changed for a field: a constant, because its length is a part
/// of its type.
#[derive(Debug)]
pub struct Items<const LEN: usize>(pub [Item; LEN]);

impl<const LEN: usize> Items<LEN> {
    /// Copies the items of a group.
    #[must_use]
    pub const fn of(spec: &Spec) -> Self {
        let mut items = [UNUSED; LEN];
        let mut i = 0;
        while i < LEN {
            items[i] = spec.items[i];
            i += 1;
        }
        Self(items)
    }

    /// For `#[env(group, selector = "TYPE")]`.
    ///
    /// # Panics
    ///
    /// While compiling, if the group is no one-of group.
    #[must_use]
    #[track_caller]
    pub const fn selector(mut self, segment: &'static str) -> Self {
        if LEN == 0 || !self.0[0].is_selector() {
            stop("`selector` names the variable that selects a variant, and this group has no variants; remove it");
        }
        self.0[0].name = Name::Segment(segment);
        self.0[0].hash = Hash::of(segment);
        self
    }

    /// For `#[env(group, defaults(field = "text"))]`.
    ///
    /// # Panics
    ///
    /// While compiling, if the group has no variable in a field of that name, if the field has
    /// `present` or is in a rule that a default breaks, or if the text is known not to be a value of it.
    #[must_use]
    #[track_caller]
    pub const fn default(mut self, spec: &Spec, field: &str, text: &'static str) -> Self {
        let index = variable(spec, field, "defaults");
        if let Some(why) = no_default(spec, index) {
            complain(spec, field, "defaults", why);
        }
        if let Kind::Var(var) = &self.0[index].kind {
            let form = var.form();
            form.accepted().assert_default(text, &form);
        }
        self.0[index].presence = Presence::Default(text);
        self
    }
}

const UNUSED: Item = Item::selector(&Form::WORDLESS);

impl Spec {
    /// Returns the number of the items.
    #[must_use]
    pub const fn number_of_items(&self) -> usize {
        self.items.len()
    }

    /// Returns the table with changed items.
    #[must_use]
    pub const fn with_items(&self, items: &'static [Item]) -> Self {
        let changed = Self::new(self.ident, items);
        Self {
            items,
            names: changed.names,
            may_be_linked: changed.may_be_linked,
            ..*self
        }
    }

    /// Returns the table of a group beside its switch, from the items of both.
    #[must_use]
    pub const fn switched(&self, items: &'static [Item; 2]) -> Self {
        self.with_items(items)
    }
}

impl Item {
    /// The variable of `#[env(group, switch = "ENABLED")]`.
    #[must_use]
    pub const fn switch(segment: &'static str) -> Self {
        let form = &<bool as EnvValue>::FORM;
        let mut item = Self::var("", segment, form, false, "bool").default(OFF);
        item.doc = "";
        item
    }

    /// The group that is read if the switch is on.
    #[must_use]
    pub const fn switched(spec: &'static Spec) -> Self {
        let mut item = Self::group_at("", "", spec);
        item.presence = Presence::Variant(ON);
        // The switch and its group are a single section.
        item.doc = "";
        item
    }

    /// For `#[env(group, when = "field")]`.
    ///
    /// # Panics
    ///
    /// While compiling, if the group has no variable in a field of that name.
    #[must_use]
    #[track_caller]
    pub const fn when(mut self, field: &'static str) -> Self {
        if let Kind::Group(spec) = self.kind {
            self.presence = Presence::When(variable(spec, field, "when"));
        }
        self
    }
}

/// Returns the index of the variable in a field of a group.
#[track_caller]
const fn variable(spec: &Spec, field: &str, key: &str) -> usize {
    let mut i = 0;
    while i < spec.items.len() {
        let item = &spec.items[i];
        if is_same(item.field.as_bytes(), field.as_bytes()) {
            if !matches!(item.kind, Kind::Var(_)) {
                complain(
                    spec,
                    field,
                    key,
                    "is a group; name a field that reads a variable",
                );
            }
            return i;
        }
        i += 1;
    }
    complain(spec, field, key, "is no field that reads a variable");
}

/// Returns why a field can have no default in any use of the group.
const fn no_default(spec: &Spec, index: usize) -> Option<&'static str> {
    if let Kind::Var(var) = &spec.items[index].kind {
        if var.form().is_present() {
            return Some("has `present`, where unset is false; remove it");
        }
    }
    let mut i = 0;
    while i < spec.items.len() {
        if let Kind::Rule(rule) = &spec.items[i].kind {
            if rule.asks_for(index) {
                return Some("would always be there, and a rule asks whether it is set; remove it");
            }
        }
        i += 1;
    }
    None
}

#[track_caller]
const fn complain(spec: &Spec, field: &str, key: &str, why: &str) -> ! {
    let mut message = ConstStr::<512>::of("`");
    message.push(key);
    message.push("` names a field of `");
    message.push(spec.ident);
    message.push("`, and `");
    message.push(field);
    message.push("` ");
    message.push(why);
    stop(message.as_str());
}
