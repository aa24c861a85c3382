use std::path::Path;

/// The table stays true: each named test exists, and no row is without a test.
#[test]
fn every_complaint_names_a_test_that_is_there() {
    let suites = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(suites.join("derive/COMPLAINTS.md")).unwrap();
    let rows: Vec<_> = table
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| #"))
        .collect();

    for row in &rows {
        let [_, _, _, shown_by, _] = *row.split('|').collect::<Vec<_>>() else {
            panic!("not a row of three columns: {row}");
        };
        let named: Vec<_> = shown_by.split('`').skip(1).step_by(2).collect();
        let tests = named.iter().filter_map(|name| name.split_once("::"));
        let snapshots = named.iter().filter(|name| name.starts_with("ui/"));
        assert!(
            tests.clone().count() + snapshots.clone().count() > 0,
            "no test: {row}"
        );
        for (module, test) in tests {
            let suite = suites.join(format!("derive/{module}.rs"));
            let suite =
                std::fs::read_to_string(&suite).unwrap_or_else(|err| panic!("{row}: {err}"));
            assert!(suite.contains(&format!("fn {test}()")), "{module}::{test}");
        }
        for snapshot in snapshots {
            assert!(suites.join(snapshot).exists(), "{snapshot}");
        }
    }
    assert_eq!(rows.len(), 42 + 19);
}
