//! How a pass finds the text of a variable. The environment of this process is asked
//! without a detour: most loads are from it, and a load is little else than look-ups.

use std::borrow::Cow;
use std::ffi::OsStr;

use crate::name;
use crate::pass::{Pass, Reported};
use crate::spec::{Item, Name, Presence, Var, SEPARATOR};
use crate::value::Text;

impl<'s> Pass<'s> {
    /// The text of a variable, or of its default.
    pub(crate) fn find(&mut self, index: usize) -> Result<Option<&mut Text<'s>>, Reported> {
        let known = self.known.next().copied().unwrap_or_default();
        if !known.is_empty() {
            debug_assert_eq!(known, self.items[index].full_name(&self.path));
            if let Some(raw) = self.env.set_in_process(known) {
                self.text = Some(Text::new(raw, SEPARATOR));
                return Ok(self.text.as_mut());
            }
        }
        self.find_otherwise(index, known)
    }

    /// The same, if it was not found in the environment of this process, or not
    /// looked for there.
    #[cold]
    fn find_otherwise(
        &mut self,
        index: usize,
        known: &str,
    ) -> Result<Option<&mut Text<'s>>, Reported> {
        self.text = None; // a store may take long: the last secret is not kept meanwhile
        let (item, var) = self.item(index);
        self.text = if !known.is_empty() {
            let raw = self.env.set_in_source(known);
            raw.map(|raw| Text::new(raw, SEPARATOR))
        } else if var.is_plain && self.notes.is_none() {
            self.look_up(item)
        } else {
            self.search(item, var)?
        };
        if self.text.is_none() {
            self.text = self.default(index, item, var)?;
        }
        Ok(self.text.as_mut())
    }

    fn default(
        &mut self,
        index: usize,
        item: &'static Item,
        var: &'static Var,
    ) -> Result<Option<Text<'s>>, Reported> {
        match item.presence {
            Presence::Default(text) => {
                self.note_default(index);
                Ok(Some(Text::new(
                    Cow::Borrowed(OsStr::new(text)),
                    var.separator,
                )))
            }
            Presence::Required => Err(self.missing(item, var)),
            Presence::Optional | Presence::Variant(_) => Ok(None),
        }
    }

    /// The text of a variable under its own name.
    fn look_up(&mut self, item: &'static Item) -> Option<Text<'s>> {
        let name = match item.name {
            Name::Full(name) => name,
            Name::Segment(segment) => {
                name::join_in(&mut self.joined, &self.path, segment);
                &self.joined
            }
        };
        let raw = self.env.set(name)?;
        Some(Text::new(raw, SEPARATOR))
    }

    /// The text of a variable, wherever it is; and what is odd or wrong about that.
    fn search(
        &mut self,
        item: &'static Item,
        var: &'static Var,
    ) -> Result<Option<Text<'s>>, Reported> {
        let mut hits = self.env.hits(item, var, &self.path);
        self.check_hits(item, var, &hits)?;
        if hits.is_empty() {
            return Ok(None);
        }
        self.note_hits(item, var, &hits);
        let raw = hits.swap_remove(0).text.into_text();
        Ok(raw.map(|raw| Text::new(raw, var.separator)))
    }
}
