//! Each client of a code host, against its simulation.

use std::{collections::BTreeMap, sync::Arc};

use kernel::Timestamp;
use platform::{
    Context, ContextParts, RandomIds,
    config::{CodeApi, CodeSite},
    db::{DatabaseUrl, Db, Migration, Migrations},
    flags::{Flags, Outgoing as _},
    jobs::Failure,
};
use testkit::{
    clock::FakeClock,
    fake_code_host::{CodeHostKind, FakeCodeHost, Options},
    fake_github::code::{CodeStory, CommitStory, PushStory},
};

use super::{CodeHost as _, CodeHosts, EvidenceRequest, Gathered, gather, hosted::HostedHost};
use crate::{
    model::{CheckKind, CheckOutcome, Verdict},
    rules::checks::{Access, Check, Evidence, Member, Window, report},
};

/// The kinds of code hosts, with the path of a repository that each can have.
const KINDS: [(CodeHostKind, CodeApi, &str); 3] = [
    (CodeHostKind::Gitea, CodeApi::Gitea, "gannets/berthlist"),
    (CodeHostKind::Gitlab, CodeApi::Gitlab, "gannets/crew/berthlist"),
    (CodeHostKind::Bitbucket, CodeApi::Bitbucket, "gannets/berthlist"),
];

/// The tables of the platform, which has the flags.
struct Tables;

impl Migrations for Tables {
    fn migrations() -> Vec<Box<dyn Migration>> {
        (platform::MODULE.migrations)()
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// A server with one simulated code host.
struct Scene {
    fake: FakeCodeHost,
    host: HostedHost,
    context: Context,
    clock: FakeClock,
    path: &'static str,
    _folder: tempfile::TempDir,
}

impl Scene {
    async fn start((kind, api, path): (CodeHostKind, CodeApi, &'static str)) -> Self {
        Self::with_token((kind, api, path), None).await
    }

    async fn with_token(
        (kind, api, path): (CodeHostKind, CodeApi, &'static str),
        token: Option<&str>,
    ) -> Self {
        let clock = FakeClock::new(at("2026-11-20T08:00:00Z"));
        let fake = FakeCodeHost::start(clock.clone(), Options::new(kind)).await;
        let fake = fake.expect("a free port");
        let folder = tempfile::tempdir().expect("a folder");
        let url = DatabaseUrl::Sqlite(folder.path().join("flags.db"));
        let db = Db::connect(&url).await.expect("a database");
        db.migrate::<Tables>().await.expect("migrated");
        let flags = Flags::new(vec![CodeHosts::FLAG], &BTreeMap::new()).expect("flags");
        let context = Context::from(ContextParts {
            db,
            clock: Arc::new(clock.clone()),
            ids: Arc::new(RandomIds),
            flags,
            keys: None,
        });
        context.flags.seed(&context).await.expect("seeded");
        let site = CodeSite { api, address: fake.url().to_owned() };
        Self {
            host: HostedHost::new(&site, token.map(Into::into)),
            fake,
            context,
            clock,
            path,
            _folder: folder,
        }
    }

    fn add(&self, story: &CodeStory) {
        self.fake.add_code(story).expect("added");
    }

    /// Returns the submission of the repository by a person with an address.
    fn wanted(&self, email: &str) -> EvidenceRequest {
        EvidenceRequest {
            repository: format!("{}/{}", self.host.name(), self.path),
            branch: String::new(),
            window: Window {
                opens_at: at("2026-11-14T18:00:00Z"),
                closes_at: at("2026-11-22T18:00:00Z"),
            },
            frozen_at: None,
            pinned: None,
            members: vec![Member { github_id: Some(7), emails: vec![email.to_owned()] }],
            required: Vec::new(),
        }
    }

    async fn gather(&self, email: &str) -> Result<Evidence, Failure> {
        self.gather_wanted(&self.wanted(email)).await
    }

    async fn gather_wanted(&self, wanted: &EvidenceRequest) -> Result<Evidence, Failure> {
        let repository = &wanted.repository;
        let open = self.host.open(&self.context, repository).await;
        let open = open.map_err(|error| error.0)?;
        let gathered = gather(self.host.host_of(repository), open, wanted).await;
        match gathered {
            Ok(Gathered { evidence, .. }) => Ok(evidence),
            Err(error) => Err(error.0),
        }
    }

    async fn failure(&self) -> Failure {
        self.gather("ada@example.org").await.expect_err("a failure")
    }
}

fn text(seed: &str) -> String {
    (0..100).map(|line| format!("{seed} writes line {line} of the berth list\n")).collect()
}

fn commit(author: &str, hour: &str, path: &str) -> CommitStory {
    CommitStory::new(author, at(hour), "Keep the berths").file(path, &text(path))
}

/// Returns the honest story of ada and bo: three pushes inside the window, the last of which merges nothing.
fn honest(path: &str) -> CodeStory {
    CodeStory::new(path, at("2026-11-14T18:30:00Z"))
        .license("MIT")
        .push(
            PushStory::new("ada", at("2026-11-14T19:05:00Z"))
                .commit(commit("ada", "2026-11-14T19:00:00Z", "README.md"))
                .commit(commit("ada", "2026-11-14T19:02:00Z", "LICENSE")),
        )
        .push(PushStory::new("ada", at("2026-11-15T07:00:00Z")).commit(
            commit("Bo <BO@Example.org>", "2026-11-15T06:00:00Z", "src/main.rs").co_author("ada"),
        ))
        .push(PushStory::new("ada", at("2026-11-16T07:00:00Z")).commit(commit(
            "ada",
            "2026-11-16T06:00:00Z",
            "src/tide.rs",
        )))
}

fn check(evidence: &Evidence, kind: CheckKind) -> Check {
    let mut checks = report(evidence).checks.into_iter();
    let found = checks.find(|check| check.kind() == Some(kind));
    found.expect("the check")
}

#[tokio::test]
async fn a_repository_is_read_by_its_pages() {
    for kind in KINDS {
        let scene = Scene::start(kind).await;
        scene.add(&honest(scene.path));
        scene.fake.switch(|switches| switches.largest_page = Some(2));
        let evidence = scene.gather("ada@example.org").await.expect("read");
        let head = scene.fake.head(scene.path, "main");
        assert_eq!(evidence.head, head, "{kind:?}");
        let repository = evidence.repository.as_ref().expect("readable");
        assert_eq!(repository.created_at, at("2026-11-14T18:30:00Z"));
        assert!(evidence.has_all_commits && evidence.has_all_files, "{kind:?}");
        let authors: Vec<&str> = evidence.commits.iter().map(|it| &*it.author.email).collect();
        let (ada, bo) = ("ada@example.org", "bo@example.org");
        assert_eq!(authors, [ada, bo, ada, ada], "{kind:?}");
        assert_eq!(evidence.commits[1].co_authors[0].email, ada);
        assert_eq!(evidence.commits[0].authored_at, at("2026-11-16T06:00:00Z"));
        assert_eq!(evidence.commits[0].parents, [evidence.commits[1].sha.clone()]);
        let files: Vec<(&str, i64)> =
            evidence.files.iter().map(|it| (&*it.path, it.size)).collect();
        let size = |path: &str| i64::try_from(text(path).len()).expect("small");
        let expected = ["LICENSE", "README.md", "src/main.rs", "src/tide.rs"];
        assert_eq!(files, expected.map(|path| (path, size(path))), "{kind:?}");
        assert_eq!(evidence.secrets, Some(Vec::new()), "{kind:?}");
        assert_eq!(report(&evidence).verdict(), Verdict::Valid);
    }
}

/// The SHAs of files are git's own at every code host, so that copies are found across them.
#[tokio::test]
async fn equal_files_have_equal_shas_everywhere() {
    let mut all = Vec::new();
    for kind in KINDS {
        let scene = Scene::start(kind).await;
        scene.add(&honest(scene.path));
        let evidence = scene.gather("ada@example.org").await.expect("read");
        let mut shas: Vec<String> = evidence.files.into_iter().map(|it| it.blob_sha).collect();
        shas.sort();
        all.push(shas);
    }
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
}

#[tokio::test]
async fn pushes_are_witnessed_where_the_host_records_them() {
    for kind in KINDS {
        let scene = Scene::start(kind).await;
        let forced = PushStory::new("ada", at("2026-11-17T07:00:00Z")).forced(1).commit(commit(
            "ada",
            "2026-11-17T06:00:00Z",
            "src/again.rs",
        ));
        let other = PushStory::new("ada", at("2026-11-17T08:00:00Z")).to("next").commit(commit(
            "ada",
            "2026-11-17T07:30:00Z",
            "next.rs",
        ));
        scene.add(&honest(scene.path).push(forced).push(other));
        scene.fake.switch(|switches| switches.largest_page = Some(2));
        let evidence = scene.gather("ada@example.org").await.expect("read");
        let window = check(&evidence, CheckKind::Window).evidence.join(" ");
        if kind.0 == CodeHostKind::Bitbucket {
            assert!(evidence.pushes.is_empty());
            assert!(window.contains("nothing was witnessed"), "{window}");
            continue;
        }
        let hours: Vec<Timestamp> = evidence.pushes.iter().map(|push| push.at).collect();
        let expected = [
            "2026-11-14T19:05:00Z",
            "2026-11-15T07:00:00Z",
            "2026-11-16T07:00:00Z",
            "2026-11-17T07:00:00Z",
        ];
        assert_eq!(hours, expected.map(at), "{kind:?}");
        let is_forced: Vec<bool> = evidence.pushes.iter().map(|push| push.is_forced).collect();
        assert_eq!(is_forced, [false, false, false, true], "{kind:?}");
        assert_eq!(evidence.pushes[0].before, "", "{kind:?}");
        assert!(window.contains("A forced push replaced"), "{window}");
        scene.fake.switch(|switches| switches.without_activities = true);
        let hidden = scene.gather("ada@example.org").await.expect("read");
        assert!(hidden.pushes.is_empty(), "{kind:?}");
    }
}

#[tokio::test]
async fn ownership_is_never_witnessed() {
    for kind in KINDS {
        let scene = Scene::start(kind).await;
        scene.add(&honest(scene.path));
        for (email, access) in
            [("ada@example.org", Access::Committed), ("stranger@example.org", Access::Unknown)]
        {
            let evidence = scene.gather(email).await.expect("read");
            let repository = evidence.repository.as_ref().expect("readable");
            assert_eq!(repository.access, access, "{kind:?}");
            let check = check(&evidence, CheckKind::Repository);
            assert_eq!(check.outcome, CheckOutcome::Warn, "{check:?}");
            let says = check.evidence.join(" ");
            assert!(says.contains("could not be witnessed"), "{says}");
        }
    }
}

/// A private repository is read only with the operator's token, and counts only if a member wrote in it.
#[tokio::test]
async fn a_private_repository_tells_strangers_nothing() {
    for kind in KINDS {
        let story = honest(kind.2).private();
        let scene = Scene::start(kind).await;
        scene.add(&story);
        let evidence = scene.gather("ada@example.org").await.expect("read");
        assert_eq!(evidence.repository, None, "{kind:?}");
        for token in ["fake-token", "operator:fake-token"] {
            let scene = Scene::with_token(kind, Some(token)).await;
            scene.add(&story);
            let own = scene.gather("ada@example.org").await.expect("read");
            assert_eq!(own.files.len(), 4, "{kind:?}");
            let foreign = scene.gather("stranger@example.org").await.expect("read");
            assert_eq!(foreign.repository, None, "{kind:?}");
            assert!(foreign.commits.is_empty() && foreign.head.is_none());
        }
        let rejected = Scene::with_token(kind, Some("wrong")).await;
        let Failure::Later(says, _) = rejected.failure().await else {
            panic!("{kind:?}");
        };
        assert!(says.contains("GUILDHALL_CODE_HOST_TOKENS"), "{says}");
        assert!(!says.contains("wrong"), "{says}");
    }
}

#[tokio::test]
async fn a_limit_pauses_all_requests_until_it_ends() {
    for kind in KINDS {
        let scene = Scene::start(kind).await;
        scene.add(&honest(scene.path));
        scene.fake.switch(|switches| switches.requests_left = Some(1));
        let Failure::Later(says, wait) = scene.failure().await else {
            panic!("{kind:?}");
        };
        let seconds = match kind.0 {
            CodeHostKind::Bitbucket => 60,
            CodeHostKind::Gitea | CodeHostKind::Gitlab => 30,
        };
        assert_eq!(wait.as_secs(), seconds, "{says}");
        let sent: u64 = scene.fake.calls().values().sum();
        scene.fake.switch(|switches| switches.requests_left = None);
        assert!(matches!(scene.failure().await, Failure::Later(..)));
        assert_eq!(scene.fake.calls().values().sum::<u64>(), sent);
        scene.clock.advance(chrono::TimeDelta::seconds(61));
        assert!(scene.gather("ada@example.org").await.is_ok(), "{kind:?}");
    }
}

#[tokio::test]
async fn an_outage_is_waited_out() {
    let scene = Scene::start(KINDS[0]).await;
    scene.add(&honest(scene.path));
    scene.fake.switch(|switches| switches.errors = 1.0);
    let Failure::Later(says, _) = scene.failure().await else {
        panic!("it fails");
    };
    assert!(says.contains("does not respond"), "{says}");
    assert_eq!(scene.fake.calls().values().sum::<u64>(), 3, "two retries");
}

#[tokio::test]
async fn missing_repositories_branches_and_commits_are_evidence() {
    for kind in KINDS {
        let scene = Scene::start(kind).await;
        let missing = scene.gather("ada@example.org").await.expect("read");
        assert_eq!(missing.repository, None, "{kind:?}");
        assert_eq!(report(&missing).verdict(), Verdict::Invalid);
        scene.add(&CodeStory::new(scene.path, at("2026-11-14T18:30:00Z")));
        let empty = scene.gather("ada@example.org").await.expect("read");
        assert!(empty.repository.is_some() && empty.head.is_none(), "{kind:?}");
        let branch = check(&empty, CheckKind::Branch);
        assert_eq!(branch.outcome, CheckOutcome::Fail);
    }
}

#[tokio::test]
async fn redirects_are_followed_only_at_the_same_host() {
    for kind in KINDS {
        let scene = Scene::start(kind).await;
        scene.add(&honest(scene.path));
        scene.fake.rename(scene.path, "renamed").expect("renamed");
        let moved = scene.gather("ada@example.org").await.expect("read");
        assert_eq!(moved.commits.len(), 4, "{kind:?}");
        let elsewhere = Scene::start(kind).await;
        let archives = elsewhere.fake.url().to_owned();
        scene.fake.switch(|switches| switches.archives_at = Some(archives));
        let evidence = scene.gather("ada@example.org").await.expect("read");
        assert_eq!(evidence.secrets, None, "{kind:?}");
        assert_eq!(check(&evidence, CheckKind::Secrets).outcome, CheckOutcome::Warn);
        assert!(elsewhere.fake.calls().is_empty(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_branch_with_a_slash_and_an_old_commit_are_read() {
    for kind in KINDS {
        let scene = Scene::start(kind).await;
        let old = commit("ada", "2026-10-01T06:00:00Z", "src/old.rs");
        let story = CodeStory::new(scene.path, at("2026-10-01T06:00:00Z"))
            .push(PushStory::new("ada", at("2026-10-01T07:00:00Z")).commit(old))
            .push(
                PushStory::new("ada", at("2026-11-15T07:00:00Z"))
                    .to("feature/tide")
                    .commit(commit("ada", "2026-11-14T19:00:00Z", "README.md"))
                    .commit(
                        CommitStory::new("ada", at("2026-11-15T06:30:00Z"), "Keep the key")
                            .file("key.txt", &format!("key = AKIA{}\n", "A".repeat(16))),
                    ),
            );
        scene.add(&story);
        let wanted = EvidenceRequest {
            branch: "feature/tide".to_owned(),
            ..scene.wanted("ada@example.org")
        };
        let evidence = scene.gather_wanted(&wanted).await.expect("read");
        assert_eq!(evidence.commits.len(), 3, "{kind:?}");
        let paths = |files: &[crate::rules::checks::File]| -> Vec<String> {
            files.iter().map(|file| file.path.clone()).collect()
        };
        assert_eq!(paths(&evidence.files_before), ["src/old.rs"], "{kind:?}");
        assert_eq!(paths(&evidence.files_early), ["README.md", "src/old.rs"]);
        let window = check(&evidence, CheckKind::Window);
        assert_eq!(window.outcome, CheckOutcome::Warn, "{window:?}");
        let secrets = check(&evidence, CheckKind::Secrets);
        assert_eq!(secrets.outcome, CheckOutcome::Fail, "{secrets:?}");
    }
}

#[tokio::test]
async fn a_host_that_is_switched_off_is_not_called() {
    let scene = Scene::start(KINDS[0]).await;
    let mut context = scene.context.clone();
    let off = BTreeMap::from([("ENABLE_CODE_HOSTS".to_owned(), "false".to_owned())]);
    context.flags = Flags::new(vec![CodeHosts::FLAG], &off).expect("flags");
    let wanted = scene.wanted("ada@example.org");
    let refused = scene.host.open(&context, &wanted.repository).await;
    assert!(refused.is_err());
    assert!(scene.fake.calls().is_empty());
}
