//! Code at a simulated GitHub: repositories that programmes watch, and what they read of them.

mod reading;
mod watching;

use github::{
    gateway::{Api, Call, Clients, GithubApi},
    model::code::CodeRepository,
};
use platform::flags::Permit;
use testkit::fake_github::code::{CodeStory, CommitStory, PushStory};

use crate::app::{SECRET, at, github_scene::Scene};

/// The repository.
const CODE: &str = "wren-oak/tide-clock";

/// A server that reads code with a token of hexacat.
struct Reader {
    scene: Scene,
    api: Api,
    permit: Permit<GithubApi>,
}

impl Reader {
    async fn start() -> Self {
        let mut api = None;
        let scene = Scene::start(|config| {
            config.github_api_token = Some("token-hexacat".to_owned().into());
            api = Clients::of(config).server();
        });
        let scene = scene.await;
        for login in ["wren-oak", "hexacat"] {
            scene.github.add_user(login);
        }
        let permit = scene.app.context().flags.permit().expect("permitted");
        Self { api: api.expect("a token"), scene, permit }
    }

    fn call(&self) -> Call<'_> {
        Call::new(self.scene.app.context(), &self.permit)
    }

    /// Adds a repository.
    fn add(&self, story: &CodeStory) {
        self.scene.github.add_code(story).expect("added");
    }

    /// Has GitHub deliver all events of a repository to the server.
    fn hook(&self, repository: &str) {
        let url = format!("{}/api/v1/webhooks/github", self.scene.app.url);
        let hook = self.scene.github.add_hook(repository, &url, SECRET);
        hook.expect("added");
    }

    async fn read(&self, name: &str) -> Option<CodeRepository> {
        let read = self.api.code_repository(self.call(), name).await;
        read.expect("an answer")
    }

    /// Returns the newest commit of the branch `main`.
    async fn head(&self) -> String {
        let read = self.api.head(self.call(), CODE, "main").await;
        read.expect("an answer").expect("a commit")
    }
}

fn commit(message: &str, path: &str, contents: &str) -> CommitStory {
    CommitStory::new("wren-oak", at("2026-10-02T11:00:00Z"), message).file(path, contents)
}

/// Returns a story of two commits in two pushes.
fn story() -> CodeStory {
    let push = |day: &str| PushStory::new("wren-oak", at(&format!("2026-10-{day}T12:00:00Z")));
    CodeStory::new(CODE, at("2026-10-01T09:00:00Z"))
        .license("MIT")
        .push(push("02").commit(commit("Show the tide", "src/main.rs", "fn main() {}\n")))
        .push(push("03").commit(commit("Explain", "README.md", "Tide clock\n")))
}
