//! Parsers of code in GitHub's responses never panic, and bound what they return.

use kernel::Timestamp;
use testkit::growth::{SHAPES, linear, linear_of};

use super::{
    archive::read_archive, commits, head, in_url, is_branch, is_sha, pushes, repository, tree,
};
use crate::{model::code::ArchiveLimits, rules::names::is_full_name};

/// Responses of GitHub: a repository, commits, a tree and pushes.
const CORPUS: [&str; 4] = [
    concat!(
        r#"{"id":7,"full_name":"octo-org/lantern","private":false,"owner":{"login":"octo-org","id":1},"fork":true,"#,
        r#""archived":false,"size":0,"parent":{"full_name":"low-tide/lantern"},"default_branch":"main","#,
        r#""created_at":"2026-10-01T08:00:00Z","pushed_at":null,"license":{"spdx_id":"MIT"}}"#
    ),
    concat!(
        r#"[{"sha":"6dcb09b5b57875f334f61aebed695e2e4193db5e","commit":{"author":{"name":"Wren","#,
        r#""email":"wren@example.org","date":"2026-10-01T08:00:00Z"},"committer":null,"#,
        r#""message":"x\n\nCo-authored-by: Finch <f@example.org>","verification":{"verified":true}},"#,
        r#""author":{"login":"wren-oak","id":7},"committer":{},"#,
        r#""parents":[{"sha":"5dcb09b5b57875f334f61aebed695e2e4193db5e"}]}]"#
    ),
    concat!(
        r#"{"sha":"9fb037999f264ba9a7fc6274d15fa3ae2ab98312","truncated":false,"tree":[{"path":"a/b","#,
        r#""type":"blob","size":30,"sha":"44b4fc6d56897b048c772eb4087f854f46256132"}]}"#
    ),
    concat!(
        r#"[{"id":1,"before":"0000000000000000000000000000000000000000","ref":"refs/heads/main","#,
        r#""after":"6dcb09b5b57875f334f61aebed695e2e4193db5e","timestamp":"2026-10-01T08:00:00Z","#,
        r#""activity_type":"force_push","actor":{"login":"wren-oak","id":7}}]"#
    ),
];

fn read_all(body: &[u8]) -> usize {
    let now = Timestamp::from_timestamp(1_790_000_000, 0).expect("an instant");
    let mut read = 0;
    if let Ok(stated) = repository(body) {
        let own = stated.into_repository(false, now);
        assert!(is_full_name(&own.full_name) && is_branch(&own.default_branch));
        assert!(own.created_at <= now && own.pushed_at.is_none_or(|at| at <= now));
        read += 1;
    }
    for commit in commits(body, now).into_iter().flatten() {
        assert!(is_sha(&commit.sha) && commit.parents.iter().all(|sha| is_sha(sha)));
        assert!(commit.authored_at.is_none_or(|at| at <= now));
        assert!(commit.message.chars().count() <= 4_096 && commit.co_authors.len() <= 32);
        read += 1;
    }
    if let Ok(tree) = tree(body) {
        assert!(tree.files.iter().all(|file| is_sha(&file.blob_sha) && file.size >= 0));
        read += 1;
    }
    for push in pushes(body, now).into_iter().flatten() {
        assert!(is_sha(&push.before) && is_sha(&push.after) && push.at <= now);
        read += 1;
    }
    let _ = head(body);
    read
}

#[test]
fn answers_about_code() {
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
    };
    // Before all, and in the first text.
    let before = |text: &str| (0, 0, 0, text.as_bytes().to_vec());
    let within = |text: &str| (0, 22, 0, text.as_bytes().to_vec());
    let target = linear_of(&SHAPES, before, linear_of(&SHAPES, within, target));
    bolero::check!().with_type::<Insertion>().for_each(target);
}

#[test]
fn archives() {
    let limits = ArchiveLimits { bytes: 1 << 20, files: 10, ..ArchiveLimits::default() };
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, bytes).expect("written");
        let packed = packed.finish().expect("packed");
        for archive in [bytes, &packed] {
            let mut files = 0;
            let read = read_archive(archive, &limits, |file| {
                files += 1;
                assert!(!file.path.split('/').any(|part| part == ".."), "{}", file.path);
            });
            assert!(files <= 10);
            assert!(read.is_err() || read.is_ok_and(|read| read.files == files));
        }
    }));
}

#[test]
fn names_of_branches() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if is_branch(&text) {
            let url = in_url(&text);
            assert!(!url.contains("..") && !url.contains(['?', '#', '&', ' ', '\\']), "{url}");
        }
    }));
}
