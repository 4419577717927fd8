//! The events that this server reads. The GitHub App, the webhooks of repositories and what pages say about both follow from one list.

/// An event that GitHub delivers.
#[derive(Clone, Copy, Debug)]
pub struct HookEvent {
    /// GitHub's name, such as `check_suite`.
    pub name: &'static str,
    /// Its label in GitHub's form for webhooks.
    pub label: &'static str,
    /// The permission that lets an App get it.
    pub permission: &'static str,
}

/// The events, those with commas in their labels last.
#[rustfmt::skip]
pub const EVENTS: [HookEvent; 9] = [
    HookEvent { name: "check_suite", label: "Check suites", permission: "checks" },
    HookEvent { name: "issue_comment", label: "Issue comments", permission: "issues" },
    HookEvent { name: "issues", label: "Issues", permission: "issues" },
    HookEvent { name: "pull_request", label: "Pull requests", permission: "pull_requests" },
    HookEvent { name: "pull_request_review", label: "Pull request reviews", permission: "pull_requests" },
    HookEvent { name: "push", label: "Pushes", permission: "contents" },
    HookEvent { name: "repository", label: "Repositories", permission: "metadata" },
    HookEvent { name: "workflow_run", label: "Workflow runs", permission: "actions" },
    HookEvent { name: "member", label: "Collaborator add, remove, or changed", permission: "members" },
];

/// The name with which a webhook gets every event.
const EVERY: &str = "*";

/// Returns GitHub's names of the events.
#[must_use]
pub fn names() -> [&'static str; 9] {
    EVENTS.map(|event| event.name)
}

/// Returns the labels of the events in GitHub's form for webhooks, as a list in a sentence.
#[must_use]
pub fn labels() -> String {
    kernel::listed(&EVENTS.map(|event| event.label), "and")
}

/// Returns the names of the events that a webhook does not deliver which delivers those of `delivered`.
#[must_use]
pub fn lacking<'a>(delivered: impl IntoIterator<Item = &'a str>) -> Vec<&'static str> {
    let delivered: Vec<&str> = delivered.into_iter().collect();
    if delivered.contains(&EVERY) {
        return Vec::new();
    }
    names().into_iter().filter(|name| !delivered.contains(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_webhook_lacks_is_named() {
        assert_eq!(lacking([]), names());
        assert_eq!(lacking(names()), [""; 0]);
        assert_eq!(lacking(["*"]), [""; 0]);
        let former = ["member", "pull_request", "pull_request_review", "push", "repository"];
        let lacks = ["check_suite", "issue_comment", "issues", "workflow_run"];
        assert_eq!(lacking(former), lacks);
    }

    #[test]
    fn the_documentation_names_every_event() {
        let app = include_str!("../../../../docs/configuration.md");
        let hook = include_str!("../../../../docs/guides/maintaining.md");
        for event in EVENTS {
            let of_app = format!("*{}*", kernel::in_words(event.name));
            assert!(app.contains(&of_app), "configuration.md: {of_app}");
            let of_hook = format!("*{}*", event.label);
            assert!(hook.contains(&of_hook), "maintaining.md: {of_hook}");
        }
    }
}
