//! The objects that the paths of pages name, for the links that some people see.

/// Reads the slug from the path of a project's page, or of the page of its rules, which is the second value.
pub(super) fn project_shown(path: &str) -> Option<(&str, bool)> {
    let rest = path.strip_prefix("/projects/")?;
    match rest.split('/').collect::<Vec<_>>()[..] {
        [slug] if !slug.is_empty() => Some((slug, false)),
        [slug, "rules"] => Some((slug, true)),
        _ => None,
    }
}

/// Reads the pull request of a page's path.
pub(super) fn pull_shown(path: &str) -> Option<(String, String)> {
    let rest = path.strip_prefix("/pull-requests/")?;
    match rest.split('/').collect::<Vec<_>>()[..] {
        [owner, repository, number] => Some((format!("{owner}/{repository}"), number.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::project_shown;

    #[test]
    fn the_pages_with_links_are_recognized() {
        for (path, found) in [
            ("/projects/lantern", Some(("lantern", false))),
            ("/projects/lantern/rules", Some(("lantern", true))),
            ("/projects/lantern/rules/edit", None),
            ("/projects", None),
            ("/projects/", None),
            ("/leaderboards/projects/lantern", None),
        ] {
            assert_eq!(project_shown(path), found, "{path}");
        }
    }
}
