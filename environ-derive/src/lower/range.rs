//! Lowers the range of a value, and the range of its length.

use std::cmp::Ordering;
use std::iter::Peekable;

use proc_macro2::{token_stream, Literal, TokenStream, TokenTree};
use syn::{Lit, LitStr, Type};

use super::types;
use crate::attr::{Attrs, Key, Value};
use crate::ctxt::Ctxt;
use crate::model::Range;

/// Returns the range of a value. Its ends are texts if any of them is.
pub(super) fn of_value(ctxt: &Ctxt, attrs: &Attrs, ty: &Type) -> Option<Range> {
    let tokens = attrs.value(Key::Range, Value::tokens)?;
    check_order(ctxt, tokens);
    let texts = tokens.clone().into_iter();
    let texts = texts.filter_map(|token| syn::parse2::<LitStr>(token.into()).ok());
    let texts: Vec<LitStr> = texts.collect();
    let is_duration = types::spelled(types::innermost(ty)).ends_with("Duration");
    let unit = attrs.value(Key::Unit, Value::text).map(LitStr::value);
    for text in texts.iter().filter(|_| is_duration) {
        if !is_like_a_duration(&text.value(), unit.is_some()) {
            ctxt.error(text, "no duration; write a number with its unit: `90s`");
        }
    }
    let with_unit = |token| in_unit(token, unit.as_deref().unwrap_or_default());
    Some(Range {
        tokens: tokens.clone().into_iter().map(with_unit).collect(),
        texts: texts.iter().map(LitStr::token).collect(),
    })
}

/// Returns the range of the length of a value.
pub(super) fn of_length(ctxt: &Ctxt, attrs: &Attrs) -> Option<TokenStream> {
    let tokens = attrs.value(Key::Len, Value::tokens)?;
    check_order(ctxt, tokens);
    Some(tokens.clone())
}

/// Reports a range between two literals that no value is in. Only the compiler knows the value
/// of a constant.
fn check_order(ctxt: &Ctxt, tokens: &TokenStream) {
    let Some(between) = Between::parse(tokens) else {
        return;
    };
    let remedy = match (between.order(), between.is_inclusive) {
        (Some(Ordering::Greater), _) => "write the smaller end first",
        (Some(Ordering::Equal), false) => "write `..=` to include the end",
        _ => return,
    };
    ctxt.error(tokens, format_args!("no value is in this range; {remedy}"));
}

/// A range between two literals.
struct Between {
    first: End,
    last: End,
    is_inclusive: bool,
}

impl Between {
    fn parse(tokens: &TokenStream) -> Option<Self> {
        let mut rest = tokens.clone().into_iter().peekable();
        let first = End::parse(&mut rest)?;
        next_punct(&mut rest, '.')?;
        next_punct(&mut rest, '.')?;
        let is_inclusive = next_punct(&mut rest, '=').is_some();
        let last = End::parse(&mut rest)?;
        rest.next().is_none().then_some(Self {
            first,
            last,
            is_inclusive,
        })
    }

    fn order(&self) -> Option<Ordering> {
        match (self.first, self.last) {
            (End::Integer(first), End::Integer(last)) => Some(first.cmp(&last)),
            (End::Float(first), End::Float(last)) => first.partial_cmp(&last),
            (End::Char(first), End::Char(last)) => Some(first.cmp(&last)),
            _ => None,
        }
    }
}

#[derive(Clone, Copy)]
enum End {
    Integer(i128),
    Float(f64),
    Char(char),
}

impl End {
    fn parse(rest: &mut Peekable<token_stream::IntoIter>) -> Option<Self> {
        let is_negative = next_punct(rest, '-').is_some();
        let literal = syn::parse2::<Lit>(rest.next()?.into()).ok()?;
        match literal {
            Lit::Int(number) => {
                let number: i128 = number.base10_parse().ok()?;
                Some(Self::Integer(if is_negative { -number } else { number }))
            }
            Lit::Float(number) => {
                let number: f64 = number.base10_parse().ok()?;
                Some(Self::Float(if is_negative { -number } else { number }))
            }
            Lit::Char(letter) => Some(Self::Char(letter.value())),
            Lit::Byte(byte) => Some(Self::Integer(byte.value().into())),
            _ => None,
        }
    }
}

/// Takes the next token if it is this sign.
fn next_punct(rest: &mut Peekable<token_stream::IntoIter>, sign: char) -> Option<TokenTree> {
    rest.next_if(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign))
}

/// Adds the unit to an end that is a number without a unit, so that reports and documentation
/// show the end with its unit.
fn in_unit(token: TokenTree, unit: &str) -> TokenTree {
    match syn::parse2::<LitStr>(token.clone().into()) {
        Ok(text) if is_bare(&text.value()) => {
            let mut end = Literal::string(&format!("{}{unit}", text.value().trim()));
            end.set_span(text.span());
            end.into()
        }
        _ => token,
    }
}

/// Returns whether a text is a number without a unit.
fn is_bare(text: &str) -> bool {
    let is_number = |letter: char| letter.is_ascii_digit() || letter == '.';
    !text.trim().is_empty() && text.trim().chars().all(is_number)
}

/// The units that a duration may have in a range: the units that the library shows, and the names
/// that people write for them.
const UNIT_WORDS: &[&str] = &[
    "d", "day", "days", "h", "hr", "hrs", "hour", "hours", "m", "min", "mins", "minute", "minutes",
    "s", "sec", "secs", "second", "seconds", "ms", "millis", "us", "\u{b5}s", "\u{3bc}s", "micros",
    "ns", "nanos",
];

/// Returns whether a text is numbers, each with a unit.
fn is_like_a_duration(text: &str, may_be_bare: bool) -> bool {
    let is_number = |letter: char| letter.is_ascii_digit() || letter == '.';
    let mut rest = text.trim();
    if rest == "0" || (may_be_bare && is_bare(rest)) {
        return true;
    }
    let is_any = !rest.is_empty();
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(is_number);
        let after = unit.trim_start().trim_start_matches(char::is_alphabetic);
        let word = unit.trim_start().strip_suffix(after).unwrap_or_default();
        if unit.len() == rest.len() || !UNIT_WORDS.contains(&word) {
            return false;
        }
        rest = after.trim_start();
    }
    is_any
}
