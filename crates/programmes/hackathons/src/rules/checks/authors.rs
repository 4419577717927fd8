use kernel::counted;

use super::{
    Check,
    evidence::{Author, Commit, Evidence, Member},
};
use crate::model::{CheckKind, CheckOutcome};

/// The end of addresses that GitHub gives people who keep theirs private: `ID+login@users.noreply.github.com`
/// (docs.github.com/account-and-profile/reference/email-addresses-reference).
const PRIVATE: &str = "@users.noreply.github.com";

/// Checks that the commits inside the window are by members, or name one as a co-author. Earlier commits are the base of the work,
/// which the check of the window reports.
pub(super) fn check(evidence: &Evidence) -> Check {
    let kind = CheckKind::Authors;
    let opens_at = evidence.window.opens_at;
    let inside = || (evidence.commits.iter()).filter(|commit| commit.authored_at >= opens_at);
    let members = with_addresses(evidence);
    let is_foreign =
        |commit: &&Commit| !is_by_app(&commit.author) && !is_by_member(commit, &members);
    let foreign: Vec<&Commit> = inside().filter(is_foreign).collect();
    let all = inside().count();
    if foreign.is_empty() {
        let says = match all {
            0 => "There are no commits inside the window.".to_owned(),
            all => {
                format!("{} inside the window, all by members.", counted(all, "commit", "commits"))
            }
        };
        return Check::new(kind, CheckOutcome::Pass, says);
    }
    let unconnected = evidence.members.iter().filter(|it| it.github_id.is_none()).count();
    let mut says = vec![format!(
        "{} of {} inside the window {} by an author who is not in the team.",
        foreign.len(),
        counted(all, "commit", "commits"),
        if foreign.len() == 1 { "is" } else { "are" },
    )];
    let (outcome, next) = match unconnected {
        // A commit by a member with another address looks like one by a stranger.
        _ if !evidence.host.is_linked => (
            CheckOutcome::Warn,
            format!(
                "Accounts at {} are not connected with accounts here, so commits are recognized by verified email addresses \
                 only. Commit with the address of an account here, or name a member as co-author.",
                evidence.host.name
            ),
        ),
        0 => (CheckOutcome::Fail, "Invite the author, or name a member as co-author.".to_owned()),
        // A commit by such a member looks like one by a stranger.
        members => (
            CheckOutcome::Warn,
            format!(
                "{} not connected GitHub, so their commits cannot be recognized. Connect it under Settings, then \
                 check again.",
                counted(members, "member has", "members have")
            ),
        ),
    };
    says.push(next);
    let commits = foreign.iter().map(|commit| commit.sha.clone());
    Check::of_findings(kind, outcome, says, "").about(commits)
}

/// Returns the members with the addresses of commits that GitHub assigns to their accounts: co-authors are named by address.
fn with_addresses(evidence: &Evidence) -> Vec<Member> {
    let authors = || evidence.commits.iter().map(|commit| &commit.author);
    let known = |member: &Member| {
        let own = authors().filter(|it| it.github_id.is_some() && it.github_id == member.github_id);
        let own = own.map(|author| author.email.clone());
        Member { emails: member.emails.iter().cloned().chain(own).collect(), ..member.clone() }
    };
    evidence.members.iter().map(known).collect()
}

/// Returns whether a commit is by a member, or names one as a co-author.
#[must_use]
pub fn is_by_member(commit: &Commit, members: &[Member]) -> bool {
    let mut authors = std::iter::once(&commit.author).chain(&commit.co_authors);
    authors.any(|author| members.iter().any(|member| is_member(author, member)))
}

fn is_member(author: &Author, member: &Member) -> bool {
    let has_id = |id| author.github_id == Some(id) || private_id(&author.email) == Some(id);
    member.github_id.is_some_and(has_id) || member.emails.contains(&author.email)
}

/// Returns whether an author is an app, whose login ends with `[bot]`.
fn is_by_app(author: &Author) -> bool {
    author.is_bot || private(&author.email).is_some_and(|(_, login)| login.ends_with("[bot]"))
}

/// Returns GitHub's ID of the person with a private address.
fn private_id(email: &str) -> Option<i64> {
    private(email)?.0.parse().ok()
}

/// Returns the ID and the login in a private address.
fn private(email: &str) -> Option<(&str, &str)> {
    email.strip_suffix(PRIVATE)?.split_once('+')
}
