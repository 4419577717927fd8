//! Results of GitHub's search (docs.github.com/rest/search/search).

use serde::Deserialize;

use super::names;

/// The addresses of repositories in results end with this path and the name.
const REPOS: &str = "/repos/";

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FoundRepositories {
    pub items: Vec<FoundRepository>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FoundRepository {
    /// `owner/name`.
    #[serde(deserialize_with = "names::full_name_given")]
    pub full_name: String,
    /// True for a private one.
    #[serde(default)]
    pub private: bool,
    /// True for an archived one.
    #[serde(default)]
    pub archived: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FoundIssues {
    /// The number of all results.
    pub total_count: i64,
    /// The issues of this page.
    pub items: Vec<FoundIssue>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FoundIssue {
    /// The address of its repository in the API.
    pub repository_url: String,
}

impl FoundRepositories {
    /// Returns the names of those that can be followed.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let open = self.items.iter().filter(|own| !own.private && !own.archived);
        open.map(|own| own.full_name.as_str())
    }
}

impl FoundIssues {
    /// Returns the names of their repositories, each once, in their order.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.items.iter().filter_map(FoundIssue::repository) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

impl FoundIssue {
    /// Returns the name of its repository.
    #[must_use]
    pub fn repository(&self) -> Option<&str> {
        let (_, name) = self.repository_url.split_once(REPOS)?;
        names::is_full_name(name).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(address: &str) -> FoundIssue {
        FoundIssue { repository_url: address.to_owned() }
    }

    #[test]
    fn names_are_read_from_addresses() {
        for (address, name) in [
            ("https://api.github.com/repos/octo-org/lantern", Some("octo-org/lantern")),
            ("https://git.guild.example/api/v3/repos/a/b", Some("a/b")),
            ("https://api.github.com/repos/octo-org", None),
            ("https://api.github.com/repos/a/b/c", None),
            ("/repos/", None),
            ("", None),
        ] {
            assert_eq!(issue(address).repository(), name, "{address}");
        }
        let address = "https://api.github.com/repos/a/b";
        let found =
            FoundIssues { total_count: 2, items: vec![issue(address), issue("x"), issue(address)] };
        assert_eq!(found.names(), ["a/b"]);
    }

    #[test]
    fn archived_and_private_repositories_are_left_out() {
        let json = r#"{"total_count":3,"items":[{"full_name":"a/b"},{"full_name":"a/c","archived":true},
            {"full_name":"a/d","private":true,"archived":false}]}"#;
        let found: FoundRepositories = serde_json::from_str(json).expect("read");
        assert_eq!(found.names().collect::<Vec<_>>(), ["a/b"]);
        let wrong =
            serde_json::from_str::<FoundRepositories>(r#"{"items":[{"full_name":"../x"}]}"#);
        assert!(wrong.is_err());
    }
}
