use super::*;
use crate::gaming::{Scale, Season};

#[tokio::test]
async fn a_season_can_be_read_through_the_api() {
    let scene = Scene::new().await;
    let season = Season::generate(3, Scale::small());
    scene.github.add_season(&season);
    let pulls = season.pull_requests.iter();
    let pull = pulls.rev().find(|pull| pull.files.len() > 1);
    let pull = pull.expect("one has several files");
    let name = season.repositories[pull.repository].repo.full_name();
    let author = &season.people[pull.author];
    let login = author.account.login.as_str();
    let path = format!("/repos/{name}/pulls/{}", pull.number);
    let (status, answer) = scene.get(&path, login).await;
    assert_eq!((status, &answer["title"]), (200, &json!(pull.title)));
    assert_eq!(answer["user"]["id"], author.account.id);
    let (_, files) = scene.get(&format!("{path}/files"), login).await;
    assert_eq!(files.as_array().map(Vec::len), Some(pull.files.len()));
    assert_eq!(files[0]["filename"], json!(pull.files[0].filename));
    assert_eq!(files[0]["additions"], json!(pull.files[0].additions));
    let (_, reviews) = scene.get(&format!("{path}/reviews"), login).await;
    assert_eq!(reviews.as_array().map(Vec::len), Some(pull.reviews.len()));
    let person = &season.people[0];
    let path = format!("/users/{}", person.account.login.replace('[', "%5B").replace(']', "%5D"));
    let (_, profile) = scene.get(&path, login).await;
    let joined = profile["created_at"].as_str().expect("a time");
    let joined: kernel::Timestamp = joined.parse().expect("a time");
    assert_eq!(joined.timestamp(), person.created_at.timestamp());
}
