//! `ENV`, the command, `EXPOSE` and `HEALTHCHECK` of the last stage of a Dockerfile.

use std::collections::HashMap;

use super::command;
use super::finding::Finding;
use super::input::Input;
use super::place::Place;
use super::url;
use super::workload::{Carrier, Environment, Format, Port, Scope, Setting, Workload};
use crate::help::expansion::MAX_TEXT;

/// Returns the image that a Dockerfile builds.
pub(super) fn workload(input: &Input) -> Workload {
    let mut reader = Reader {
        input,
        escape: '\\',
        stages: HashMap::new(),
        stage: None,
        has_stage: false,
        global_args: HashMap::new(),
        args: HashMap::new(),
        entrypoint: None,
        command: None,
        workload: Workload::new(Format::Dockerfile, "image", input.place(1, 1)),
    };
    reader.read();
    reader.add_command();
    reader.workload.scope = Scope::Part;
    reader.workload
}

struct Reader<'i> {
    input: &'i Input,
    escape: char,
    /// The stages that have a name.
    stages: HashMap<String, Stage>,
    stage: Option<String>,
    has_stage: bool,
    /// The defaults of `ARG` before the first stage, which the stages do not see.
    global_args: HashMap<String, Option<String>>,
    /// The defaults of `ARG` in the stage, if they are known.
    args: HashMap<String, Option<String>>,
    /// The command of `ENTRYPOINT`.
    entrypoint: Option<Command>,
    /// The command of `CMD`.
    command: Option<Command>,
    workload: Workload,
}

/// The parts of a stage that a stage inherits with `FROM stage`.
#[derive(Clone, Default)]
struct Stage {
    env: Environment,
    findings: Vec<Finding>,
    entrypoint: Option<Command>,
    command: Option<Command>,
}

/// A letter with its line and its column.
type Letter = (char, usize, usize);

/// A command, with a place for each of its words.
#[derive(Clone)]
enum Command {
    Shell(Vec<Letter>),
    Words(Vec<String>, Letter),
}

/// An instruction with its lines joined.
struct Instruction {
    text: Vec<Letter>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut current = Instruction { text: Vec::new() };
        let mut heredocs: Vec<String> = Vec::new();
        let input = self.input;
        for (index, line) in input.text.lines().enumerate() {
            if let Some(end) = heredocs.first() {
                if line.trim_start_matches('\t') == end {
                    heredocs.remove(0);
                }
                continue;
            }
            let trimmed = line.trim();
            if trimmed.starts_with('#') {
                self.directive(trimmed);
                continue;
            }
            if trimmed.is_empty() {
                continue;
            }
            let bare = line.trim_end();
            let (content, continues) = match bare.strip_suffix(self.escape) {
                Some(content) => (content, true),
                None => (line, false),
            };
            let letters = content.chars().enumerate();
            current
                .text
                .extend(letters.map(|(column, letter)| (letter, index + 1, column + 1)));
            if !continues {
                heredocs = self.instruction(&current);
                current.text.clear();
            }
        }
        self.instruction(&current);
    }

    /// Reads `# escape=`.
    fn directive(&mut self, comment: &str) {
        let comment = comment.trim_start_matches('#').trim();
        let escape = comment.strip_prefix("escape").map(str::trim_start);
        let escape = escape
            .and_then(|rest| rest.strip_prefix('='))
            .map(str::trim);
        if let Some(escape @ ("`" | "\\")) = escape {
            self.escape = if escape == "`" { '`' } else { '\\' };
        }
    }

    /// Reads an instruction, and returns the ends of its here-documents.
    fn instruction(&mut self, instruction: &Instruction) -> Vec<String> {
        let text: String = instruction.text.iter().map(|(letter, ..)| letter).collect();
        let trimmed = text.trim_start();
        let (word, rest) = trimmed
            .split_once(|letter: char| letter.is_whitespace())
            .unwrap_or((trimmed, ""));
        let start = text.chars().count() - rest.chars().count();
        let letters = &instruction.text[start.min(instruction.text.len())..];
        match &*word.to_ascii_uppercase() {
            "FROM" => self.from(rest),
            "ARG" => {
                let mut args = self.assignments(letters);
                if !rest.contains('=') {
                    let name = rest.trim();
                    let default = self.global_args.get(name).cloned().flatten();
                    args = vec![(name.to_owned(), default, self.workload.place.clone())];
                }
                let is_global = !self.has_stage;
                let of_stage = if is_global {
                    &mut self.global_args
                } else {
                    &mut self.args
                };
                of_stage.extend(args.into_iter().map(|(name, text, _)| (name, text)));
            }
            "ENTRYPOINT" => {
                self.entrypoint = command(rest, letters);
                // The command of the base is for the entrypoint of the base.
                self.command = None;
            }
            "CMD" => self.command = command(rest, letters),
            "ENV" => self.env(letters),
            "EXPOSE" => self.expose(letters),
            "HEALTHCHECK" => {
                if let Some((_, line, column)) = letters.first() {
                    let place = self.input.place(*line, *column);
                    self.workload.probes.extend(url::probes(rest, &place));
                }
            }
            "RUN" | "COPY" | "ADD" => return heredocs(rest),
            _ => {}
        }
        Vec::new()
    }

    fn from(&mut self, rest: &str) {
        if let Some(name) = self.stage.take() {
            let stage = Stage {
                env: self.workload.env.clone(),
                findings: self.workload.findings.clone(),
                entrypoint: self.entrypoint.clone(),
                command: self.command.clone(),
            };
            self.stages.insert(name, stage);
        }
        self.has_stage = true;
        self.args.clear();
        let words: Vec<&str> = rest
            .split_whitespace()
            .filter(|word| !word.starts_with("--"))
            .collect();
        let base = words.first().map(|base| base.to_ascii_lowercase());
        let inherited = base.and_then(|base| self.stages.get(&base).cloned());
        let inherited = inherited.unwrap_or_default();
        self.workload.env = inherited.env;
        self.entrypoint = inherited.entrypoint;
        self.command = inherited.command;
        self.workload.ports.clear();
        self.workload.probes.clear();
        self.workload.findings = inherited.findings;
        if let [_, by, name] = words[..] {
            if by.eq_ignore_ascii_case("as") {
                self.stage = Some(name.to_ascii_lowercase());
            }
        }
    }

    /// Adds the variables that the command of the image sets before the program.
    fn add_command(&mut self) {
        let place = |(_, line, column): Letter| self.input.place(line, column);
        let words = match (self.entrypoint.take(), self.command.take()) {
            (Some(Command::Shell(letters)), _) | (None, Some(Command::Shell(letters))) => {
                let text: String = letters.iter().map(|(letter, ..)| letter).collect();
                let places = text.char_indices().map(|(at, _)| at).zip(&letters);
                let places: HashMap<usize, Letter> = places.map(|(at, it)| (at, *it)).collect();
                let place = |at: usize| place(places.get(&at).copied().unwrap_or(letters[0]));
                let found = command::of_shell(&text);
                self.workload.env.add_command(found, place);
                return;
            }
            (Some(Command::Words(mut words, at)), command) => {
                if let Some(Command::Words(more, _)) = command {
                    words.extend(more);
                }
                (words, at)
            }
            (None, Some(Command::Words(words, at))) => (words, at),
            (None, None) => return,
        };
        let found = command::of_words(words.0.iter().map(String::as_str));
        self.workload.env.add_command(found, |_| place(words.1));
    }

    fn env(&mut self, letters: &[Letter]) {
        for (name, text, place) in self.assignments(letters) {
            let setting = Setting {
                text,
                name_at: place.clone(),
                text_at: place,
                carrier: Carrier::Manifest,
            };
            self.workload.env.set(&name, setting);
        }
    }

    fn expose(&mut self, letters: &[Letter]) {
        for (text, place) in self.words(letters) {
            let number = text.split('/').next().and_then(|port| port.parse().ok());
            if let Some(number) = number {
                self.workload.ports.push(Port {
                    name: None,
                    number,
                    place,
                });
            }
        }
    }

    /// Returns names and texts of `NAME=value ...`, or of the old `NAME value`.
    fn assignments(&mut self, letters: &[Letter]) -> Vec<(String, Option<String>, Place)> {
        let start = letters
            .iter()
            .position(|(letter, ..)| !letter.is_whitespace());
        let letters = &letters[start.unwrap_or(letters.len())..];
        let is_end = |(letter, ..): &Letter| letter.is_whitespace();
        let first = letters.iter().position(is_end).unwrap_or(letters.len());
        if !letters[..first].iter().any(|(letter, ..)| *letter == '=') {
            let Some((_, line, column)) = letters.first() else {
                return Vec::new();
            };
            let name: String = letters[..first].iter().map(|(letter, ..)| letter).collect();
            let is_text = |(letter, ..): &Letter| !letter.is_whitespace();
            let Some(start) = letters[first..].iter().position(is_text) else {
                return Vec::new();
            };
            let (text, _) = self.word(&letters[first + start..], 0, |_| false);
            let place = self.input.place(*line, *column);
            let text = self.known(&name, text.trim_end(), &place);
            return vec![(name, text, place)];
        }
        let mut assignments = Vec::new();
        for (word, place) in self.words(letters) {
            let Some((name, text)) = word.split_once('=') else {
                let message = "docker rejects a word without `=`; put the value in quotes";
                let finding = Finding::error(place, "ENV", "changed", message);
                self.workload.findings.push(finding);
                continue;
            };
            let text = self.known(name, text, &place);
            assignments.push((name.to_owned(), text, place));
        }
        assignments
    }

    /// Returns a text unless a part of it is unknown. Reports an `ARG` that the stage does not
    /// see.
    fn known(&mut self, name: &str, text: &str, place: &Place) -> Option<String> {
        if text.contains(UNSEEN) {
            let message = "an ARG before FROM is empty in the stage; repeat `ARG` after FROM";
            let finding = Finding::warning(place.clone(), name, "changed", message);
            self.workload.findings.push(finding);
        }
        (!text.contains([UNKNOWN, UNSEEN])).then(|| text.to_owned())
    }

    /// Returns the words, with quotes and escapes removed and variables replaced.
    fn words(&self, letters: &[Letter]) -> Vec<(String, Place)> {
        let mut words = Vec::new();
        let mut at = 0;
        while at < letters.len() {
            if letters[at].0.is_whitespace() {
                at += 1;
                continue;
            }
            let (_, line, column) = letters[at];
            let (text, end) = self.word(letters, at, char::is_whitespace);
            words.push((text, self.input.place(line, column)));
            at = end;
        }
        words
    }

    fn word(
        &self,
        letters: &[Letter],
        mut at: usize,
        ends: impl Fn(char) -> bool,
    ) -> (String, usize) {
        let mut text = String::new();
        let mut quote = None;
        while let Some((letter, ..)) = letters.get(at).copied() {
            let next = letters.get(at + 1).map(|(next, ..)| *next);
            at += 1;
            match (quote, letter) {
                (None, letter) if ends(letter) => break,
                (None, '"' | '\'') => quote = Some(letter),
                (Some(open), letter) if open == letter => quote = None,
                (Some('\''), letter) => text.push(letter),
                (None, letter) if letter == self.escape => {
                    text.extend(next);
                    at += 1;
                }
                (Some(_), letter) if letter == self.escape => {
                    if next.is_some_and(|next| next == '"' || next == '$' || next == self.escape) {
                        text.extend(next);
                        at += 1;
                    } else {
                        text.push(letter);
                    }
                }
                (_, '$') => at = self.variable(letters, at, &mut text),
                (_, letter) => text.push(letter),
            }
        }
        (text, at)
    }

    /// Replaces the variable with its `$` before `at`, and returns the end of its name.
    fn variable(&self, letters: &[Letter], at: usize, text: &mut String) -> usize {
        let get = |at: usize| letters.get(at).map(|(letter, ..)| *letter);
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let is_braced = get(at) == Some('{');
        let start = at + usize::from(is_braced);
        let mut end = start;
        while get(end).is_some_and(is_name) {
            end += 1;
        }
        let name: String = letters[start..end]
            .iter()
            .map(|(letter, ..)| letter)
            .collect();
        if name.is_empty() && !is_braced {
            text.push('$');
            return at;
        }
        let mut operator = String::new();
        if is_braced {
            let close = (end..letters.len()).find(|at| get(*at) == Some('}'));
            let close = close.unwrap_or(letters.len());
            operator.extend(letters[end..close].iter().map(|(letter, ..)| letter));
            end = (close + 1).min(letters.len());
        }
        self.replace(&name, &operator, text);
        if text.len() > MAX_TEXT {
            *text = UNKNOWN.to_string();
        }
        end
    }

    /// Adds the text of `${name operator}`, such as `${NAME:-default}`.
    fn replace(&self, name: &str, operator: &str, text: &mut String) {
        let env = self.workload.env.get(name);
        let env = env.map(|setting| setting.text.clone());
        let known = env.or_else(|| self.args.get(name).cloned());
        let is_unseen = known.is_none() && self.has_stage && self.global_args.contains_key(name);
        let rest = operator.strip_prefix(':').unwrap_or(operator);
        let (kind, word) = rest.split_at(usize::from(!rest.is_empty() && rest.is_ascii()));
        let known = known.flatten().filter(|known| !known.is_empty());
        let is_plain = !word.contains(['$', self.escape, '"', '\'']);
        match (kind, known) {
            ("" | "-" | "?", Some(known)) => text.push_str(&known),
            ("-", None) | ("+", Some(_)) if is_plain => text.push_str(word),
            _ if is_unseen => text.push(UNSEEN),
            // The base image may set it.
            _ => text.push(UNKNOWN),
        }
    }
}

/// Returns the command of an instruction, which is a list in JSON or a text for a shell.
fn command(rest: &str, letters: &[Letter]) -> Option<Command> {
    let first = letters
        .iter()
        .find(|(letter, ..)| !letter.is_whitespace())?;
    Some(match serde_json::from_str(rest.trim()) {
        Ok(words) => Command::Words(words, *first),
        Err(_) => Command::Shell(letters.to_vec()),
    })
}

/// Stands for a part of a text that is unknown. No Dockerfile holds it.
const UNKNOWN: char = '\0';

/// Stands for an `ARG` that the stage does not see.
const UNSEEN: char = '\u{1}';

/// Returns the ends of the here-documents that a command begins.
fn heredocs(command: &str) -> Vec<String> {
    let parts = command.split("<<").skip(1);
    let ends = parts.filter_map(|part| {
        let word = part.trim_start_matches('-').split_whitespace().next()?;
        let word = word.trim_matches(['"', '\'']);
        let is_word = word
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        (is_word && !word.is_empty()).then(|| word.to_owned())
    });
    ends.collect()
}
