//! Trello, by its REST API (developer.atlassian.com/cloud/trello/rest).

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{BoardAnswer, BoardError, OpenBoard, link::Link};
use crate::{
    model::TaskState,
    rules::{
        board_exports::{Card, ShownTask},
        trello::{BoardLists, fields, read_cards, read_created, read_lists},
    },
};

/// The number of cards of a page, and the most pages that are read.
const PAGE: usize = 1_000;
const MOST_PAGES: usize = 20;

/// A board on Trello with a list for each state.
#[derive(Debug)]
pub(super) struct TrelloBoard<'a> {
    link: Link<'a>,
    board: &'a str,
    lists: BoardLists,
}

impl<'a> TrelloBoard<'a> {
    /// Opens a board. Lists that it lacks are created at its end.
    pub(super) async fn open(
        link: Link<'a>,
        credentials: &str,
        board: &'a str,
    ) -> Result<Self, BoardError> {
        let (key, token) = credentials.split_once('\n').unwrap_or((credentials, ""));
        let text = format!("OAuth oauth_consumer_key=\"{key}\", oauth_token=\"{token}\"");
        let link = link.authorized(&text, refusal)?;
        let path = format!("/1/boards/{board}/lists?filter=open&fields=name");
        let found = link.read(read_lists(&link.send(Method::GET, &path, None).await?))?;
        let mut lists = BoardLists::new();
        for state in TaskState::ALL {
            let own = found.iter().find(|list| list.name == state.heading());
            let id = match own {
                Some(own) => own.id.clone(),
                None => {
                    let body =
                        json!({ "name": state.heading(), "idBoard": board, "pos": "bottom" });
                    let created = link.send(Method::POST, "/1/lists", Some(&body)).await?;
                    link.read(read_created(&created))?
                }
            };
            lists.insert(state, id);
        }
        Ok(Self { link: link.refusing(refusal_of_card), board, lists })
    }

    async fn change(&self, card: &str, body: &Value) -> Result<(), BoardError> {
        let path = format!("/1/cards/{card}");
        self.link.change(Method::PUT, &path, body).await
    }
}

impl OpenBoard for TrelloBoard<'_> {
    fn fields(&self, shown: &ShownTask<'_>) -> Value {
        fields(shown, &self.lists)
    }

    fn cards(&self) -> BoardAnswer<'_, Vec<Card>> {
        Box::pin(async move {
            let path = format!(
                "/1/boards/{}/cards?filter=all&fields=name,desc,due,closed,idList&limit={PAGE}",
                self.board
            );
            let (mut cards, mut page) = (Vec::new(), path.clone());
            for _ in 0..MOST_PAGES {
                let body = self.link.send(Method::GET, &page, None).await?;
                let read = self.link.read(read_cards(&body))?;
                // IDs begin with the time of creation: the smallest is the oldest of the page.
                let Some(oldest) = read.iter().map(|card| card.id.clone()).min() else {
                    return Ok(cards);
                };
                page = format!("{path}&before={oldest}");
                cards.extend(read);
            }
            let most = PAGE * MOST_PAGES;
            Err(BoardError::Refused(format!(
                "The board on Trello has more than {most} cards. Connect again with a board for your team."
            )))
        })
    }

    fn create<'a>(&'a self, fields: &'a Value) -> BoardAnswer<'a, String> {
        Box::pin(async move {
            let created = self.link.send(Method::POST, "/1/cards", Some(fields));
            self.link.read(read_created(&created.await?))
        })
    }

    fn update<'a>(&'a self, card: &'a str, fields: &'a Value) -> BoardAnswer<'a, ()> {
        Box::pin(async move {
            let mut body = fields.clone();
            body["closed"] = false.into();
            self.change(card, &body).await
        })
    }

    fn archive<'a>(&'a self, card: &'a str) -> BoardAnswer<'a, ()> {
        Box::pin(async move { self.change(card, &json!({ "closed": true })).await })
    }
}

fn refusal(status: StatusCode, _: &str) -> Option<String> {
    let said = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "Trello rejected the key or the token, or they may not change the board. Connect again with new ones."
        }
        // Trello answers 400 to an ID that no board can have.
        StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST => {
            "Trello knows no such board. Connect again with the address of a board that you can change."
        }
        _ => return None,
    };
    Some(said.to_owned())
}

fn refusal_of_card(status: StatusCode, body: &str) -> Option<String> {
    match status {
        StatusCode::BAD_REQUEST => Some(
            "Trello refused a card. Export again; if it is refused again, connect another board."
                .to_owned(),
        ),
        _ => refusal(status, body),
    }
}
