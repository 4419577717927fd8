//! Parsers of code hosts' answers never panic, and bound what they return.

use github::rules::code::{is_branch, is_sha};
use kernel::Timestamp;
use platform::config::CodeApi;
use testkit::growth::{SHAPES, linear_of};

use super::{dialect, next_in_links};

/// Answers of code hosts: a repository, commits, a tree and events of each.
const CORPUS: [&str; 8] = [
    concat!(
        r#"{"full_name":"a/b","private":false,"internal":false,"fork":false,"default_branch":"main","#,
        r#""created_at":"2026-11-14T18:30:00Z","licenses":null}"#
    ),
    concat!(
        r#"[{"sha":"6dcb09b5b57875f334f61aebed695e2e4193db5e","commit":{"author":{"name":"Wren","#,
        r#""email":"wren@example.org","date":"2026-10-01T08:00:00+02:00"},"committer":null,"message":"x"},"#,
        r#""author":{"login":"wren","id":7},"parents":[{"sha":"5dcb09b5b57875f334f61aebed695e2e4193db5e"}]}]"#
    ),
    concat!(
        r#"[{"op_type":"commit_repo","ref_name":"refs/heads/main","created":"2026-11-14T18:30:00Z","content":"#,
        r#""{\"Commits\":[{\"Sha1\":\"6dcb09b5b57875f334f61aebed695e2e4193db5e\"}],\"CompareURL\":\"a/b/compare/x...y\"}"}]"#
    ),
    concat!(
        r#"{"path_with_namespace":"a/b/c","visibility":"public","default_branch":"main","license":{"key":"mit"},"#,
        r#""created_at":"2026-11-14T18:30:00.123Z","forked_from_project":null}"#
    ),
    concat!(
        r#"[{"id":"6dcb09b5b57875f334f61aebed695e2e4193db5e","parent_ids":[],"author_email":"a@b.example","#,
        r#""authored_date":"2026-10-01T08:00:00.000+02:00","message":"x\n\nCo-authored-by: B <b@b.example>","#,
        r#""type":"blob","path":"src/a.rs"}]"#
    ),
    concat!(
        r#"[{"created_at":"2026-11-14T18:30:00.123Z","push_data":{"ref_type":"branch","ref":"main","#,
        r#""commit_from":null,"commit_to":"6dcb09b5b57875f334f61aebed695e2e4193db5e"}}]"#
    ),
    concat!(
        r#"{"full_name":"a/b","is_private":false,"created_on":"2026-11-14T18:30:00+00:00","#,
        r#""mainbranch":{"name":"main"},"parent":null}"#
    ),
    concat!(
        r#"{"values":[{"hash":"6dcb09b5b57875f334f61aebed695e2e4193db5e","date":"2026-10-01T08:00:00+00:00","#,
        r#""author":{"raw":"A <a@b.example>"},"parents":[]}],"next":"https://x/?page=2"}"#
    ),
];

fn read_all(body: &[u8]) -> usize {
    let now = Timestamp::from_timestamp(1_790_000_000, 0).expect("an instant");
    let mut read = 0;
    for api in [CodeApi::Gitea, CodeApi::Gitlab, CodeApi::Bitbucket] {
        let dialect = dialect(api);
        if let Ok(own) = dialect.read_repository(body, now, true) {
            assert!(own.default_branch.is_empty() || is_branch(&own.default_branch));
            assert!(own.created_at <= now);
            read += 1;
        }
        for commit in dialect.read_commits(body, now).into_iter().flat_map(|it| it.items) {
            assert!(is_sha(&commit.sha) && commit.parents.iter().all(|sha| is_sha(sha)));
            assert!(commit.authored_at <= now && commit.committed_at <= now);
            assert!(commit.co_authors.len() <= 32 && commit.author.email.chars().count() <= 256);
            read += 1;
        }
        for file in dialect.read_tree(body).into_iter().flat_map(|it| it.items) {
            assert!(is_sha(&file.blob_sha) && file.size >= 0);
            read += 1;
        }
        let pushes = dialect.read_pushes(body, "main", now);
        for push in pushes.into_iter().flat_map(|it| it.items) {
            let is_commit = |sha: &str| sha.is_empty() || is_sha(sha);
            assert!(is_commit(&push.before) && is_commit(&push.after) && push.at <= now);
            read += 1;
        }
        let _ = dialect.read_branch(body);
    }
    read
}

#[test]
fn answers_of_code_hosts() {
    for body in CORPUS {
        assert!(read_all(body.as_bytes()) > 0, "{body}");
    }
    type Insertion = (usize, usize, u8, Vec<u8>);
    let target = |(which, at, cut, insert): &Insertion| {
        let mut body = CORPUS[which % CORPUS.len()].as_bytes().to_vec();
        let at = at % body.len();
        let end = body.len().min(at + usize::from(cut % 16));
        body.splice(at..end, insert.iter().copied());
        read_all(&body);
        if let Some(query) = next_in_links(&String::from_utf8_lossy(insert)) {
            assert!(!query.contains(['#', ' ', '\\']), "{query}");
        }
    };
    // Before all, and in the first text.
    let before = |text: &str| (0, 0, 0, text.as_bytes().to_vec());
    let within = |text: &str| (0, 14, 0, text.as_bytes().to_vec());
    let target = linear_of(&SHAPES, before, linear_of(&SHAPES, within, target));
    bolero::check!().with_type::<Insertion>().for_each(target);
}
