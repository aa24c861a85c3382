//! `ENV`, `EXPOSE` and `HEALTHCHECK` of the last stage of a Dockerfile.

use std::collections::HashMap;

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
        args: HashMap::new(),
        workload: Workload::new(Format::Dockerfile, "image", input.place(1, 1)),
    };
    reader.read();
    reader.workload.scope = Scope::Part;
    reader.workload
}

struct Reader<'i> {
    input: &'i Input,
    escape: char,
    /// The variables of the stages that have a name.
    stages: HashMap<String, Environment>,
    stage: Option<String>,
    /// The defaults of `ARG`, if they are known.
    args: HashMap<String, Option<String>>,
    workload: Workload,
}

/// An instruction with its lines joined. Each letter has its place.
struct Instruction {
    text: Vec<(char, usize, usize)>,
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
                for (name, text, _) in self.assignments(letters) {
                    self.args.insert(name, text);
                }
                if !rest.contains('=') {
                    self.args.insert(rest.trim().to_owned(), None);
                }
            }
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
            self.stages.insert(name, self.workload.env.clone());
        }
        let words: Vec<&str> = rest
            .split_whitespace()
            .filter(|word| !word.starts_with("--"))
            .collect();
        let base = words.first().map(|base| base.to_ascii_lowercase());
        let inherited = base.and_then(|base| self.stages.get(&base).cloned());
        self.workload.env = inherited.unwrap_or_default();
        self.workload.ports.clear();
        self.workload.probes.clear();
        self.workload.findings.clear();
        if let [_, by, name] = words[..] {
            if by.eq_ignore_ascii_case("as") {
                self.stage = Some(name.to_ascii_lowercase());
            }
        }
    }

    fn env(&mut self, letters: &[(char, usize, usize)]) {
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

    fn expose(&mut self, letters: &[(char, usize, usize)]) {
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
    fn assignments(
        &mut self,
        letters: &[(char, usize, usize)],
    ) -> Vec<(String, Option<String>, Place)> {
        let start = letters
            .iter()
            .position(|(letter, ..)| !letter.is_whitespace());
        let letters = &letters[start.unwrap_or(letters.len())..];
        let is_end = |(letter, ..): &(char, usize, usize)| letter.is_whitespace();
        let first = letters.iter().position(is_end).unwrap_or(letters.len());
        if !letters[..first].iter().any(|(letter, ..)| *letter == '=') {
            let Some((_, line, column)) = letters.first() else {
                return Vec::new();
            };
            let name = letters[..first].iter().map(|(letter, ..)| letter).collect();
            let rest: String = letters[first..].iter().map(|(letter, ..)| letter).collect();
            if rest.trim().is_empty() {
                return Vec::new();
            }
            let place = self.input.place(*line, *column);
            return vec![(name, Some(rest.trim().to_owned()), place)];
        }
        let mut assignments = Vec::new();
        for (word, place) in self.words(letters) {
            let Some((name, text)) = word.split_once('=') else {
                let message = "docker rejects a word without `=`; put the value in quotes";
                let finding = Finding::error(place, "ENV", "changed", message);
                self.workload.findings.push(finding);
                continue;
            };
            let text = (!text.contains(UNKNOWN)).then(|| text.to_owned());
            assignments.push((name.to_owned(), text, place));
        }
        assignments
    }

    /// Returns the words, with quotes and escapes removed and variables replaced.
    fn words(&self, letters: &[(char, usize, usize)]) -> Vec<(String, Place)> {
        let mut words = Vec::new();
        let mut at = 0;
        while at < letters.len() {
            if letters[at].0.is_whitespace() {
                at += 1;
                continue;
            }
            let (_, line, column) = letters[at];
            let (text, end) = self.word(letters, at);
            words.push((text, self.input.place(line, column)));
            at = end;
        }
        words
    }

    fn word(&self, letters: &[(char, usize, usize)], mut at: usize) -> (String, usize) {
        let mut text = String::new();
        let mut quote = None;
        while let Some((letter, ..)) = letters.get(at).copied() {
            let next = letters.get(at + 1).map(|(next, ..)| *next);
            at += 1;
            match (quote, letter) {
                (None, letter) if letter.is_whitespace() => break,
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
    fn variable(&self, letters: &[(char, usize, usize)], at: usize, text: &mut String) -> usize {
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
        let env = self
            .workload
            .env
            .get(&name)
            .map(|setting| setting.text.clone());
        let known = env.or_else(|| self.args.get(&name).cloned()).flatten();
        let mut default = None;
        if is_braced {
            let close = (end..letters.len()).find(|at| get(*at) == Some('}'));
            let close = close.unwrap_or(letters.len());
            let operator: String = letters[end..close]
                .iter()
                .map(|(letter, ..)| letter)
                .collect();
            default = operator.strip_prefix(":-").map(str::to_owned);
            end = (close + 1).min(letters.len());
        }
        match known.or(default) {
            Some(known) => text.push_str(&known),
            // The base image may set it.
            None => text.push(UNKNOWN),
        }
        if text.len() > MAX_TEXT {
            *text = UNKNOWN.to_string();
        }
        end
    }
}

/// Stands for a part of a text that is unknown. No Dockerfile holds it.
const UNKNOWN: char = '\0';

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
