//! Collects the mistakes of an input, so that the user sees all of them at once.

use std::cell::RefCell;
use std::fmt::Display;

use quote::ToTokens;

/// The mistakes found so far.
///
/// Call [`Ctxt::check`] at the end: a context that is dropped with its mistakes
/// unread is a bug in this crate, and panics.
pub(crate) struct Ctxt {
    errors: RefCell<Option<Vec<syn::Error>>>,
}

impl Ctxt {
    pub(crate) fn new() -> Self {
        Self {
            errors: RefCell::new(Some(Vec::new())),
        }
    }

    /// Adds a mistake, underlined at `tokens`.
    pub(crate) fn error(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(errors) = &mut *self.errors.borrow_mut() {
            errors.push(error);
        }
    }

    /// Returns all mistakes, combined into a single error.
    pub(crate) fn check(self) -> syn::Result<()> {
        let mut errors = self.errors.take().into_iter().flatten();
        let Some(mut all) = errors.next() else {
            return Ok(());
        };
        for error in errors {
            all.combine(error);
        }
        Err(all)
    }
}

impl Drop for Ctxt {
    fn drop(&mut self) {
        let is_unread = self.errors.borrow().is_some();
        assert!(
            !is_unread || std::thread::panicking(),
            "the mistakes of this input were never reported"
        );
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::Ctxt;

    #[test]
    fn all_mistakes_are_returned_in_the_order_found() {
        let ctxt = Ctxt::new();
        ctxt.error(TokenStream::new(), "first");
        ctxt.error(TokenStream::new(), "second");
        let mistakes = ctxt.check().unwrap_err().into_iter();
        let mistakes: Vec<_> = mistakes.map(|err| err.to_string()).collect();
        assert_eq!(mistakes, ["first", "second"]);
    }

    #[test]
    #[should_panic(expected = "never reported")]
    fn unread_mistakes_panic() {
        drop(Ctxt::new());
    }
}
