//! A simulated Trello with the part of its API that boards of teams are exported by: lists and cards of boards. Faults can be simulated: see
//! [`Switches`].

mod answer;
#[cfg(test)]
mod tests;

use std::io;

use axum::{
    http::{Method, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::fake_board::{BoardRequest, Fake, Service, World, serve as serve_board};

pub use crate::fake_board::Switches;

/// The API key that the fake accepts.
pub const KEY: &str = "fakekey";
/// The token that the fake accepts.
pub const TOKEN: &str = "faketoken";
/// The ID of the board that exists from the beginning.
pub const BOARD: &str = "harborboard";

/// How to use the fake, for the command line.
pub const HELP: &str = "Example:\n  guildhall fake trello\n  GUILDHALL_TRELLO_API_URL=http://127.0.0.1:8093 guildhall serve\n\nThe key is fakekey, the token faketoken, and the board harborboard. GET /_cards shows the cards. GET /_switches shows the simulated faults, and POST /_switches changes them: {\"limited\": 3} refuses the next three requests with 429.";

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct List {
    pub id: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Card {
    pub id: String,
    pub name: String,
    pub desc: String,
    pub due: Option<String>,
    /// True if it is archived.
    pub closed: bool,
    #[serde(rename = "idList")]
    pub list: String,
}

/// The lists and cards of the board.
#[derive(Debug, Default)]
pub struct Trello {
    lists: Vec<List>,
    cards: Vec<Card>,
}

impl Service for Trello {
    const CARDS: &'static str = "/_cards";
    const AUTHORIZATION: &'static str =
        "OAuth oauth_consumer_key=\"fakekey\", oauth_token=\"faketoken\"";

    fn introduction(at: &str) -> String {
        format!(
            "Fake Trello listening\n  GUILDHALL_TRELLO_API_URL={at}\n  Key {KEY}, token {TOKEN}, board {BOARD}"
        )
    }

    fn cards(&self) -> Value {
        json!(self.cards)
    }

    fn changes(asked: &BoardRequest) -> bool {
        asked.method != Method::GET
    }

    fn error(status: StatusCode) -> Response {
        let says = match status {
            StatusCode::UNAUTHORIZED => "invalid token",
            StatusCode::FORBIDDEN => "unauthorized card permission requested",
            StatusCode::NOT_FOUND => "The requested resource was not found.",
            StatusCode::TOO_MANY_REQUESTS => "Rate limit exceeded",
            _ => "Service error",
        };
        (status, says).into_response()
    }

    fn answer(world: &mut World<Self>, asked: &BoardRequest) -> Response {
        answer::answer(world, asked)
    }
}

/// A running fake for tests.
pub type FakeTrello = Fake<Trello>;

impl FakeTrello {
    #[must_use]
    pub fn lists(&self) -> Vec<List> {
        self.with(|trello| trello.lists.clone())
    }

    /// Returns the cards of the board, also those that are archived.
    #[must_use]
    pub fn cards(&self) -> Vec<Card> {
        self.with(|trello| trello.cards.clone())
    }

    /// Changes the cards, as a person on Trello would.
    pub fn edit(&self, change: impl FnMut(&mut Card)) {
        self.with(|trello| trello.cards.iter_mut().for_each(change));
    }
}

/// Serves a fake with faults until the future is dropped.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, switches: Switches) -> io::Result<()> {
    serve_board::<Trello>(listener, switches).await
}
