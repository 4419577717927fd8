//! Names of repositories as people write them in lists.

use github::rules::names::full_name_of;

/// Returns the names `owner/name` in a list: one a line, or the address of a repository on GitHub. What follows a `#` is a
/// comment. Lines that name no repository stay as they are, so that they can be shown.
#[must_use]
pub fn listed(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty()).map(name).collect()
}

/// Returns the name in a line: a name, or an address of a repository. Other lines stay as they are.
#[must_use]
pub fn name(line: &str) -> String {
    full_name_of(line).unwrap_or_else(|| line.trim().to_owned())
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
