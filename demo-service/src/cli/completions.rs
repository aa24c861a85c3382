//! `completions`: scripts for shells, made from the table of words.

use std::fmt::Write as _;

use environ::EnvConfig;

use super::grammar::{COMMANDS, Flag, Value, Words};
use crate::config::AppConfig;

/// A shell that completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// Every shell, with its name.
pub(super) const SHELLS: &[(&str, Shell)] = &[
    ("bash", Shell::Bash),
    ("zsh", Shell::Zsh),
    ("fish", Shell::Fish),
];

/// Returns the script of a shell.
pub(super) fn completions(shell: Shell) -> String {
    match shell {
        Shell::Bash => bash(),
        Shell::Zsh => zsh(),
        Shell::Fish => fish(),
    }
}

fn variables() -> String {
    let lines = AppConfig::help().to_lines();
    let names = lines.lines().filter_map(|line| line.split(' ').next());
    names.collect::<Vec<_>>().join(" ")
}

fn shells() -> String {
    let names = SHELLS.iter().map(|(name, _)| *name);
    names.collect::<Vec<_>>().join(" ")
}

fn commands() -> impl Iterator<Item = &'static Words> {
    COMMANDS.iter().filter(|words| !words.command.is_empty())
}

/// Returns the words that may follow a command: its options, and words without dashes.
fn following(words: &Words) -> String {
    let options = words.options.iter().map(|flag| format!("--{}", flag.name));
    let mut all: Vec<String> = options.collect();
    match words.command {
        "" => all.extend(commands().map(|words| words.command.to_owned())),
        "completions" => all.push(shells()),
        "help" => all.push("$variables".to_owned()),
        _ => {}
    }
    all.join(" ")
}

fn bash() -> String {
    format!(
        r#"# Completions of demo-service for bash: source this file.
_demo_service() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
    local variables="{variables}"
    local command= candidates= files=
    [ "$COMP_CWORD" -gt 1 ] && command=${{COMP_WORDS[1]}}
{cases}
    COMPREPLY=($(compgen -W "$candidates" -- "$current"))
    [ -z "$files" ] || COMPREPLY+=($(compgen -f -- "$current"))
}}
complete -F _demo_service demo-service
"#,
        variables = variables(),
        cases = cases(),
    )
}

fn zsh() -> String {
    format!(
        r#"#compdef demo-service
# Completions of demo-service for zsh: source this file, or put it as `_demo-service` into a
# folder of $fpath.
_demo_service() {{
    local previous=$words[CURRENT-1]
    local variables="{variables}"
    local command= candidates= files=
    [ "$CURRENT" -gt 2 ] && command=$words[2]
{cases}
    compadd -- ${{=candidates}}
    [ -z "$files" ] || _files
}}
if [ "$funcstack[1]" = _demo-service ]; then _demo_service; else compdef _demo_service demo-service; fi
"#,
        variables = variables(),
        cases = cases(),
    )
}

/// Returns the `case` that sets the candidates, in the words that bash and zsh share.
fn cases() -> String {
    let mut cases = String::from(
        "    case $command in -*) command= ;; esac\n    case \"$command $previous\" in\n",
    );
    for words in COMMANDS {
        for flag in words.options {
            let action = match flag.value {
                Value::Words(words) => format!("candidates=\"{}\"", words.join(" ")),
                Value::Variable => "candidates=$variables".to_owned(),
                Value::File => "files=1".to_owned(),
                Value::Text => ":".to_owned(),
                Value::Nothing => continue,
            };
            let pattern = format!("{} --{}", words.command, flag.name);
            let _ = writeln!(cases, "        \"{pattern}\") {action} ;;");
        }
    }
    cases.push_str("        *) case $command in\n");
    for words in COMMANDS {
        let files = if words.takes_files { " files=1" } else { "" };
        let (command, following) = (words.command, following(words));
        let _ = writeln!(
            cases,
            "            \"{command}\") candidates=\"{following}\"{files} ;;"
        );
    }
    cases.push_str("        esac ;;\n    esac");
    cases
}

fn fish() -> String {
    let mut script = String::from(
        "# Completions of demo-service for fish: source this file.\ncomplete -c demo-service -f\n",
    );
    let variables = variables();
    for words in COMMANDS {
        let place = match words.command {
            "" => "__fish_use_subcommand".to_owned(),
            command => {
                let _ = writeln!(
                    script,
                    "complete -c demo-service -n __fish_use_subcommand -a {command} -d '{}'",
                    words.about
                );
                format!("__fish_seen_subcommand_from {command}")
            }
        };
        for flag in words.options {
            add_fish_option(&mut script, &place, flag, &variables);
        }
        let more = match words.command {
            "completions" => format!("-a '{}'", shells()),
            "help" => format!("-a '{variables}'"),
            _ if words.takes_files => "-F".to_owned(),
            _ => continue,
        };
        let _ = writeln!(script, "complete -c demo-service -n '{place}' {more}");
    }
    script
}

fn add_fish_option(script: &mut String, place: &str, flag: &Flag, variables: &str) {
    let value = match flag.value {
        Value::Nothing => String::new(),
        Value::Words(words) => format!(" -x -a '{}'", words.join(" ")),
        Value::Variable => format!(" -x -a '{variables}'"),
        Value::File => " -r -F".to_owned(),
        Value::Text => " -x".to_owned(),
    };
    let Flag { name, about, .. } = flag;
    let _ = writeln!(
        script,
        "complete -c demo-service -n '{place}' -l {name}{value} -d '{about}'"
    );
}
