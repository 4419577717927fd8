use github::model::code::{ArchiveLimits, ArchiveStop, CodeAccess, PushKind};

use super::*;

#[tokio::test]
async fn a_repository_is_read_also_by_its_former_name() {
    let reader = Reader::start().await;
    reader.add(&story());
    let found = reader.read(CODE).await.expect("a repository");
    assert_eq!(found.full_name, CODE);
    assert_eq!(
        (found.license.as_deref(), found.is_private, found.is_empty),
        (Some("MIT"), false, false)
    );
    reader.scene.github.rename_repo(CODE, "moon-clock").expect("renamed");
    let moved = reader.read(CODE).await.expect("a repository");
    assert_eq!(moved.full_name, "wren-oak/moon-clock");
    assert_eq!(moved.github_id, found.github_id);
    assert_eq!(reader.read("wren-oak/sun-clock").await, None);
    reader.scene.app.finish().await;
}

#[tokio::test]
async fn a_private_repository_is_read_only_with_access() {
    let reader = Reader::start().await;
    reader.add(&story().private());
    assert_eq!(reader.read(CODE).await, None);
    let shared = CodeStory {
        repository: "wren-oak/plans".to_owned(),
        ..story().private().collaborator("hexacat")
    };
    reader.add(&shared);
    let found = reader.read("wren-oak/plans").await.expect("a repository");
    assert!(found.is_private);
    let stranger = reader.scene.github.add_user("rook-elm").id;
    for (person, expected) in
        [(found.owner_github_id, CodeAccess::Owns), (stranger, CodeAccess::Lower)]
    {
        let access = reader.api.code_access(reader.call(), &found, person);
        assert_eq!(access.await.expect("an answer"), expected);
    }
    reader.scene.app.finish().await;
}

#[tokio::test]
async fn commits_are_listed_over_pages() {
    let reader = Reader::start().await;
    let mut push = PushStory::new("wren-oak", at("2026-10-04T12:00:00Z"));
    for number in 0..148 {
        push = push.commit(commit("Move", "hand.txt", &number.to_string()));
    }
    reader.add(&story().push(push));
    let head = reader.head().await;
    for (most, listed, is_complete) in [(120, 120, false), (150, 150, true), (2_000, 150, true)] {
        let read = reader.api.commits(reader.call(), CODE, &head, most).await;
        let read = read.expect("commits");
        assert_eq!((read.commits.len(), read.is_complete), (listed, is_complete), "{most}");
        assert_eq!(read.commits[0].sha, head);
        let parents = read.commits.iter().map(|commit| commit.parents.first());
        let next = read.commits.iter().skip(1).map(|commit| Some(&commit.sha));
        assert!(parents.zip(next).all(|(parent, next)| parent == next));
    }
    let unknown = reader.api.head(reader.call(), CODE, "dev").await;
    assert_eq!(unknown.expect("an answer"), None);
    reader.scene.app.finish().await;
}

#[tokio::test]
async fn a_tree_states_that_it_is_cut() {
    let reader = Reader::start().await;
    reader.add(&story());
    let head = reader.head().await;
    let tree = async || {
        let read = reader.api.tree(reader.call(), CODE, &head).await;
        read.expect("a tree")
    };
    let whole = tree().await;
    let paths: Vec<&str> = whole.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["README.md", "src/main.rs"]);
    assert!(whole.is_complete);
    reader.scene.github.switch(|switches| switches.largest_tree = 1);
    let cut = tree().await;
    assert!(!cut.is_complete && cut.files.len() < whole.files.len());
    reader.scene.app.finish().await;
}

#[tokio::test]
async fn pushes_have_their_kinds() {
    let reader = Reader::start().await;
    let forced = PushStory::new("wren-oak", at("2026-10-05T12:00:00Z")).forced(1).commit(commit(
        "Again",
        "README.md",
        "Moon clock\n",
    ));
    reader.add(&story().push(forced));
    let read = reader.api.pushes(reader.call(), CODE, "main").await;
    let read = read.expect("pushes");
    let kinds: Vec<PushKind> = read.pushes.iter().map(|push| push.kind).collect();
    assert_eq!(kinds, [PushKind::ForcePush, PushKind::Push, PushKind::Created]);
    assert!(read.is_complete);
    assert_eq!(read.pushes[0].after, reader.head().await);
    assert_eq!(read.pushes[0].before, read.pushes[1].after);
    assert_eq!(read.pushes[1].at, at("2026-10-03T12:00:00Z"));
    reader.scene.app.finish().await;
}

#[tokio::test]
async fn an_archive_is_read_up_to_its_limits() {
    let reader = Reader::start().await;
    reader.add(&story());
    let head = reader.head().await;
    let usual = ArchiveLimits::default();
    for (limits, visited, stopped_by) in [
        (usual, 2, None),
        (ArchiveLimits { files: 1, ..usual }, 1, Some(ArchiveStop::Files)),
        (ArchiveLimits { bytes: 64, ..usual }, 0, Some(ArchiveStop::Bytes)),
    ] {
        let mut files = Vec::new();
        let api = &reader.api;
        let read = api.archive(reader.call(), CODE, &head, limits, |file| {
            files.push((file.path.to_owned(), file.contents.to_vec()));
        });
        let read = read.await.expect("an archive");
        assert_eq!((read.files, read.stopped_by), (visited, stopped_by));
        assert_eq!(files.len(), visited);
        if visited == 2 {
            assert!(files.contains(&("README.md".to_owned(), b"Tide clock\n".to_vec())));
        }
    }
    reader.scene.app.finish().await;
}
