use super::compose;
use super::lines::EnvFile;
use super::Dialect;

/// Returns a line for each assignment, with the places of its name and of its text, and a line
/// for each line that is not read.
fn shown(file: &EnvFile) -> Vec<String> {
    let assignments = file.assignments.iter().map(|it| {
        let (line, column, text_column) = (it.line, it.column, it.text_column);
        format!("{line}:{column}:{text_column} {} {:?}", it.name, it.text)
    });
    let unread = file.unread.iter();
    let unread = unread.map(|it| format!("{} {}", it.line, it.reason));
    assignments.chain(unread).collect()
}

#[test]
fn the_lines_of_python_dotenv_have_their_places_and_texts() {
    let text = "# A=0\nA=1\n  export\tB = \"two\\\"\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\q\"  # c\n'C D'='\\n\\'\\\\\\a'\n\
        exported=1\né=ü # c\nE=x#y\nF= #c\nG=#c\nH\nI = a b \t\r\nJ=\"1\n2\"\nK=${A}-${B2:-d}-${A:x}\n\
        L=${NONE}\n=x\nM=\"x\" y\nexport O=${H:-d}$A\n'' = 1\nP='open\n";
    assert_eq!(
        shown(&EnvFile::read(text, Dialect::Dotenv)),
        [
            "2:1:3 A Some(\"1\")",
            "3:10:14 B Some(\"two\\\"\\u{7}\\u{8}\\u{c}\\n\\r\\t\\u{b}\\\\'\\\\q\")",
            "4:1:7 C D Some(\"\\\\n'\\\\\\\\a\")",
            "5:1:10 exported Some(\"1\")",
            "6:1:3 é Some(\"ü\")",
            "7:1:3 E Some(\"x#y\")",
            "8:1:4 F Some(\"\")",
            "9:1:3 G Some(\"#c\")",
            "11:1:5 I Some(\"a b\")",
            "12:1:3 J Some(\"1\\n2\")",
            "14:1:3 K Some(\"1-d-${A:x}\")",
            "15:1:3 L None",
            "18:8:10 O Some(\"d$A\")",
            "16 dotenv cannot read the line and ignores it; write NAME=value, and close quotes",
            "17 dotenv cannot read the line and ignores it; write NAME=value, and close quotes",
            "19 dotenv cannot read the line and ignores it; write NAME=value, and close quotes",
            "20 dotenv cannot read the line and ignores it; write NAME=value, and close quotes"
        ]
    );
}

#[test]
fn the_lines_of_docker_have_their_places_and_texts() {
    let text = "A=1\n\t é= two \"words\" # c \r\n# B=1\n \nC\nD=a=b\n=x\nE F=1\nG\t=1\n";
    assert_eq!(
        shown(&EnvFile::read(text, Dialect::Docker)),
        [
            "1:1:3 A Some(\"1\")",
            "2:3:5 é Some(\" two \\\"words\\\" # c \")",
            "5:1:3 C None",
            "6:1:3 D Some(\"a=b\")",
            "7 docker reads no name before `=`; write NAME=value",
            "8 docker accepts no white space before `=`, and no `export`; write NAME=value",
            "9 docker accepts no white space before `=`, and no `export`; write NAME=value"
        ]
    );
}

#[test]
fn the_lines_of_systemd_have_their_places_and_texts() {
    let text = "A=1\n B\t= two words \t\n;C=1\n#C=1\\\nC=1\nD=\"a\\\"\\\\\\`\\$\\q\\\nb\" 'c\\d' e\n\
        F=x\\\n  y\\ z\nG='a\nb'\nH=é\"q\"\nI= \n  J\nK-L=1\n1M=1\nN=a\rO=b\nexport P=1\n_Q=\\x \nR=\"open";
    assert_eq!(shown(&EnvFile::read(text, Dialect::Systemd)), ["1:1:3 A Some(\"1\")", "2:2:5 B Some(\"two words\")", "6:1:3 D Some(\"a\\\"\\\\`$\\\\qbc\\\\de\")", "8:1:3 F Some(\"x  y z\")", "10:1:3 G Some(\"a\\nb\")", "12:1:3 H Some(\"é\\\"q\\\"\")", "13:1:3 I Some(\"\")", "17:1:3 N Some(\"a\")", "17:5:7 O Some(\"b\")", "19:1:4 _Q Some(\"x\")", "20:1:3 R Some(\"open\")", "14 systemd ignores a line without `=`; write NAME=value", "15 systemd ignores a name that is not of letters, digits and `_`, as `export NAME` is; write NAME=value", "16 systemd ignores a name that is not of letters, digits and `_`, as `export NAME` is; write NAME=value", "18 systemd ignores a name that is not of letters, digits and `_`, as `export NAME` is; write NAME=value"]);
    assert_eq!(
        shown(&EnvFile::read("A=1\nB", Dialect::Systemd)),
        ["1:1:3 A Some(\"1\")"]
    );
    assert_eq!(
        shown(&EnvFile::read("A=1 ", Dialect::Systemd)),
        ["1:1:3 A Some(\"1\")"]
    );
}

#[test]
fn the_lines_of_compose_have_their_places_and_texts() {
    let project = |name: &str| (name == "A").then(|| Some("project".to_owned()));
    let read = |text: &str| {
        let read = compose::read(text, &project);
        (shown(&read.file), read.odd)
    };
    let text = "# A=0\nA=1\r\n  export\tB: \"two\\\"\\a\\b\\f\\n\\r\\t\\v\\\\\\$x\\q\"\nC='\\n\\'$A'\n\
        exported=1\né = ü # c\nE=x#y\nF=\nG\nH.-[0] =\u{a0}a b \t\nI=\"1\n2\"\nJ=$A-${B2:-d}-$C-$$\nK=pa$WORD\nL=$5\n";
    let (lines, odd) = read(text);
    assert_eq!(
        lines,
        [
            "2:1:3 A Some(\"1\")",
            "3:10:13 B Some(\"two\\\"\\u{7}\\u{8}\\u{c}\\n\\r\\t\\u{b}\\\\$x\\\\q\")",
            "4:1:3 C Some(\"\\\\n'$A\")",
            "5:1:10 exported Some(\"1\")",
            "6:1:5 é Some(\"ü\")",
            "7:1:3 E Some(\"x#y\")",
            "8:1:3 F Some(\"\")",
            "9:1:1 G None",
            "10:1:10 H.-[0] Some(\"a b\")",
            "11:1:3 I Some(\"1\\n2\")",
            "13:1:3 J Some(\"project-d-\\\\n'$A-$\")",
            "14:1:3 K None",
            "15:1:3 L Some(\"$5\")"
        ]
    );
    assert_eq!(odd, [(11, "Compose takes a `$` and the letters after it for a variable; write `$$` for `$`, or `${NAME}` for a variable"), (12, "some versions of Compose reject a `$` that begins no variable; write `$$` for `$`")]);
    for (text, wanted) in [
        (
            "A B=1\n",
            &["1 Compose reads no white space in a name, and starts nothing; write NAME=value"][..],
        ),
        (
            "A=1\n!B=1\n",
            &[
                "1:1:3 A Some(\"1\")",
                "2 Compose reads no such name, and starts nothing; write NAME=value",
            ],
        ),
        (
            "A=1\n\nB=\"x",
            &[
                "1:1:3 A Some(\"1\")",
                "3 the quotes do not end, so that Compose starts nothing; close quotes",
            ],
        ),
        (
            "A=\"x\n\nB='x",
            &["1 the quotes do not end, so that Compose starts nothing; close quotes"],
        ),
        (
            "A=${\n",
            &["1 Compose rejects a `$` that begins no variable; write `$$` for `$`"],
        ),
        ("A", &["1:1:1 A None"]),
    ] {
        assert_eq!(read(text).0, wanted, "{text}");
    }
}
