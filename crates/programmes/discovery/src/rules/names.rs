//! Names of repositories as people write them in lists.

/// Returns the names `owner/name` in a list: one a line, or the address of a repository at GitHub. What follows a `#` is a
/// comment. Lines that name no repository stay as they are, so that they can be shown.
#[must_use]
pub fn listed(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty()).map(name).collect()
}

/// Returns the name in a line: a name, or an address of a repository.
#[must_use]
pub fn name(line: &str) -> String {
    let line = line.trim();
    let after = |prefix: &str| {
        let begins =
            line.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        begins.then(|| &line[prefix.len()..])
    };
    let prefixes = ["https://github.com/", "http://github.com/", "github.com/", "git@github.com:"];
    let Some(path) = prefixes.into_iter().find_map(after) else {
        return line.to_owned();
    };
    let mut parts = path.split(['/', '?']);
    match (parts.next(), parts.next()) {
        (Some(owner), Some(name)) => format!("{owner}/{}", name.trim_end_matches(".git")),
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_read() {
        let text = "reef/kelp\n\n# the second part\n https://github.com/Reef/Tide.git \nreef/sand # dunes\n\
                    https://github.com/reef/foam/issues/7\ngit@github.com:reef/salt.git\nnot a name\nhttps://github.com/";
        assert_eq!(
            listed(text),
            [
                "reef/kelp",
                "Reef/Tide",
                "reef/sand",
                "reef/foam",
                "reef/salt",
                "not a name",
                "https://github.com/"
            ]
        );
    }
}
