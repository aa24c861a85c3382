//! Writes the program: 100 groups of ten fields, as the one dialect that is
//! turned on has it.

#[path = "dialects/mod.rs"]
mod dialects;

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use dialects::{Dialect, Field, Presence};

/// The fields of each group.
const FIELDS: [Field; 10] = [
    Field::new("name", "String", Presence::Required),
    Field::new("url", "String", Presence::Required),
    Field::new("level", "String", Presence::Required),
    Field::new("proxy", "String", Presence::Optional),
    Field::new("user", "String", Presence::Optional),
    Field::new("host", "std::net::IpAddr", Presence::Required),
    Field::new("port", "u16", Presence::Required),
    Field::new("enabled", "bool", Presence::Required),
    Field::new("limit", "u64", Presence::Default("65536")),
    Field::new("ratio", "f64", Presence::Default("0.75")),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=dialects");
    let is_on = |feature: &str| env::var_os(format!("CARGO_FEATURE_{feature}")).is_some();
    let program = match dialects::ALL.iter().find(|(feature, _)| is_on(feature)) {
        Some((_, dialect)) => program(dialect)?,
        None => "fn main() {}".to_owned(),
    };
    fs::write(Path::new(&env::var("OUT_DIR")?).join("program.rs"), program)?;
    Ok(())
}

fn program(dialect: &Dialect) -> Result<String, std::fmt::Error> {
    let mut program = dialect.head.to_owned();
    let groups: Vec<String> = (0..100).map(|number| format!("g{number}")).collect();
    for group in &groups {
        let upper = group.to_uppercase();
        write!(program, "\n{}\nstruct {upper} {{\n", dialect.group)?;
        for field in &FIELDS {
            let attribute = (dialect.field)(&upper, field);
            writeln!(
                program,
                "    {attribute} {}: {},",
                field.name,
                field.full_type()
            )?;
        }
        program.push_str("}\n");
        program.push_str(&(dialect.after_group)(&upper, &FIELDS));
    }
    write!(program, "\n{}\nstruct App {{\n", dialect.root)?;
    for group in &groups {
        let upper = group.to_uppercase();
        writeln!(
            program,
            "    {} {group}: {upper},",
            (dialect.nested)(&upper)
        )?;
    }
    program.push_str("}\n");
    program.push_str(&(dialect.after_root)(&groups));
    writeln!(
        program,
        "\nfn main() {{\n    std::hint::black_box({}.ok());\n}}",
        dialect.load
    )?;
    Ok(program)
}
