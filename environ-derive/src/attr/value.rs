//! Reads the value after a key: a string, a path, a literal, a range, or nothing.

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::token::Paren;
use syn::{Expr, ExprLit, ExprPath, Lit, LitStr, Path, Token};

/// The syntax of the value that a key takes.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// No value.
    Flag,
    /// `= "text"`
    Text,
    /// `= path`
    Path,
    /// `= literal`
    Literal,
    /// No value, or `= literal`.
    Default,
    /// `= 1..=64`
    Range,
    /// `= "field"` or `(a, b)`
    Fields,
    /// `("text", "text")`
    Texts,
    /// `(field = literal, ...)`
    Pairs,
    /// `= path` or `= path(a, b)`
    Call,
}

/// A value as the user wrote it.
pub(crate) enum Value {
    Flag,
    Text(LitStr),
    /// A literal as a string: the text that the variable would hold.
    Literal(Literal),
    /// A path or a range, which the expansion repeats without a look inside.
    Tokens(TokenStream),
    /// The names of fields.
    Fields(Vec<Ident>),
    Texts(Vec<LitStr>),
    /// Fields, each with a literal as a string.
    Pairs(Vec<(Ident, Literal)>),
    /// A function, and the fields that are its arguments.
    Call(Call),
}

/// A call of a user's function.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) path: TokenStream,
    /// The names of fields.
    pub(crate) arguments: Vec<Ident>,
}

impl Value {
    /// Reads a value up to the next `,`. A value of another shape is a mistake on `key`.
    pub(super) fn parse(shape: Shape, key: &Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let written = Written::ahead(input);
        let value = match shape {
            Shape::Default if !input.peek(Token![=]) => Some(Self::Flag),
            Shape::Flag => (!input.peek(Token![=])).then_some(Self::Flag),
            Shape::Fields if input.peek(Paren) => list(input, Ident::parse_any)?.map(Self::Fields),
            Shape::Texts => list(input, <LitStr as Parse>::parse)?.map(Self::Texts),
            Shape::Pairs => pairs(key, input)?.map(Self::Pairs),
            _ if input.parse::<Option<Token![=]>>()?.is_none() => None,
            Shape::Text => text(input)?.map(Self::Text),
            Shape::Path => path(key, input)?.map(Self::Tokens),
            Shape::Default | Shape::Literal => literal(key, input)?.map(Self::Literal),
            Shape::Range => range(input)?.map(Self::Tokens),
            Shape::Call => call(input)?.map(Self::Call),
            Shape::Fields => field(input)?.map(|field| Self::Fields(vec![field])),
        };
        // Leftover tokens belong to an expression, which no key takes.
        let has_ended = input.is_empty() || input.peek(Token![,]);
        value
            .filter(|_| has_ended)
            .ok_or_else(|| syn::Error::new_spanned(key, expected(shape, key, &written)))
    }

    pub(crate) fn text(&self) -> Option<&LitStr> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn literal(&self) -> Option<&Literal> {
        match self {
            Self::Literal(literal) => Some(literal),
            _ => None,
        }
    }

    pub(crate) fn fields(&self) -> Option<&[Ident]> {
        match self {
            Self::Fields(fields) => Some(fields),
            _ => None,
        }
    }

    pub(crate) fn pairs(&self) -> Option<&[(Ident, Literal)]> {
        match self {
            Self::Pairs(pairs) => Some(pairs),
            _ => None,
        }
    }

    pub(crate) fn call(&self) -> Option<&Call> {
        match self {
            Self::Call(call) => Some(call),
            _ => None,
        }
    }

    pub(crate) fn texts(&self) -> Option<&[LitStr]> {
        match self {
            Self::Texts(texts) => Some(texts),
            _ => None,
        }
    }

    pub(crate) fn tokens(&self) -> Option<&TokenStream> {
        match self {
            Self::Tokens(tokens) => Some(tokens),
            _ => None,
        }
    }
}

fn text(input: ParseStream<'_>) -> syn::Result<Option<LitStr>> {
    input.peek(LitStr).then(|| input.parse()).transpose()
}

/// Returns the elements between parentheses.
fn list<T>(
    input: ParseStream<'_>,
    element: fn(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<Option<Vec<T>>> {
    if !input.peek(Paren) {
        return Ok(None);
    }
    let inside;
    syn::parenthesized!(inside in input);
    // Tokens apart, because a buffer with leftover tokens is a mistake of its own.
    let tokens: TokenStream = inside.parse()?;
    let parser = |inside: ParseStream<'_>| {
        Punctuated::<T, Token![,]>::parse_terminated_with(inside, element)
    };
    let list = parser.parse2(tokens);
    let list: Option<Vec<T>> = list.ok().map(|list| list.into_iter().collect());
    Ok(list.filter(|list| !list.is_empty()))
}

/// Returns fields and literals between parentheses: `(rate = 600, burst = 5)`.
fn pairs(key: &Ident, input: ParseStream<'_>) -> syn::Result<Option<Vec<(Ident, Literal)>>> {
    if !input.peek(Paren) {
        return Ok(None);
    }
    let inside;
    syn::parenthesized!(inside in input);
    // Tokens apart, because a buffer with leftover tokens is a mistake of its own.
    let tokens: TokenStream = inside.parse()?;
    let parser = |inside: ParseStream<'_>| {
        let mut pairs = Vec::new();
        while !inside.is_empty() {
            let field = inside.call(Ident::parse_any)?;
            inside.parse::<Token![=]>()?;
            let text = literal(&field, inside)?;
            let has_ended = inside.is_empty() || inside.peek(Token![,]);
            let Some(text) = text.filter(|_| has_ended) else {
                skip(inside)?;
                let message = format!("`{key}` takes literals: `{key}({field} = \"...\")`");
                return Err(syn::Error::new_spanned(field, message));
            };
            pairs.push((field, text));
            inside.parse::<Option<Token![,]>>()?;
        }
        Ok(pairs)
    };
    let pairs = parser.parse2(tokens)?;
    Ok((!pairs.is_empty()).then_some(pairs))
}

/// Returns a path, and the fields between the parentheses after it.
fn call(input: ParseStream<'_>) -> syn::Result<Option<Call>> {
    if input.peek(Lit) || input.fork().parse::<ExprPath>().is_err() {
        return Ok(None);
    }
    let path = input.parse::<ExprPath>()?.into_token_stream();
    let arguments = if input.peek(Paren) {
        match list(input, Ident::parse_any)? {
            Some(arguments) => arguments,
            None => return Ok(None),
        }
    } else {
        Vec::new()
    };
    Ok(Some(Call { path, arguments }))
}

/// Returns the name of a field in quotes.
fn field(input: ParseStream<'_>) -> syn::Result<Option<Ident>> {
    let text = text(input)?;
    Ok(text.and_then(|text| text.parse_with(Ident::parse_any).ok()))
}

fn path(key: &Ident, input: ParseStream<'_>) -> syn::Result<Option<TokenStream>> {
    if input.peek(Lit) {
        return Ok(None);
    }
    // A function may be that of a trait: `<u8 as FromStr>::from_str`.
    if input.peek(Token![<]) && key != "crate" {
        let path = input.fork().parse::<ExprPath>().is_ok();
        return path
            .then(|| input.parse::<ExprPath>().map(ExprPath::into_token_stream))
            .transpose();
    }
    let path = input.fork().parse::<Path>().is_ok();
    path.then(|| input.parse::<Path>().map(Path::into_token_stream))
        .transpose()
}

/// Returns the literal that follows a key, as the user wrote it.
pub(super) fn literal_ahead(input: ParseStream<'_>) -> Option<String> {
    let ahead = input.fork();
    ahead.parse::<Token![=]>().ok()?;
    let literal: Lit = ahead.parse().ok()?;
    Some(literal.to_token_stream().to_string())
}

fn literal(key: &Ident, input: ParseStream<'_>) -> syn::Result<Option<Literal>> {
    let minus = input.parse::<Option<Token![-]>>()?;
    if !input.peek(Lit) {
        return Ok(None);
    }
    let literal: Lit = input.parse()?;
    let span = literal.span();
    let text = match (minus, literal) {
        (None, Lit::Str(text)) => text.value(),
        (None, Lit::Bool(word)) => word.value.to_string(),
        (None, Lit::Char(letter)) => letter.value().to_string(),
        (minus, Lit::Int(number)) => signed(minus, verbatim(key, &number, number.base10_digits())?),
        (minus, Lit::Float(number)) => signed(minus, number.base10_digits()),
        _ => return Ok(None),
    };
    let mut text = Literal::string(&text);
    text.set_span(span);
    Ok(Some(text))
}

/// Returns the digits, or a mistake if the user wrote no decimal digits, as in `0xFF`.
fn verbatim<'d>(key: &Ident, number: &impl ToTokens, digits: &'d str) -> syn::Result<&'d str> {
    let written = number.to_token_stream().to_string().replace('_', "");
    if written.starts_with(digits) {
        return Ok(digits);
    }
    let message = format!(
        "`{key}` is text for the parser of the type, which would see {digits}; \
         write {digits}, or the text as a string: `{key} = \"{written}\"`"
    );
    Err(syn::Error::new_spanned(key, message))
}

fn signed(minus: Option<Token![-]>, digits: &str) -> String {
    let sign = minus.map_or("", |_| "-");
    format!("{sign}{digits}")
}

/// Returns the tokens up to the next `,` if `..` is among them. The compiler checks the
/// rest, because a range of constants is a range too.
fn range(input: ParseStream<'_>) -> syn::Result<Option<TokenStream>> {
    let range = skip(input)?;
    Ok(has_dots(range.clone()).then_some(range))
}

/// Returns whether `..` is among the tokens, and not only in a string.
fn has_dots(tokens: TokenStream) -> bool {
    let mut is_after_dot = false;
    tokens.into_iter().any(|token| match token {
        TokenTree::Punct(punct) if punct.as_char() == '.' => {
            std::mem::replace(&mut is_after_dot, true)
        }
        TokenTree::Group(group) => has_dots(group.stream()),
        _ => {
            is_after_dot = false;
            false
        }
    })
}

/// Returns the tokens up to the next `,`, so that parsing goes on after a mistake.
pub(super) fn skip(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    let mut bars = 0;
    // Between its bars, a closure has commas of its own.
    while !input.is_empty() && (!input.peek(Token![,]) || bars == 1) {
        let token = input.parse::<TokenTree>()?;
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '|') {
            bars += 1;
        }
        tokens.extend([token]);
    }
    Ok(tokens)
}

/// A value of the wrong shape, as far as a remedy depends on it.
enum Written {
    Closure,
    /// A path in quotes, as serde takes paths.
    QuotedPath(String),
    /// A variant of an enum, by its name.
    Variant(String),
    /// A value after `:` or in parentheses, without `=`.
    Unequal(String),
    Other,
}

impl Written {
    fn ahead(input: ParseStream<'_>) -> Self {
        let ahead = input.fork();
        if ahead.parse::<Token![=]>().is_err() {
            return Self::unequal(&ahead).map_or(Self::Other, Self::Unequal);
        }
        if ahead.peek(Token![|]) || ahead.peek(Token![||]) || ahead.peek(Token![move]) {
            return Self::Closure;
        }
        match ahead.parse() {
            Ok(Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            })) if is_path(&text.value()) => Self::QuotedPath(text.value()),
            Ok(Expr::Path(ExprPath { path, .. })) => match path.segments.last() {
                Some(last) if is_variant(&last.ident) => Self::Variant(last.ident.to_string()),
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }

    /// Returns the value in `key: value` and `key(value)`.
    fn unequal(ahead: ParseStream<'_>) -> Option<String> {
        let value: TokenStream = if ahead.peek(Token![:]) {
            ahead.parse::<Token![:]>().ok()?;
            skip(ahead).ok()?
        } else {
            match ahead.parse().ok()? {
                TokenTree::Group(group) => group.stream(),
                _ => return None,
            }
        };
        let mut tokens = value.clone().into_iter();
        let is_end = |token: &TokenTree| match token {
            TokenTree::Punct(punct) => matches!(punct.as_char(), ',' | '='),
            _ => false,
        };
        // The dots of a range stand beside a `=`.
        let is_single = has_dots(value.clone()) || !tokens.any(|token| is_end(&token));
        (is_single && !value.is_empty()).then(|| value.to_string())
    }
}

/// Returns whether a text is a path. Its letters are looked at, because the compiler
/// reports a text by itself that it cannot make tokens of.
fn is_path(text: &str) -> bool {
    let is_word = |word: &str| {
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && word.chars().all(is_letter)
    };
    text.split("::").all(is_word)
}

/// Returns whether a name is in upper camel case, as types and variants are.
fn is_variant(ident: &Ident) -> bool {
    let name = ident.to_string();
    name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
}

/// Returns the word of a variant, unless its enum has another.
fn word(variant: &str) -> String {
    let mut word = String::new();
    for letter in variant.chars() {
        if letter.is_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.extend(letter.to_lowercase());
    }
    word
}

fn expected(shape: Shape, key: &Ident, written: &Written) -> String {
    let key = key.unraw();
    match (shape, written) {
        (Shape::Path | Shape::Call, Written::Closure) => {
            return format!(
                "`{key}` takes the path of a function, not a closure; \
                 write a function and `{key} = path`"
            )
        }
        (Shape::Path | Shape::Call, Written::QuotedPath(path)) => {
            return format!(
                "`{key}` takes the path of a function, without quotes; write `{key} = {path}`"
            )
        }
        (Shape::Default | Shape::Literal, Written::Variant(variant)) => {
            let of_option = match &**variant {
                "None" => "; an `Option` is `None` without a default",
                _ => "",
            };
            return format!(
                "`{key}` takes a literal: the text that the variable would hold; \
                 for a variant write its word: `{key} = \"{}\"`{of_option}",
                word(variant)
            );
        }
        (
            Shape::Text
            | Shape::Path
            | Shape::Default
            | Shape::Literal
            | Shape::Range
            | Shape::Call,
            Written::Unequal(value),
        ) => return format!("the value of `{key}` follows a `=`; write `{key} = {value}`"),
        _ => {}
    }
    match shape {
        Shape::Flag => format!("`{key}` takes no value; write `{key}` alone"),
        Shape::Text => format!("`{key}` takes a string: `{key} = \"...\"`"),
        Shape::Path => format!("`{key}` takes the path of a function: `{key} = path`"),
        Shape::Literal => format!("`{key}` takes a literal: `{key} = \"...\"`"),
        Shape::Default => format!(
            "`{key}` takes a literal: the text that the variable would hold; \
             for an expression write a function and `default_fn = path`"
        ),
        Shape::Range => format!("`{key}` takes a range: `{key} = 1..=64`"),
        Shape::Pairs => format!("`{key}` takes fields with literals: `{key}(rate = 600)`"),
        Shape::Call => format!(
            "`{key}` takes the path of a function: `{key} = path`, \
             or `{key} = path(a, b)` with fields before it"
        ),
        Shape::Fields => format!("`{key}` takes the names of fields: `{key}(a, b)`"),
        Shape::Texts => format!("`{key}` takes a name and a remedy: `{key}(\"OLD\", \"use NEW\")`"),
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Ident, Span};
    use syn::parse::Parser;

    use super::{Shape, Value};

    fn parse(shape: Shape, value: &str) -> Result<Value, String> {
        let key = Ident::new("key", Span::call_site());
        let parser = |input: syn::parse::ParseStream<'_>| Value::parse(shape, &key, input);
        parser.parse_str(value).map_err(|err| err.to_string())
    }

    fn literal(value: &str) -> String {
        let value = parse(Shape::Literal, value).unwrap();
        value.literal().unwrap().to_string()
    }

    #[test]
    fn a_literal_is_the_text_that_the_variable_would_hold() {
        assert_eq!(literal("= \"a b\""), "\"a b\"");
        assert_eq!(literal("= 8_000"), "\"8000\"");
        assert_eq!(literal("= -1.5"), "\"-1.5\"");
        assert_eq!(literal("= true"), "\"true\"");
        assert_eq!(literal("= 'x'"), "\"x\"");
    }

    #[test]
    fn a_number_of_another_base_is_a_mistake() {
        let mistake = parse(Shape::Literal, "= 0xFF").err().unwrap();
        assert!(mistake.contains("which would see 255"), "{mistake}");
    }

    #[test]
    fn a_value_of_another_shape_is_a_mistake() {
        for (shape, value) in [
            (Shape::Flag, "= true"),
            (Shape::Text, ""),
            (Shape::Text, "= 1"),
            (Shape::Path, "= \"path\""),
            (Shape::Literal, "= 1 + 1"),
            (Shape::Literal, "= -\"text\""),
            (Shape::Range, "= 64"),
        ] {
            let mistake = parse(shape, value).err();
            let mistake = mistake.unwrap_or_else(|| panic!("`{value}` is accepted"));
            assert!(mistake.starts_with("`key` takes "), "{mistake}");
        }
    }

    #[test]
    fn a_default_needs_no_value() {
        assert!(matches!(parse(Shape::Default, ""), Ok(Value::Flag)));
        assert!(matches!(
            parse(Shape::Default, "= 1"),
            Ok(Value::Literal(_))
        ));
    }

    #[test]
    fn a_range_may_be_made_of_constants() {
        let value = parse(Shape::Range, "= MIN..=limits::MAX").unwrap();
        assert_eq!(
            value.tokens().unwrap().to_string().replace(' ', ""),
            "MIN..=limits::MAX"
        );
    }
}
