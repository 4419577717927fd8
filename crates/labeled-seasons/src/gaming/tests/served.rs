use reqwest::Client;
use serde_json::{Value, json};
use testkit::{
    clock::FakeClock,
    fake_github::{FakeGithub, Options},
};

use super::*;

/// A fake that holds a season, read by one of its people.
struct Served {
    github: FakeGithub,
    client: Client,
    login: String,
}

impl Served {
    async fn new(season: &Season, login: &str) -> Self {
        let clock = FakeClock::new("2026-10-01T12:00:00Z".parse().expect("an instant"));
        let github = FakeGithub::start(Options::new(clock)).await.expect("a port");
        season.serve(&github);
        let client = Client::builder().no_proxy().build().expect("a client");
        Self { github, client, login: login.to_owned() }
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let request = self.client.get(format!("{}{path}", self.github.url()));
        let request = request.bearer_auth(format!("token-{}", self.login));
        let response = request.send().await.expect("an answer");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }
}

#[tokio::test]
async fn a_season_can_be_read_through_the_api() {
    let season = Season::generate(3, Scale::small());
    let pulls = season.pull_requests.iter();
    let pull = pulls.rev().find(|pull| pull.files.len() > 1);
    let pull = pull.expect("one has several files");
    let name = season.repositories[pull.repository].repo.full_name();
    let author = &season.people[pull.author].account;
    let served = Served::new(&season, &author.login).await;
    let path = format!("/repos/{name}/pulls/{}", pull.number);
    let (status, answer) = served.get(&path).await;
    assert_eq!((status, &answer["title"]), (200, &json!(pull.title)));
    assert_eq!(answer["user"]["id"], author.id);
    let (_, files) = served.get(&format!("{path}/files")).await;
    assert_eq!(files.as_array().map(Vec::len), Some(pull.files.len()));
    assert_eq!(files[0]["filename"], json!(pull.files[0].filename));
    assert_eq!(files[0]["additions"], json!(pull.files[0].additions));
    let (_, reviews) = served.get(&format!("{path}/reviews")).await;
    assert_eq!(reviews.as_array().map(Vec::len), Some(pull.reviews.len()));
    let person = &season.people[0];
    let path = format!("/users/{}", person.account.login.replace('[', "%5B").replace(']', "%5D"));
    let (_, profile) = served.get(&path).await;
    let joined = profile["created_at"].as_str().expect("a time");
    let joined: kernel::Timestamp = joined.parse().expect("a time");
    assert_eq!(joined.timestamp(), person.created_at.timestamp());
}
