//! Finds the paths of its own crate that a source file names, in `use` and
//! elsewhere, without comments and tests.

use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::page::List;

/// A module of a crate, and whether its file is the face of a folder.
#[derive(Clone)]
pub(crate) struct Module {
    path: Vec<String>,
    is_face: bool,
}

impl Module {
    pub(crate) fn in_package(path: &[&str]) -> Self {
        Self {
            path: path.iter().map(|&name| name.to_owned()).collect(),
            is_face: false,
        }
    }

    pub(crate) fn of_file(file: &Path) -> Self {
        let names = file.with_extension("");
        let names = names.iter().map(|name| name.to_string_lossy().into_owned());
        let names: Vec<String> = names.collect();
        let src = names.iter().rposition(|name| name == "src").unwrap();
        let mut path = names[src + 1..].to_vec();
        let is_face = path.pop_if(|name| matches!(&**name, "lib" | "main" | "mod"));
        Self {
            path,
            is_face: is_face.is_some(),
        }
    }

    /// Returns the room of `list` that the module belongs to: `None` for the face of
    /// the folder and for modules elsewhere.
    pub(crate) fn room_in(&self, list: &List) -> Option<String> {
        let below = self.path.strip_prefix(&list.module()[..])?;
        match below {
            [] if self.is_face && list.rank("mod").is_some() => Some("mod".to_owned()),
            [] => None,
            [room, ..] => Some(room.clone()),
        }
    }

    fn child(&self, name: String) -> Self {
        let mut path = self.path.clone();
        path.push(name);
        Self {
            path,
            is_face: true,
        }
    }
}

/// Returns the paths below `crate`, `super` and `self` in `text`, whole.
pub(crate) fn targets(module: &Module, text: &str) -> Vec<Vec<String>> {
    let tokens: TokenStream = text.parse().expect("the file is Rust");
    let mut found = Vec::new();
    walk(module, tokens, &mut found);
    found
}

fn walk(module: &Module, tokens: TokenStream, found: &mut Vec<Vec<String>>) {
    let mut rest: Vec<TokenTree> = tokens.into_iter().collect();
    rest.reverse();
    while let Some(token) = rest.pop() {
        match token {
            TokenTree::Punct(hash) if hash.as_char() == '#' => skip_test(&mut rest),
            // `$crate` of a macro is a path of the user's code.
            TokenTree::Punct(dollar) if dollar.as_char() == '$' => drop(rest.pop()),
            TokenTree::Group(group) => walk(module, group.stream(), found),
            TokenTree::Ident(word) if word == "pub" && module.is_face => skip_names(&mut rest),
            TokenTree::Ident(word) if word == "mod" => walk_inline(module, &mut rest, found),
            TokenTree::Ident(word) if is_path(&rest) => {
                let mut base = module.path.clone();
                match &*word.to_string() {
                    "crate" => base.clear(),
                    "super" => drop(base.pop()),
                    "self" => {}
                    _ => {
                        skip_path(&mut rest);
                        continue;
                    }
                }
                rest.truncate(rest.len() - 2);
                tree(base, &mut rest, found);
            }
            _ => {}
        }
    }
}

/// Walks through `mod name { .. }`, where `super` is another module.
fn walk_inline(module: &Module, rest: &mut Vec<TokenTree>, found: &mut Vec<Vec<String>>) {
    let Some(TokenTree::Ident(name)) = rest.pop() else {
        return;
    };
    if let Some(TokenTree::Group(body)) = rest.pop_if(|token| matches!(token, TokenTree::Group(_)))
    {
        walk(&module.child(name.to_string()), body.stream(), found);
    }
}

/// Passes over an attribute; and over its item, if that is for tests alone.
fn skip_test(rest: &mut Vec<TokenTree>) {
    let Some(TokenTree::Group(attribute)) =
        rest.pop_if(|token| is_group(token, Delimiter::Bracket))
    else {
        return;
    };
    let attribute: String = attribute.stream().to_string().replace(' ', "");
    if attribute != "cfg(test)" {
        return;
    }
    while let Some(token) = rest.pop() {
        let is_end = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
        if is_end || is_group(&token, Delimiter::Brace) {
            break;
        }
    }
}

/// Passes over `pub use` of a face, which hands names on and uses none itself.
fn skip_names(rest: &mut Vec<TokenTree>) {
    rest.pop_if(|token| is_group(token, Delimiter::Parenthesis));
    if matches!(rest.last(), Some(TokenTree::Ident(word)) if word == "use") {
        while let Some(token) = rest.pop() {
            if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';') {
                break;
            }
        }
    }
}

/// Passes over a path that begins elsewhere: its `self` and `super` are no keywords.
fn skip_path(rest: &mut Vec<TokenTree>) {
    while is_path(rest) {
        rest.truncate(rest.len() - 2);
        rest.pop_if(|token| matches!(token, TokenTree::Ident(_)));
    }
}

/// Reads the rest of a path or of a tree of `use`.
fn tree(mut base: Vec<String>, rest: &mut Vec<TokenTree>, found: &mut Vec<Vec<String>>) {
    match rest.pop() {
        Some(TokenTree::Ident(word)) => {
            match &*word.to_string() {
                "super" => drop(base.pop()),
                "self" => {}
                name => base.push(name.to_owned()),
            }
            if is_path(rest) {
                rest.truncate(rest.len() - 2);
                tree(base, rest, found);
            } else {
                found.push(base);
            }
        }
        Some(TokenTree::Group(group)) => {
            let mut inner: Vec<TokenTree> = group.stream().into_iter().collect();
            inner.reverse();
            while !inner.is_empty() {
                tree(base.clone(), &mut inner, found);
                while let Some(token) = inner.pop() {
                    if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',') {
                        break;
                    }
                }
            }
        }
        Some(_) => found.push(base),
        None => {}
    }
}

fn is_path(rest: &[TokenTree]) -> bool {
    let is_colon =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
    matches!(rest, [.., second, first] if is_colon(first) && is_colon(second))
}

fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}
