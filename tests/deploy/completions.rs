//! Completions, in the shells that they are for.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::app::run;
use crate::process::PROGRAM;

/// Runs a script in a shell, with the completions before it, and returns the words printed.
fn complete(shell: &str, script: &str) -> Vec<String> {
    let completions = run(PROGRAM, &["completions", shell]);
    let mut child = Command::new(shell)
        .args(match shell {
            "bash" => &["--norc"][..],
            "zsh" => &["-f"],
            _ => &["--no-config"],
        })
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    write!(stdin, "{}\n{completions}\n{script}\n", before(shell)).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "", "{shell}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let words = printed.lines().map(|line| line.split('\t').next().unwrap());
    words.map(str::to_owned).collect()
}

/// Returns the parts of the completion system that a script has not.
fn before(shell: &str) -> &'static str {
    match shell {
        "zsh" => {
            "compdef() { print -r -- $1 }; _files() { print -l -- *(N) }\n\
             compadd() { shift; print -l -- ${(M)@:#${words[CURRENT]}*} }"
        }
        _ => "",
    }
}

/// Returns the words that complete a line.
fn candidates(shell: &str, line: &[&str]) -> Vec<String> {
    let quoted: Vec<String> = line.iter().map(|word| format!("'{word}'")).collect();
    let quoted = quoted.join(" ");
    let last = line.len() - 1;
    let mut words = match shell {
        "bash" => complete(
            shell,
            &format!(
                "COMP_WORDS=({quoted}); COMP_CWORD={last}; _demo_service; printf '%s\\n' \"${{COMPREPLY[@]}}\""
            ),
        ),
        "zsh" => complete(
            shell,
            &format!("words=({quoted}); CURRENT={}; _demo_service", line.len()),
        ),
        _ => complete(shell, &format!("complete -C '{}'", line.join(" "))),
    };
    words.retain(|word| !word.is_empty() && word != "_demo_service");
    words.sort();
    words
}

#[test]
fn shells_complete_commands_options_and_values() {
    for (line, expected) in [
        (&["demo-service", "con"][..], &["config"][..]),
        (&["demo-service", "do"], &["doctor"]),
        (&["demo-service", "--ver"], &["--version"]),
        (
            &["demo-service", "doctor", "--"],
            &["--format", "--grace", "--strict"],
        ),
        (&["demo-service", "doctor", "--format", "j"], &["json"]),
        (
            &["demo-service", "config", "--format", "json"],
            &["json", "json-schema"],
        ),
        (
            &["demo-service", "completions", ""],
            &["bash", "fish", "zsh"],
        ),
        (
            &["demo-service", "help", "APP_LOG_"],
            &["APP_LOG_FORMAT", "APP_LOG_LEVEL"],
        ),
        (&["demo-service", "--help", "APP_POR"], &["APP_PORT"]),
    ] {
        for shell in ["bash", "zsh", "fish"] {
            assert_eq!(candidates(shell, line), expected, "{shell}: {line:?}");
        }
    }
}

#[test]
fn files_complete_where_files_are_meant() {
    for shell in ["bash", "zsh", "fish"] {
        let found = candidates(shell, &["demo-service", "config", "--diff", "Cargo"]);
        assert!(
            found.iter().any(|word| word == "Cargo.toml"),
            "{shell}: {found:?}"
        );
    }
}
