use std::sync::Arc;

use serde_json::Value;

use super::*;

fn at(text: &str) -> kernel::Timestamp {
    text.parse().expect("an instant")
}

fn repo() -> Arc<Repo> {
    let owner = Account::organization(9_000_001, "octo-tools");
    let mut repo = Repo::new(81_000_001, owner, "lantern", at("2025-01-01T00:00:00Z"));
    repo.description = Some(String::from("A \"lamp\" for dark caves"));
    Arc::new(repo)
}

fn pull() -> PullState {
    let author = Account::user(7_000_001, "hexacat");
    let mut pull = PullState::opened(repo(), 12, 61_000_012, author, at("2026-10-01T12:00:00Z"));
    pull.labels.push(Label::named("good first issue"));
    pull
}

fn parse(body: &serde_json::value::RawValue) -> Value {
    serde_json::from_str(body.get()).expect("JSON")
}

fn assert_fields(value: &Value, names: &str) {
    for name in names.split_whitespace() {
        assert!(value.get(name).is_some(), "{name} is missing");
    }
}

const USER: &str = "login id node_id avatar_url gravatar_id url html_url followers_url \
    following_url gists_url starred_url subscriptions_url organizations_url repos_url events_url \
    received_events_url type site_admin";
const REPOSITORY: &str = "id node_id name full_name private owner html_url description fork url \
    forks_url keys_url collaborators_url teams_url hooks_url issue_events_url events_url \
    assignees_url branches_url tags_url blobs_url git_tags_url git_refs_url trees_url \
    statuses_url languages_url stargazers_url contributors_url subscribers_url subscription_url \
    commits_url git_commits_url comments_url issue_comment_url contents_url compare_url \
    merges_url archive_url downloads_url issues_url pulls_url milestones_url notifications_url \
    labels_url releases_url deployments_url created_at updated_at pushed_at git_url ssh_url \
    clone_url svn_url homepage size stargazers_count watchers_count language has_issues \
    has_projects has_downloads has_wiki has_pages forks_count mirror_url archived disabled \
    open_issues_count license forks open_issues watchers default_branch topics visibility";
const PARTIAL: &str = "url id node_id html_url diff_url patch_url issue_url number state locked \
    title user body created_at updated_at closed_at merged_at merge_commit_sha assignee \
    assignees requested_reviewers requested_teams labels milestone commits_url \
    review_comments_url review_comment_url comments_url statuses_url head base _links \
    author_association auto_merge active_lock_reason draft";
const COUNTS: &str = "merged mergeable rebaseable mergeable_state merged_by comments \
    review_comments maintainer_can_modify commits additions deletions changed_files";

#[test]
fn a_pull_request_has_the_fields_and_the_size_of_a_real_one() {
    let pull = pull();
    let sender = pull.author.clone().expect("an author");
    let body = pull_request("opened", &pull, &sender, &[("label", "{}")]);
    assert!((22_000..28_000).contains(&body.get().len()), "{} bytes", body.get().len());
    let body = parse(&body);
    assert_fields(&body, "action number pull_request repository sender label");
    assert_fields(&body["pull_request"], PARTIAL);
    assert_fields(&body["pull_request"], COUNTS);
    assert_fields(&body["pull_request"]["user"], USER);
    assert_fields(&body["pull_request"]["head"]["repo"], REPOSITORY);
    assert_fields(&body["pull_request"]["base"]["repo"], REPOSITORY);
    assert_fields(&body["repository"], REPOSITORY);
    assert_eq!(body["repository"]["description"], "A \"lamp\" for dark caves");
    assert_eq!(body["pull_request"]["created_at"], "2026-10-01T12:00:00Z");
    assert_eq!(body["pull_request"]["head"]["label"], "hexacat:patch-12");
    assert_eq!(body["pull_request"]["head"]["repo"]["fork"], true);
}

#[test]
fn a_review_carries_a_partial_pull_request() {
    let pull = pull();
    let reviewer = Account::user(7_000_002, "sudocat");
    let mut review = ReviewState {
        id: 51,
        user: Some(reviewer.clone()),
        verdict: Verdict::ChangesRequested,
        body: None,
        submitted_at: at("2026-10-01T13:00:00Z"),
        commit_id: pull.head_sha.clone(),
        association: "MEMBER",
        bare: false,
    };
    let body = parse(&pull_request_review("submitted", &pull, &review, &reviewer));
    assert_fields(
        &body["review"],
        "id node_id user body commit_id submitted_at state html_url \
        pull_request_url author_association _links",
    );
    assert_eq!(body["review"]["state"], "changes_requested");
    assert_fields(&body["pull_request"], PARTIAL);
    for name in COUNTS.split_whitespace() {
        assert!(body["pull_request"].get(name).is_none(), "{name} is there");
    }
    review.bare = true;
    let body = parse(&pull_request_review("submitted", &pull, &review, &reviewer));
    assert!(body["pull_request"].get("draft").is_none());
}

#[test]
fn deleted_accounts_and_repositories_are_null_and_nul_is_escaped() {
    let mut pull = pull();
    (pull.author, pull.head_repo) = (None, None);
    pull.title = String::from("fix: a\0b\nc");
    let body = pull_request("edited", &pull, &Account::user(1, "sudocat"), &[]);
    assert!(body.get().contains(r"a\u0000b\nc"));
    let body = parse(&body);
    assert!(body["pull_request"]["user"].is_null());
    assert!(body["pull_request"]["head"]["repo"].is_null());
    assert_eq!(body["pull_request"]["title"], "fix: a\0b\nc");
}

#[test]
fn auto_merge_names_who_enabled_it() {
    let mut pull = pull();
    let maintainer = Account::user(7_000_003, "monacat");
    pull.auto_merge = Some(maintainer.clone());
    let body = parse(&pull_request("auto_merge_enabled", &pull, &maintainer, &[]));
    let enabled = &body["pull_request"]["auto_merge"];
    assert_fields(enabled, "enabled_by merge_method commit_title commit_message");
    assert_fields(&enabled["enabled_by"], USER);
    assert_eq!(enabled["enabled_by"]["login"], "monacat");
}

#[test]
fn a_merge_is_closed_and_names_who_merged() {
    let mut pull = pull();
    let maintainer = Account::user(7_000_003, "monacat");
    pull.closed_at = Some(at("2026-10-02T12:00:00Z"));
    (pull.merged_at, pull.merged_by) = (pull.closed_at, Some(maintainer.clone()));
    let body = parse(&pull_request("closed", &pull, &maintainer, &[]));
    assert_eq!(body["pull_request"]["state"], "closed");
    assert_eq!(body["pull_request"]["merged"], true);
    assert_eq!(body["pull_request"]["merged_by"]["login"], "monacat");
    assert!(body["pull_request"]["merge_commit_sha"].is_string());
}

#[test]
fn the_other_events_have_their_fields() {
    let (repo, sender) = (repo(), Account::user(1, "sudocat"));
    let state = PushState {
        reference: String::from("refs/heads/main"),
        before: "a".repeat(40),
        after: "b".repeat(40),
        forced: true,
        message: String::from("fix: It"),
        at: at("2026-10-01T12:00:00Z"),
    };
    let body = parse(&push(&repo, &state, &sender));
    assert_fields(
        &body,
        "ref before after created deleted forced base_ref compare commits \
        head_commit repository pusher sender",
    );
    assert!(body["repository"]["pushed_at"].is_number());
    let hook = Hook {
        id: 5,
        url: String::from("https://example.org/hook"),
        events: vec![String::from("*")],
        active: true,
        created_at: state.at,
    };
    let body = parse(&ping(&repo, &hook, &sender));
    assert_fields(&body, "zen hook_id hook repository sender");
    assert_eq!(body["hook"]["config"]["secret"], "********");
    let body = parse(&repository("renamed", &repo, &sender, &[("changes", "{}")]));
    assert_fields(&body, "action changes repository sender");
    let issue = IssueState {
        labels: vec![Label::named("bug")],
        ..IssueState::opened(3, 4, sender.clone(), "It is dark", state.at)
    };
    let body = parse(&issues("opened", &repo, &issue, &sender, &[]));
    assert_fields(
        &body["issue"],
        "url repository_url labels_url comments_url events_url \
        html_url id node_id number title user labels state locked assignee assignees milestone \
        comments created_at updated_at closed_at author_association body",
    );
}
