//! The words of the command line, for completions and for near misses.

/// A command, or the program without a command.
pub(super) struct Words {
    /// The command; empty for the program without a command.
    pub(super) command: &'static str,
    /// A line about the command.
    pub(super) about: &'static str,
    pub(super) options: &'static [Flag],
    /// Whether files may follow.
    pub(super) takes_files: bool,
}

/// An option.
pub(super) struct Flag {
    /// The name, without dashes.
    pub(super) name: &'static str,
    /// The value that follows.
    pub(super) value: Value,
    /// A line about the option.
    pub(super) about: &'static str,
}

/// The value of an option.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    Nothing,
    /// The name of a variable.
    Variable,
    /// One of these words.
    Words(&'static [&'static str]),
    File,
    /// A text that nobody can complete.
    Text,
}

const fn flag(name: &'static str, value: Value, about: &'static str) -> Flag {
    Flag { name, value, about }
}

const RESULT: Value = Value::Words(&["text", "json"]);

/// Every command.
pub(super) const COMMANDS: &[Words] = &[
    Words {
        command: "",
        about: "serve",
        options: &[
            flag("check", Value::Nothing, "validate the configuration"),
            flag("with-secrets", Value::Nothing, "fetch the secrets, too"),
            flag("strict", Value::Nothing, "fail for warnings too"),
            flag("format", RESULT, "format of the result"),
            flag(
                "help",
                Value::Variable,
                "print the help, or the documentation of a variable",
            ),
            flag("version", Value::Nothing, "print the version"),
        ],
        takes_files: false,
    },
    Words {
        command: "migrate",
        about: "migrate the tables of the database",
        options: &[],
        takes_files: false,
    },
    Words {
        command: "config",
        about: "print the variables, or check deployment files",
        options: &[
            flag(
                "format",
                Value::Words(&[
                    "text",
                    "markdown",
                    "env",
                    "json",
                    "kubernetes",
                    "compose",
                    "systemd",
                    "json-schema",
                    "env-schema",
                    "man",
                    "github",
                    "sarif",
                ]),
                "format of the variables, or of the findings",
            ),
            flag("diff", Value::File, "print the changes since a release"),
            flag(
                "compare",
                Value::Text,
                "print the differences between instances",
            ),
            flag("timeout", Value::Text, "time of each instance to answer"),
            flag(
                "check",
                Value::Nothing,
                "print the mistakes of deployment files",
            ),
            flag(
                "spec",
                Value::File,
                "judge by the specification of another build",
            ),
            flag(
                "strict",
                Value::Nothing,
                "report an unread variable as an error",
            ),
            flag("deny-warnings", Value::Nothing, "fail for warnings too"),
            flag(
                "container",
                Value::Text,
                "judge the containers with this name alone",
            ),
        ],
        takes_files: true,
    },
    Words {
        command: "probe",
        about: "send GET to a URL, or to this service",
        options: &[flag("timeout", Value::Text, "time to wait for the answer")],
        takes_files: false,
    },
    Words {
        command: "doctor",
        about: "print the findings about this deployment",
        options: &[
            flag("grace", Value::Text, "time from SIGTERM to SIGKILL"),
            flag("strict", Value::Nothing, "fail for warnings too"),
            flag("format", RESULT, "format of the findings"),
        ],
        takes_files: false,
    },
    Words {
        command: "completions",
        about: "print the completions of a shell",
        options: &[],
        takes_files: false,
    },
    Words {
        command: "help",
        about: "print the help, or the documentation of a variable",
        options: &[],
        takes_files: false,
    },
    Words {
        command: "version",
        about: "print the version",
        options: &[],
        takes_files: false,
    },
];

/// Returns the words of a command.
pub(super) fn words(command: &str) -> Option<&'static Words> {
    COMMANDS.iter().find(|words| words.command == command)
}
