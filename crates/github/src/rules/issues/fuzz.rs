use chrono::DateTime;
use testkit::growth::linear;

use super::{IssueEvent, IssuesData, LinkedData, stated::LONGEST_BODY};
use crate::rules::payload::read;

const DELIVERED: &[u8] = br#"{"action":"opened","issue":{"id":1,"number":2,"title":"Sort","body":"by name","state":"open",
    "locked":false,"labels":[{"name":"bug"}],"assignees":[],"user":{"id":3,"login":"octocat","type":"User"},
    "author_association":"NONE","comments":1,"reactions":{"total_count":2},"created_at":"2026-10-01T08:00:00Z",
    "updated_at":"2026-10-02T08:00:00Z","closed_at":null},"repository":{"id":4,"full_name":"octo-org/lantern"}}"#;

const QUERIED: &[u8] = br#"{"repository":{"databaseId":4,"nameWithOwner":"octo-org/lantern","isPrivate":false,"isArchived":false,
    "issues":{"totalCount":1,"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[{"fullDatabaseId":"1","number":2,
    "title":"Sort","body":"by name","state":"OPEN","stateReason":null,"locked":false,"author":{"__typename":"User",
    "login":"octocat","databaseId":3},"authorAssociation":"NONE","labels":{"nodes":[{"name":"bug"}]},
    "assignees":{"totalCount":1,"nodes":[{"databaseId":7}]},"comments":{"totalCount":1},"reactions":{"totalCount":2},
    "closedByPullRequestsReferences":{"nodes":[{"state":"OPEN"}]},"createdAt":"2026-10-01T08:00:00Z",
    "updatedAt":"2026-10-02T08:00:00Z","closedAt":null}]}},"described":{"description":"Light","repositoryTopics":
    {"nodes":[{"topic":{"name":"cli"}}]},"languages":{"edges":[{"size":10,"node":{"name":"Rust"}}]},"stargazerCount":5,
    "forkCount":1,"isFork":false,"openIssues":{"totalCount":1},"contributingGuidelines":{"url":"https://github.com"},
    "licenseInfo":{"spdxId":"MIT"},"pushedAt":"2026-10-02T08:00:00Z","closedPulls":{"nodes":[{"state":"MERGED",
    "authorAssociation":"NONE"}]},"newestIssues":{"nodes":[{"createdAt":"2026-10-01T08:00:00Z","authorAssociation":"NONE",
    "comments":{"nodes":[{"createdAt":"2026-10-01T10:00:00Z","authorAssociation":"OWNER"}]}}]}}}"#;

fn read_both(body: &[u8]) {
    let now = DateTime::from_timestamp(1_790_000_000, 0).expect("a time");
    let delivered = read::<IssueEvent>(body).ok();
    let delivered = delivered.and_then(|event| event.stated(now));
    let queried = read::<IssuesData>(body).ok();
    let profile = queried.as_ref().and_then(|data| data.described.as_ref());
    let profile = profile.map(|described| described.profile(now));
    assert!(profile.is_none_or(|profile| profile.topics.len() <= 20 && profile.stars >= 0));
    let queried = queried.and_then(|data| data.repository);
    let queried = queried.iter().flat_map(|repository| repository.issues.nodes.iter().flatten());
    for issue in queried.map(|issue| issue.stated(now)).chain(delivered) {
        assert!(issue.changed_at <= now && issue.opened_at <= now);
        assert!(issue.body.chars().count() <= LONGEST_BODY && !issue.body.contains('\0'));
        assert!(issue.labels.is_sorted());
    }
}

#[test]
fn stated_issues() {
    read_both(DELIVERED);
    read_both(QUERIED);
    assert!(read::<IssueEvent>(DELIVERED).is_ok());
    let queried = read::<IssuesData>(QUERIED).expect("read");
    assert!(queried.described.is_some() && queried.repository.is_some());
    bolero::check!().for_each(linear(read_both));
}

const LINKED: &[u8] = br#"{"repository":{"databaseId":4,"i0":{"number":2,"closedByPullRequestsReferences":{"nodes":[
    {"number":5,"state":"MERGED","mergedAt":"2026-10-02T08:00:00Z","updatedAt":"2026-10-02T08:00:00Z",
    "author":{"__typename":"User","login":"octocat","databaseId":3},"repository":{"nameWithOwner":"octo-org/lantern"}}]}},
    "i1":null}}"#;

fn read_linked(body: &[u8]) -> usize {
    let now = DateTime::from_timestamp(1_790_000_000, 0).expect("a time");
    let repository = read::<LinkedData>(body).ok().and_then(|data| data.repository);
    let issues = repository.iter().flat_map(|own| own.issues.values().flatten());
    let pulls: Vec<_> = issues.flat_map(|issue| issue.pulls(now)).collect();
    for pull in &pulls {
        assert!(pull.active_at <= now && pull.merged_at.is_none_or(|at| at <= now));
        assert!(pull.name.contains('#') && !pull.name.contains('\0'));
    }
    pulls.len()
}

#[test]
fn pull_requests_of_issues() {
    assert_eq!(read_linked(LINKED), 1);
    bolero::check!().for_each(linear(|body: &[u8]| {
        read_linked(body);
    }));
}
