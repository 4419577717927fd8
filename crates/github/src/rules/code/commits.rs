use identity::model::is_github_login;
use kernel::Timestamp;
use serde::Deserialize;

use super::{
    super::{
        instant,
        payload::{self, Unexpected},
    },
    line, sha,
};
use crate::model::code::{CoAuthor, CodeCommit, CommitPerson};

/// The characters of a message that are kept.
const LONGEST_MESSAGE: usize = 4_096;

/// The characters of a name or an email address that are kept.
pub const LONGEST_NAME: usize = 256;

/// The parents of a commit that are kept.
pub const MOST_PARENTS: usize = 64;

/// The co-authors of a commit that are kept.
const MOST_CO_AUTHORS: usize = 32;

/// The key of the lines that name co-authors, in lower case.
const CO_AUTHORED_BY: &str = "co-authored-by:";

/// A commit in GitHub's responses (docs.github.com/rest/commits/commits#list-commits).
#[derive(Deserialize)]
struct StatedCommit {
    #[serde(deserialize_with = "sha")]
    sha: String,
    commit: CommitContent,
    author: Option<Account>,
    committer: Option<Account>,
    #[serde(default)]
    parents: Vec<ParentCommit>,
}

/// The part of a commit that its author wrote.
#[derive(Deserialize)]
struct CommitContent {
    author: Option<Signature>,
    committer: Option<Signature>,
    #[serde(default)]
    message: String,
    verification: Option<Verification>,
}

#[derive(Default, Deserialize)]
struct Signature {
    name: Option<String>,
    email: Option<String>,
    #[serde(default, deserialize_with = "instant::of_anybody")]
    date: Option<Timestamp>,
}

/// The account of an email address; empty if no account has it.
#[derive(Deserialize)]
struct Account {
    id: Option<i64>,
    login: Option<String>,
}

#[derive(Deserialize)]
struct Verification {
    #[serde(default)]
    verified: bool,
}

/// A commit of which only the SHA is used.
#[derive(Deserialize)]
struct ParentCommit {
    #[serde(deserialize_with = "sha")]
    sha: String,
}

/// Reads a page of commits. Times after `now` are moved to it.
///
/// # Errors
/// When a field has an unexpected type; the error names it.
pub fn commits(body: &[u8], now: Timestamp) -> Result<Vec<CodeCommit>, Unexpected> {
    let stated: Vec<StatedCommit> = payload::read(body)?;
    Ok(stated.into_iter().map(|own| own.into_commit(now)).collect())
}

/// Reads the SHA of one commit.
///
/// # Errors
/// When it has none.
pub fn head(body: &[u8]) -> Result<String, Unexpected> {
    let named: ParentCommit = payload::read(body)?;
    Ok(named.sha)
}

impl StatedCommit {
    fn into_commit(self, now: Timestamp) -> CodeCommit {
        let CommitContent { author, committer, message, verification } = self.commit;
        let (author, committer) = (author.unwrap_or_default(), committer.unwrap_or_default());
        let parents = self.parents.into_iter().take(MOST_PARENTS);
        CodeCommit {
            sha: self.sha,
            parents: parents.map(|parent| parent.sha).collect(),
            authored_at: author.date.map(|at| at.min(now)),
            committed_at: committer.date.map(|at| at.min(now)),
            author: person(author, self.author),
            committer: person(committer, self.committer),
            co_authors: co_authors(&message),
            message: kept(&message),
            is_verified: verification.is_some_and(|own| own.verified),
        }
    }
}

fn person(signature: Signature, account: Option<Account>) -> CommitPerson {
    let text = |text: Option<String>| line(&text.unwrap_or_default(), LONGEST_NAME);
    let login = account.as_ref().and_then(|own| own.login.clone());
    CommitPerson {
        github_id: account.and_then(|own| own.id).filter(|id| *id > 0),
        login: login.filter(|login| is_github_login(login)),
        name: text(signature.name),
        email: text(signature.email),
    }
}

/// Returns the beginning of a message without control characters besides line ends.
fn kept(message: &str) -> String {
    let is_shown = |c: &char| *c == '\n' || !c.is_control();
    message.chars().filter(is_shown).take(LONGEST_MESSAGE).collect()
}

/// Returns the people in a message's lines `Co-authored-by: NAME <EMAIL>`
/// (docs.github.com/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors).
#[must_use]
pub fn co_authors(message: &str) -> Vec<CoAuthor> {
    let named = message.lines().filter_map(|own| {
        let own = own.trim();
        let key = own.get(..CO_AUTHORED_BY.len())?;
        let person = key.eq_ignore_ascii_case(CO_AUTHORED_BY).then(|| &own[key.len()..])?;
        let (name, rest) = person.split_once('<')?;
        let (email, _) = rest.split_once('>')?;
        Some(CoAuthor {
            name: line(name.trim(), LONGEST_NAME),
            email: line(email.trim(), LONGEST_NAME),
        })
    });
    named.take(MOST_CO_AUTHORS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A commit, as GitHub's documentation shows one.
    const COMMIT: &str = r#"{"sha":"6dcb09b5b57875f334f61aebed695e2e4193db5e","url":"https://api.github.com/x",
        "commit":{"author":{"name":"Wren Oak","email":"wren@example.org","date":"2026-10-01T08:00:00Z"},
        "committer":{"name":"GitHub","email":"noreply@github.com","date":"2999-10-01T08:00:00Z"},
        "message":"Light the lantern\n\nCo-authored-by: Finch Ash <finch@example.org>\nCO-AUTHORED-BY:  Rook <rook@example.org> ",
        "tree":{"sha":"6dcb09b5b57875f334f61aebed695e2e4193db5e"},"comment_count":0,
        "verification":{"verified":true,"reason":"valid","signature":"x","payload":"y"}},
        "author":{"login":"wren-oak","id":7,"type":"User"},"committer":null,
        "parents":[{"url":"https://api.github.com/y","sha":"5dcb09b5b57875f334f61aebed695e2e4193db5e"}]}"#;

    fn now() -> Timestamp {
        "2026-11-01T08:00:00Z".parse().expect("an instant")
    }

    fn read(json: &str) -> CodeCommit {
        let read = commits(format!("[{json}]").as_bytes(), now()).expect("read");
        read.into_iter().next().expect("a commit")
    }

    #[test]
    fn a_commit_names_its_people_and_times() {
        let commit = read(COMMIT);
        assert_eq!(
            (commit.author.github_id, commit.author.login.as_deref()),
            (Some(7), Some("wren-oak"))
        );
        assert_eq!((commit.committer.github_id, commit.committer.name.as_str()), (None, "GitHub"));
        assert_eq!(commit.committed_at, Some(now()), "times are not after the present");
        let co_authors: Vec<_> =
            commit.co_authors.iter().map(|own| (own.name.as_str(), own.email.as_str())).collect();
        assert_eq!(co_authors, [("Finch Ash", "finch@example.org"), ("Rook", "rook@example.org")]);
        assert_eq!(commit.parents, ["5dcb09b5b57875f334f61aebed695e2e4193db5e"]);
        assert!(commit.is_verified);
    }

    #[test]
    fn what_a_commit_lacks_is_absent() {
        let commit = read(
            r#"{"sha":"6dcb09b5b57875f334f61aebed695e2e4193db5e","author":{},"committer":null,
            "commit":{"author":null,"committer":{"date":"0001-01-01T00:00:00Z"},"message":"x"}}"#,
        );
        assert_eq!(commit.author, CommitPerson::default());
        assert_eq!((commit.authored_at, commit.committed_at), (None, None));
        assert!(!commit.is_verified && commit.parents.is_empty() && commit.co_authors.is_empty());
    }

    #[test]
    fn what_people_write_is_cut_and_cleaned() {
        let long = "x".repeat(9_000);
        let json =
            COMMIT.replace("Wren Oak", "Wren\\u0000\\nOak").replace("Light the lantern", &long);
        let commit = read(&json.replace("\"wren-oak\"", "\"<script>\""));
        assert_eq!(commit.author.name, "WrenOak");
        assert_eq!(commit.author.login, None);
        assert_eq!(commit.message.len(), LONGEST_MESSAGE);
        assert_eq!(commit.co_authors.len(), 2, "the lines behind the cut still count");
    }

    #[test]
    fn a_commit_without_a_sha_is_rejected() {
        assert!(head(br#"{"sha":"main"}"#).is_err());
        assert!(head(COMMIT.as_bytes()).is_ok());
        let error = commits(br#"[{"sha":"x"}]"#, now()).expect_err("rejected");
        assert_eq!(error.field, "[0].sha");
    }
}
