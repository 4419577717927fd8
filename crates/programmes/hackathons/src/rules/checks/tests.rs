use chrono::TimeDelta;
use kernel::Timestamp;

use super::*;

const OPENS: i64 = 100;
const CLOSES: i64 = 200;

fn at(hour: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + TimeDelta::hours(hour)
}

fn file(path: &str, size: i64) -> File {
    File { path: path.to_owned(), blob_sha: format!("{path} {size}"), size }
}

/// Returns a commit at an hour after the one before it, by the member.
fn commit(number: i64, hour: i64) -> Commit {
    Commit {
        sha: format!("c{number}"),
        parents: vec![format!("c{}", number - 1)],
        author: Author { github_id: Some(7), ..Author::default() },
        co_authors: Vec::new(),
        authored_at: at(hour),
        committed_at: at(hour),
    }
}

fn push(hour: i64, before: &str, after: &str, is_forced: bool) -> Push {
    Push { at: at(hour), before: before.to_owned(), after: after.to_owned(), is_forced }
}

/// Returns an honest submission: four commits inside the window, pushed as they were made.
fn honest() -> Evidence {
    Evidence {
        window: Window { opens_at: at(OPENS), closes_at: at(CLOSES) },
        host: Host::github(),
        members: vec![Member { github_id: Some(7), emails: vec!["ada@guild.example".to_owned()] }],
        repository: Some(Repository {
            created_at: at(OPENS + 1),
            is_fork: false,
            access: Access::Owned,
        }),
        head: Some("c4".to_owned()),
        commits: [(4, 180), (3, 150), (2, 120), (1, 105)]
            .map(|(number, hour)| commit(number, hour))
            .to_vec(),
        has_all_commits: true,
        pushes: vec![push(121, "", "c2", false), push(181, "c2", "c4", false)],
        files: vec![
            file("README.md", 900),
            file("LICENSE", 1_000),
            file("src/main.rs", 20_000),
            file("src/tide.rs", 10_000),
        ],
        has_all_files: true,
        files_before: Vec::new(),
        files_early: vec![file("README.md", 900)],
        required: Vec::new(),
        has_license: true,
        secrets: Some(Vec::new()),
        shared: Vec::new(),
    }
}

fn outcome(evidence: &Evidence, kind: CheckKind) -> (CheckOutcome, String) {
    let report = report(evidence);
    let check = report.checks.iter().find(|check| check.kind() == Some(kind));
    let check = check.expect("the check");
    (check.outcome, check.evidence.join(" "))
}

#[test]
fn honest_work_passes_everything() {
    let report = report(&honest());
    for check in &report.checks {
        assert_eq!(check.outcome, CheckOutcome::Pass, "{check:?}");
    }
    assert_eq!(report.checks.len(), 7);
    assert_eq!(report.verdict(), Verdict::Valid);
    assert_eq!(report.commit_sha.as_deref(), Some("c4"));
}

#[test]
fn the_window_is_checked() {
    type Change = fn(&mut Evidence);
    let changes: [(Change, &str); 10] = [
        (|it| it.files_before = vec![file("src/main.rs", 20_000)], "64 % of the work is older"),
        (
            |it| {
                it.files_early = it.files.clone();
                it.commits[3].authored_at = at(OPENS + 1);
                it.commits[3].committed_at = at(OPENS + 1);
            },
            "came in 1 commit",
        ),
        (|it| it.commits[0].authored_at = at(CLOSES + 1), "after the end of submissions"),
        (|it| it.commits[0].committed_at = at(CLOSES + 1), "after the end of submissions"),
        (|it| it.pushes.insert(0, push(50, "", "c3", false)), "pushed before it"),
        (
            |it| it.pushes.push(push(CLOSES + 1, "c2", "c4", false)),
            "1 push after the end of submissions",
        ),
        (|it| it.pushes[0].at = at(110), "after the push that delivered"),
        (
            |it| {
                it.pushes = vec![
                    push(121, "", "x1", false),
                    push(130, "x1", "x2", false),
                    push(178, "x2", "c3", true),
                    push(181, "c3", "c4", false),
                ];
            },
            "replaced 2 states",
        ),
        (
            |it| {
                for commit in &mut it.commits[..3] {
                    commit.committed_at = at(190);
                }
                it.pushes.clear();
            },
            "history is rewritten",
        ),
        (|it| it.commits[0].committed_at = at(140), "an earlier date than the commit before"),
    ];
    for (change, says) in changes {
        let mut evidence = honest();
        change(&mut evidence);
        let (outcome, evidence) = outcome(&evidence, CheckKind::Window);
        assert_eq!(outcome, CheckOutcome::Warn, "{says}");
        assert!(evidence.contains(says), "{evidence}");
    }
}

#[test]
fn what_honest_teams_do_passes() {
    type Change = fn(&mut Evidence);
    let changes: [(&str, Change); 8] = [
        ("a small template", |it| {
            it.files_before = vec![file("README.md", 900)];
        }),
        ("a library from before", |it| {
            it.files.push(file("vendor/big.c", 900_000));
            it.files_before = vec![file("vendor/big.c", 900_000)];
        }),
        ("corrected commits", |it| {
            it.pushes = vec![
                push(106, "", "x1", false),
                push(107, "x1", "c1", true),
                push(152, "c1", "x3", false),
                push(153, "x3", "c3", true),
                push(182, "c3", "c4", true),
            ];
        }),
        ("nothing witnessed", |it| it.pushes.clear()),
        ("one late rebase", |it| it.commits[3].committed_at = at(118)),
        ("an update of dependencies", |it| {
            it.commits[1].author = Author { is_bot: true, ..Author::default() };
        }),
        ("a co-author by the address of their other commits", |it| {
            let address = || "ada@harbor.example".to_owned();
            it.commits[0].author.email = address();
            it.commits[1].author = Author::default();
            it.commits[1].co_authors = vec![Author { email: address(), ..Author::default() }];
        }),
        ("an app without an account", |it| {
            it.commits[1].author = Author {
                email: "49699333+dependabot[bot]@users.noreply.github.com".to_owned(),
                ..Author::default()
            };
        }),
    ];
    for (name, change) in changes {
        let mut evidence = honest();
        change(&mut evidence);
        for check in report(&evidence).checks {
            assert_eq!(check.outcome, CheckOutcome::Pass, "{name}: {check:?}");
        }
    }
}

#[test]
fn authors_are_members_or_name_one() {
    let stranger =
        Author { github_id: Some(9), email: "bot@harbor.example".to_owned(), is_bot: false };
    let mut evidence = honest();
    evidence.commits[0].author = stranger.clone();
    let (fails, says) = outcome(&evidence, CheckKind::Authors);
    assert_eq!(fails, CheckOutcome::Fail);
    assert!(says.contains("1 of 4 commits"), "{says}");
    for member in [
        Author { github_id: Some(7), ..Author::default() },
        Author { email: "ada@guild.example".to_owned(), ..Author::default() },
        Author { email: "7+ada@users.noreply.github.com".to_owned(), ..Author::default() },
    ] {
        evidence.commits[0].co_authors = vec![member.clone()];
        assert_eq!(outcome(&evidence, CheckKind::Authors).0, CheckOutcome::Pass);
        evidence.commits[0].co_authors.clear();
        let mut own = honest();
        own.commits[0].author = member;
        assert_eq!(outcome(&own, CheckKind::Authors).0, CheckOutcome::Pass);
    }
    evidence.members.push(Member::default());
    let (warns, says) = outcome(&evidence, CheckKind::Authors);
    assert_eq!(warns, CheckOutcome::Warn, "{says}");
    evidence.commits[0].authored_at = at(OPENS - 1);
    assert_eq!(outcome(&evidence, CheckKind::Authors).0, CheckOutcome::Pass);
}

#[test]
fn the_advice_about_an_unknown_access_helps_organizations_too() {
    let mut evidence = honest();
    evidence.repository.as_mut().expect("one").access = Access::Unknown;
    let (warns, says) = outcome(&evidence, CheckKind::Repository);
    assert_eq!(warns, CheckOutcome::Warn, "{says}");
    assert!(says.contains("belongs to an organization"), "{says}");
    assert!(says.contains("connect GitHub at /settings/identities"), "{says}");
}

#[test]
fn required_checks_make_a_submission_invalid() {
    type Change = fn(&mut Evidence);
    let changes: [(Change, CheckKind, Verdict); 9] = [
        (|it| it.repository = None, CheckKind::Repository, Verdict::Invalid),
        (
            |it| it.repository.as_mut().expect("one").access = Access::None,
            CheckKind::Repository,
            Verdict::Invalid,
        ),
        (
            |it| it.repository.as_mut().expect("one").access = Access::Unknown,
            CheckKind::Repository,
            Verdict::Valid,
        ),
        (|it| it.head = None, CheckKind::Branch, Verdict::Invalid),
        (|it| it.required.push("demo.md".to_owned()), CheckKind::Files, Verdict::Invalid),
        (|it| drop(it.files.remove(0)), CheckKind::Files, Verdict::Invalid),
        (
            |it| {
                it.has_license = false;
                it.files.remove(1);
            },
            CheckKind::Files,
            Verdict::Invalid,
        ),
        (
            |it| {
                it.secrets =
                    Some(vec![Secret { path: "a".to_owned(), line: 3, kind: "GitHub token" }]);
            },
            CheckKind::Secrets,
            Verdict::Valid,
        ),
        (|it| it.secrets = None, CheckKind::Secrets, Verdict::Valid),
    ];
    for (change, kind, verdict) in changes {
        let mut evidence = honest();
        change(&mut evidence);
        assert_ne!(outcome(&evidence, kind).0, CheckOutcome::Pass, "{kind:?}");
        assert_eq!(report(&evidence).verdict(), verdict, "{kind:?}");
    }
}

/// At a host without connected accounts, ownership never passes, and a stranger's commit does not fail.
#[test]
fn an_unlinked_host_witnesses_no_ownership() {
    let mut evidence = honest();
    evidence.host = Host { name: "codeberg.org".to_owned(), is_linked: false, lists_pushes: false };
    for (access, part) in [
        (Access::Owned, "which anyone can claim"),
        (Access::Committed, "which anyone can claim"),
        (Access::Unknown, "No commit in it"),
    ] {
        evidence.repository.as_mut().expect("one").access = access;
        let (warns, says) = outcome(&evidence, CheckKind::Repository);
        assert_eq!(warns, CheckOutcome::Warn, "{access:?}");
        assert!(says.contains("could not be witnessed") && says.contains(part), "{says}");
        assert_eq!(report(&evidence).verdict(), Verdict::Valid);
    }
    evidence.commits[0].author =
        Author { email: "stranger@example.org".to_owned(), ..Author::default() };
    let (warns, says) = outcome(&evidence, CheckKind::Authors);
    assert_eq!(warns, CheckOutcome::Warn, "{says}");
    assert!(says.contains("verified email addresses only"), "{says}");
    evidence.repository = None;
    let (fails, says) = outcome(&evidence, CheckKind::Repository);
    assert_eq!(fails, CheckOutcome::Fail);
    assert!(!says.contains("GitHub"), "{says}");
}

#[test]
fn a_report_says_that_nothing_was_witnessed() {
    let mut evidence = honest();
    evidence.host.name = "bitbucket.org".to_owned();
    evidence.host.lists_pushes = false;
    evidence.pushes.clear();
    let (passes, says) = outcome(&evidence, CheckKind::Window);
    assert_eq!(passes, CheckOutcome::Pass);
    assert!(
        says.contains("bitbucket.org does not tell") && says.contains("nothing was witnessed"),
        "{says}"
    );
    evidence.commits[0].authored_at = at(CLOSES + 1);
    let (warns, says) = outcome(&evidence, CheckKind::Window);
    assert_eq!(warns, CheckOutcome::Warn);
    assert!(says.contains("nothing was witnessed"), "{says}");
}

#[test]
fn copies_are_counted() {
    let shared =
        |bytes| SharedFiles { submission: uuid::Uuid::nil(), files: 2, bytes, bytes_first_here: 0 };
    for (bytes, expected) in
        [(900, CheckOutcome::Pass), (10_000, CheckOutcome::Warn), (30_000, CheckOutcome::Fail)]
    {
        let mut evidence = honest();
        evidence.shared.push(shared(bytes));
        assert_eq!(outcome(&evidence, CheckKind::Copies).0, expected, "{bytes}");
    }
    // The other one copied it.
    let mut source = honest();
    source.shared.push(SharedFiles { bytes_first_here: 25_000, ..shared(28_000) });
    assert_eq!(outcome(&source, CheckKind::Copies).0, CheckOutcome::Pass);
    let mut fork = honest();
    fork.repository.as_mut().expect("one").is_fork = true;
    assert_eq!(outcome(&fork, CheckKind::Copies).0, CheckOutcome::Warn);
}
