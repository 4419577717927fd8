//! Connections of boards with simulated services, for the tests of exports.

use hackathons::{
    actions::{connect_board, export_board},
    model::BoardService,
    reads::{self, ExportView, TaskView, TeamView},
    rules::board_exports::ConnectionInput,
};
use testkit::{
    fake_notion::{self, FakeNotion},
    fake_trello::{self, FakeTrello},
};

use super::boards::task;
use crate::app::TestApp;

/// Returns an input that the simulated service accepts.
pub(super) fn input(service: BoardService) -> ConnectionInput {
    let (key, token, board) = match service {
        BoardService::Trello => (fake_trello::KEY, fake_trello::TOKEN, fake_trello::BOARD),
        BoardService::Notion => ("", fake_notion::TOKEN, fake_notion::DATABASE),
    };
    ConnectionInput { key: key.to_owned(), token: token.to_owned(), board: board.to_owned() }
}

/// A server with simulated services, and a team whose leader `ada` connected its board, which has two tasks.
pub(super) struct Scene {
    pub(super) app: TestApp,
    pub(super) trello: FakeTrello,
    pub(super) notion: FakeNotion,
    /// The hackathon.
    pub(super) slug: String,
}

impl Scene {
    /// Starts the servers, and connects the board with some services.
    pub(super) async fn connected(services: &[BoardService]) -> Self {
        let trello = FakeTrello::start().await.expect("a free port");
        let notion = FakeNotion::start().await.expect("a free port");
        let (trello_url, notion_url) = (trello.url().to_owned(), notion.url().to_owned());
        let app = TestApp::with(|config| {
            config.trello_api_url = trello_url;
            config.notion_api_url = notion_url;
        })
        .await;
        let slug = app.boarded().await;
        for (title, assignee) in [("Draw the berths", "bo"), ("Paint", "")] {
            app.adds_task((&slug, "ada"), &task(title, assignee)).await.expect("added");
        }
        let scene = Self { app, trello, notion, slug };
        for service in services {
            scene.connects(*service, &input(*service)).await;
        }
        scene
    }

    pub(super) async fn connects(&self, service: BoardService, input: &ConnectionInput) {
        let ada = self.app.hacker_id("ada").await;
        connect_board(self.app.context(), ada, &self.slug, service, input)
            .await
            .expect("connected");
    }

    /// Requests an export and works on it. Returns its result.
    pub(super) async fn exports(&self, service: BoardService) -> String {
        let ada = self.app.hacker_id("ada").await;
        export_board(self.app.context(), ada, &self.slug, service).await.expect("requested");
        self.app.work().await;
        self.result(service).await
    }

    /// Returns the result of the last export that ended; empty before that.
    pub(super) async fn result(&self, service: BoardService) -> String {
        self.export(service).await.outcome.unwrap_or_default()
    }

    pub(super) async fn export(&self, service: BoardService) -> ExportView {
        let (db, team) = (&self.app.context().db, self.team().await);
        let found = reads::board_export(db, team.key(), service).await;
        found.expect("read").expect("connected")
    }

    pub(super) async fn first_task(&self) -> TaskView {
        let (db, team) = (&self.app.context().db, self.team().await);
        reads::tasks(db, team.key()).await.expect("read").remove(0)
    }

    async fn team(&self) -> TeamView {
        let id = self.app.hackathon_view(&self.slug).await.key();
        let team = reads::team_with_slug(&self.app.context().db, id, "gannet").await;
        team.expect("read").expect("a team")
    }
}
