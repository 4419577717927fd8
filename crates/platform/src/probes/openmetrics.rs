//! `OpenMetrics` text (openmetrics.io, version 1.0.0), from the text of Prometheus.

use std::borrow::Cow;

/// The media type, without parameters.
const MEDIA_TYPE: &str = "application/openmetrics-text";

/// The content type of a response.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The versions that can be read as 1.0.0.
const VERSIONS: [&str; 2] = ["1.0.0", "0.0.1"];

/// Returns true if a client takes `OpenMetrics` at least as gladly as plain text, by its `Accept` header.
pub(crate) fn is_preferred(accept: &str) -> bool {
    let (mut open, mut plain) = (0.0_f32, 0.0_f32);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let (mut quality, mut is_known) = (1.0, true);
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => quality = value.parse().unwrap_or(0.0),
                "version" => is_known = VERSIONS.contains(&value),
                _ => {}
            }
        }
        match media.as_str() {
            MEDIA_TYPE if is_known => open = open.max(quality),
            "text/plain" => plain = plain.max(quality),
            _ => {}
        }
    }
    open > 0.0 && open >= plain
}

/// Returns the text in Prometheus' format as `OpenMetrics`: the family of a counter is named without `_total`, bounds of
/// buckets are written with a decimal point, and the end is marked. A name ends in `_total` if, and only if, it is of a
/// counter.
pub(super) fn from_prometheus(text: &str) -> String {
    let mut open = String::with_capacity(text.len() + 8);
    for line in text.lines().filter(|line| !line.is_empty()) {
        open.push_str(&translated(line));
        open.push('\n');
    }
    open + "# EOF\n"
}

fn translated(line: &str) -> Cow<'_, str> {
    let Some((keyword, rest)) = line.strip_prefix("# ").and_then(|line| line.split_once(' '))
    else {
        return bounded(line);
    };
    let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let family = name.strip_suffix("_total").unwrap_or(name);
    let rest = match keyword {
        "HELP" => rest.replace('"', "\\\""),
        _ => rest.to_owned(),
    };
    Cow::Owned(format!("# {keyword} {family} {rest}"))
}

/// Writes the bound of a bucket, which is the last label, with a decimal point.
fn bounded(line: &str) -> Cow<'_, str> {
    let bound = line.rsplit_once("le=\"").and_then(|(before, rest)| {
        let (bound, after) = rest.split_once('"')?;
        let is_whole = !bound.is_empty() && bound.bytes().all(|byte| byte.is_ascii_digit());
        (is_whole && before.ends_with(['{', ','])).then_some((before, bound, after))
    });
    match bound {
        Some((before, bound, after)) => Cow::Owned(format!("{before}le=\"{bound}.0\"{after}")),
        None => Cow::Borrowed(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accept_header_chooses() {
        for (accept, expected) in [
            ("", false),
            ("*/*", false),
            ("text/plain", false),
            ("text/html, */*;q=0.8", false),
            ("application/openmetrics-text", true),
            ("application/openmetrics-text; version=1.0.0", true),
            ("Application/OpenMetrics-Text;version=\"1.0.0\";charset=utf-8", true),
            ("application/openmetrics-text;version=0.0.1", true),
            ("application/openmetrics-text;version=2.0.0", false),
            ("application/openmetrics-text;q=0", false),
            ("application/openmetrics-text;q=0.3,text/plain;q=0.7", false),
            ("application/openmetrics-text;q=0.5,text/plain;version=0.0.4;q=0.5", true),
            // What Prometheus sends.
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,\
                 application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;q=0.3,\
                 text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
                true,
            ),
            ("application/vnd.google.protobuf;q=0.7,text/plain;version=0.0.4;q=0.5", false),
        ] {
            assert_eq!(is_preferred(accept), expected, "{accept}");
        }
    }

    #[test]
    fn each_line_is_translated() {
        for (line, expected) in [
            ("# HELP a_total Of \"a\".", "# HELP a Of \\\"a\\\"."),
            ("# TYPE a_total counter", "# TYPE a counter"),
            ("# TYPE total_depth gauge", "# TYPE total_depth gauge"),
            ("a_total 1", "a_total 1"),
            ("a_total{of=\"x le=\\\"1\\\"\"} 1", "a_total{of=\"x le=\\\"1\\\"\"} 1"),
            ("s_bucket{le=\"1\"} 2", "s_bucket{le=\"1.0\"} 2"),
            ("s_bucket{job=\"a\",le=\"1800\"} 2", "s_bucket{job=\"a\",le=\"1800.0\"} 2"),
            ("s_bucket{le=\"0.25\"} 2", "s_bucket{le=\"0.25\"} 2"),
            ("s_bucket{le=\"+Inf\"} 2", "s_bucket{le=\"+Inf\"} 2"),
            ("people{role=\"1\"} 3", "people{role=\"1\"} 3"),
        ] {
            assert_eq!(translated(line), expected);
        }
    }

    #[test]
    fn the_end_is_marked_and_no_line_is_empty() {
        assert_eq!(from_prometheus("# TYPE a gauge\na 1\n\n"), "# TYPE a gauge\na 1\n# EOF\n");
        assert_eq!(from_prometheus(""), "# EOF\n");
    }
}
