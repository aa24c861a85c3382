//! The text format that is older than `OpenMetrics`, version 0.0.4.

/// Rewrites `OpenMetrics`. The samples stay the same; their descriptions have the name of
/// the samples, fewer types, no unit and no end.
pub(super) fn from_open_metrics(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len());
    let mut help = "";
    for line in open_metrics.lines() {
        if let Some(described) = line.strip_prefix("# HELP ") {
            help = described;
        } else if let Some((name, kind)) = described_type(line) {
            let (suffix, kind) = match kind {
                "counter" => ("_total", "counter"),
                "info" => ("_info", "gauge"),
                "stateset" => ("", "gauge"),
                "unknown" => ("", "untyped"),
                kind => ("", kind),
            };
            let help = help.strip_prefix(name).unwrap_or_default();
            text.extend(["# HELP ", name, suffix, help, "\n"]);
            text.extend(["# TYPE ", name, suffix, " ", kind, "\n"]);
        } else if !line.starts_with('#') {
            // It has no examples.
            let sample = line.split_once(" # {").map_or(line, |(sample, _)| sample);
            text.extend([sample, "\n"]);
        }
    }
    text
}

fn described_type(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("# TYPE ")?.rsplit_once(' ')
}
