//! The prose of Rust code, found by a small lexer: comments, and texts that look like messages.

/// The fewest words of a text that counts as a message.
const MIN_WORDS: usize = 3;

/// The prose of a file, each line with its number.
#[derive(Debug, Default)]
pub(crate) struct Prose {
    pub(crate) comments: Vec<(usize, String)>,
    pub(crate) messages: Vec<(usize, String)>,
}

/// Returns the comments and the messages of a file. Tests at the end of a file have no
/// messages: their texts are data.
pub(crate) fn prose(code: &str) -> Prose {
    let tests = code.find("#[cfg(test)]\nmod tests {").unwrap_or(code.len());
    let mut prose = Prose::default();
    let mut lexer = Lexer { code, at: 0 };
    let (mut line, mut counted) = (1, 0);
    while let Some(token) = lexer.next() {
        let (at, text) = match token {
            Token::Comment(at, text) | Token::Text(at, text) => (at, text),
        };
        line += code[counted..at].matches('\n').count();
        counted = at;
        match token {
            Token::Comment(..) => prose.comments.push((line, text.to_owned())),
            Token::Text(..) if at < tests && is_message(text) => {
                prose.messages.push((line, text.replace("\\n", " ")));
            }
            Token::Text(..) => {}
        }
    }
    prose
}

fn is_message(text: &str) -> bool {
    let words = text.split_whitespace();
    words
        .filter(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .count()
        >= MIN_WORDS
}

#[derive(Clone, Copy)]
enum Token<'c> {
    Comment(usize, &'c str),
    Text(usize, &'c str),
}

struct Lexer<'c> {
    code: &'c str,
    at: usize,
}

impl<'c> Lexer<'c> {
    fn next(&mut self) -> Option<Token<'c>> {
        loop {
            let rest = &self.code[self.at..];
            let char = rest.chars().next()?;
            if rest.starts_with("//") {
                return Some(self.comment(rest));
            }
            if let Some(hashes) = raw_text(rest) {
                return Some(self.raw(rest, hashes));
            }
            match char {
                '"' => return Some(self.text(rest)),
                '\'' => self.at += character(rest),
                // A word is skipped whole, so that the `r` at its end begins no raw text.
                _ if char == '_' || char.is_alphanumeric() => {
                    let end = rest.find(|char: char| char != '_' && !char.is_alphanumeric());
                    self.at += end.unwrap_or(rest.len());
                }
                _ => self.at += char.len_utf8(),
            }
        }
    }

    fn comment(&mut self, rest: &'c str) -> Token<'c> {
        let line = rest.lines().next().unwrap_or(rest);
        let start = self.at;
        self.at += line.len();
        let text = line.trim_start_matches('/');
        Token::Comment(start, text.strip_prefix('!').unwrap_or(text))
    }

    fn raw(&mut self, rest: &'c str, hashes: usize) -> Token<'c> {
        let open = rest.find('"').unwrap_or(0) + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        let length = rest[open..].find(&close).unwrap_or(rest.len() - open);
        let start = self.at;
        self.at = (start + open + length + close.len()).min(self.code.len());
        Token::Text(start, &rest[open..open + length])
    }

    fn text(&mut self, rest: &'c str) -> Token<'c> {
        let start = self.at;
        let mut is_escaped = false;
        let end = rest[1..].find(|char| {
            let is_end = char == '"' && !is_escaped;
            is_escaped = char == '\\' && !is_escaped;
            is_end
        });
        let end = end.map_or(rest.len(), |end| end + 1);
        self.at = (start + end + 1).min(self.code.len());
        Token::Text(start, &rest[1..end])
    }
}

/// Returns the number of `#` of a raw text that begins here.
fn raw_text(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let quote = after.trim_start_matches('#');
    quote.starts_with('"').then(|| after.len() - quote.len())
}

/// Returns the length of the character or lifetime that begins here.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let after = at + escaped.len_utf8();
            after + rest[after..].find('\'').map_or(0, |end| end + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

#[test]
fn comments_and_messages_are_found() {
    let code = "//! Of a file.\nlet a = '\"'; let b: &'static str = \"x\"; // Of a line.\n\
                f(\"not a // comment here\"); g('\\'', r#\"a \"raw\" text of words\"#);\n\
                #[cfg(test)]\nmod tests {\n    /// A claim.\n    let c = \"the text of a test\";\n}\n";
    let prose = prose(code);
    assert_eq!(
        prose.comments,
        [
            (1, " Of a file.".to_owned()),
            (2, " Of a line.".to_owned()),
            (6, " A claim.".to_owned())
        ]
    );
    assert_eq!(
        prose.messages,
        [
            (3, "not a // comment here".to_owned()),
            (3, "a \"raw\" text of words".to_owned())
        ]
    );
}
