//! Stylesheets without what only their readers need.

/// Removes the comments, the indentation and the empty lines of a stylesheet. None of ours has a string with `/*`.
pub(super) fn compact(sheet: &str) -> String {
    let mut bare = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, comment)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    let lines = bare.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut small = String::with_capacity(bare.len());
    for line in lines {
        small.push_str(line);
        small.push('\n');
    }
    small
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rules_are_left() {
        let sheet = "/* a\n b */\n.a { b: c; } /* d */\n\n@media print {\n  .e { f: \"/\"; }\n}\n";
        assert_eq!(compact(sheet), ".a { b: c; }\n@media print {\n.e { f: \"/\"; }\n}\n");
        assert_eq!(compact("a{}/* without an end"), "a{}\n");
    }
}
