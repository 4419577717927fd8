use github::{
    actions::{unwatch_repositories, watch_repository},
    model::{REPOSITORY_PUSHED, RepositoryId},
    reads,
};
use testkit::fake_github::{Role, code::WorkflowStory};

use super::*;
use crate::app::client;

const OTHER: &str = "wren-oak/moon-clock";

impl Reader {
    async fn watch(&self, name: &str) -> RepositoryId {
        let stated = self.read(name).await.expect("a repository");
        let context = self.scene.app.context();
        let mut tx = context.begin().await.expect("a transaction");
        let watched = watch_repository(&mut tx, context, &stated).await;
        let watched = watched.expect("watched");
        tx.commit().await.expect("committed");
        watched
    }

    /// Pushes a commit; returns the branch's commits before and after.
    async fn push(&self, repository: &str, push: PushStory) -> (String, String) {
        let push = push.commit(commit("More", "more.txt", "more\n"));
        let pushed = self.scene.github.push_code(repository, &push);
        self.scene.github.settle().await;
        pushed.expect("pushed")
    }

    /// Applies what GitHub delivered, without the work that follows; returns the repositories of new wake-ups.
    async fn applied(&self) -> Vec<String> {
        let app = &self.scene.app;
        let workers = app.server.jobs().workers.into_iter();
        for worker in workers.filter(|worker| worker.name == "inbox") {
            let id = app.context().ids.next();
            worker.run(app.context().clone(), id).await.expect("applied");
        }
        let sql = format!(
            "SELECT r.full_name AS value FROM wake_ups w JOIN repositories r ON r.id = w.object_id \
             WHERE w.topic = '{REPOSITORY_PUSHED}' ORDER BY w.id"
        );
        app.values(&sql).await
    }
}

#[tokio::test]
async fn only_watched_repositories_wake_programmes() {
    let reader = Reader::start().await;
    let story = story().workflow("Checks", "failure");
    reader.add(&story);
    reader.add(&CodeStory { repository: OTHER.to_owned(), ..story });
    for repository in [CODE, OTHER] {
        reader.hook(repository);
    }
    let watched = reader.watch(CODE).await;
    let (before, after) = reader.push(CODE, PushStory::now("wren-oak")).await;
    reader.push(OTHER, PushStory::now("wren-oak")).await;
    assert_eq!(reader.applied().await, [CODE]);
    let db = &reader.scene.app.context().db;
    let pushes = reads::pushes_of(db, watched, "main").await.expect("read");
    let pushed = |push: &reads::Push| (push.before_sha.clone(), push.after_sha.clone());
    let known: Vec<_> = pushes.iter().map(pushed).collect();
    assert_eq!(known, [(before, after.clone())]);
    assert!(!pushes[0].forced);
    let results = reads::check_results(db, watched, &after, None).await;
    let results = results.expect("read");
    let sources: Vec<_> = results.iter().map(|own| own.source.as_str()).collect();
    assert!(sources.contains(&"workflow_run") && sources.contains(&"check_suite"), "{sources:?}");
    assert!(results.iter().all(|own| own.conclusion == "failure"));
    let unknown = reader.read(OTHER).await.expect("a repository");
    let unknown = reads::repository_of(db, unknown.github_id).await;
    assert_eq!(unknown.expect("read"), None);
    reader.scene.app.work().await;
    reader.scene.app.finish().await;
}

#[tokio::test]
async fn results_of_checks_alone_wake_no_programme() {
    let reader = Reader::start().await;
    reader.add(&story());
    reader.hook(CODE);
    let watched = reader.watch(CODE).await;
    let workflow = WorkflowStory { name: "Checks".to_owned(), conclusion: "success".to_owned() };
    let set = reader.scene.github.set_workflow(CODE, workflow);
    set.expect("set");
    let head = reader.head().await;
    let github = &reader.scene.github;
    github.permit(CODE, "hexacat", Role::Write).expect("permitted");
    let payload = serde_json::json!({ "event_type": "judge", "client_payload": { "round": 1 } });
    let sent = client()
        .post(format!("{}/repos/{CODE}/dispatches", github.url()))
        .bearer_auth("token-hexacat")
        .header("User-Agent", "test")
        .json(&payload)
        .send()
        .await
        .expect("an answer");
    assert_eq!(sent.status(), 204);
    reader.scene.github.settle().await;
    assert_eq!(reader.applied().await, Vec::<String>::new());
    let db = &reader.scene.app.context().db;
    let results = reads::check_results(db, watched, &head, None).await;
    let events: Vec<_> = (results.expect("read").into_iter()).filter_map(|own| own.event).collect();
    assert_eq!(events, ["repository_dispatch"]);
    reader.scene.app.work().await;
    reader.scene.app.finish().await;
}

#[tokio::test]
async fn a_push_before_the_watch_counts_and_one_after_it_does_not() {
    let reader = Reader::start().await;
    reader.add(&story());
    reader.hook(CODE);
    let forced = PushStory::now("wren-oak").forced(1);
    let (_, after) = reader.push(CODE, forced).await;
    assert_eq!(reader.applied().await, Vec::<String>::new());
    let watched = reader.watch(CODE).await;
    assert_eq!(reader.watch(CODE).await, watched);
    assert_eq!(reader.applied().await, [CODE]);
    let context = reader.scene.app.context();
    let pushes = reads::pushes_of(&context.db, watched, "main").await;
    let pushes = pushes.expect("read");
    assert_eq!((pushes.len(), &pushes[0].after_sha), (1, &after));
    assert!(pushes[0].forced);
    reader.scene.app.work().await;
    let tx = context.begin().await.expect("a transaction");
    let unwatched = unwatch_repositories(&tx, context, [watched]).await;
    unwatched.expect("no longer watched");
    tx.commit().await.expect("committed");
    reader.push(CODE, PushStory::now("wren-oak")).await;
    assert_eq!(reader.applied().await, Vec::<String>::new());
    reader.scene.app.finish().await;
}
